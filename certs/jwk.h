/* Public keys as JSON (RFC 7517, RFC 7518 section 6). Inside certs/ only; the thumbprint stands in jws.h. */
#ifndef ONEDOOR_CERTS_JWK_H
#define ONEDOOR_CERTS_JWK_H

#include "certs/jws.h"

#include <openssl/evp.h>

/* The public half of a P-256 or RSA key: kty and the members of its type. NULL when OpenSSL or memory fails.
 */
json_t *jwk_public(struct arena *a, const EVP_PKEY *key);

#endif
