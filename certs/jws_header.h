/* The protected headers of what a key signs. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_JWS_HEADER_H
#define ONEDOOR_CERTS_JWS_HEADER_H

#include "certs/key.h"

/*
 * base64url of the header with alg, typ and kid, made by libjwt when the key first signs something of that
 * type, and kept with the key: to be used no longer than the reference to it. STR_EMPTY without memory.
 */
struct str jws_header_of(struct key_pair *key, const char *typ);
/* Nobody uses the key any more. */
void jws_headers_free(struct key_pair *key);

#endif
