/* Everything that is signed goes through here, so that the keys can later live behind a wall of their own. */
#ifndef ONEDOOR_CERTS_SIGNER_H
#define ONEDOOR_CERTS_SIGNER_H

#include "certs/keyring.h"

/*
 * A JWS in compact form (RFC 7515) over the claims, by the active key of that algorithm; header alg, typ,
 * kid. The header is made by libjwt, once for each key and type, the signature by EVP with the key in memory.
 * `claims` is the compact text of an object, and signed as it is. *jwt lives in the arena.
 */
MUST_CHECK enum result signer_sign_text(struct keyring *k, struct arena *a, enum jws_alg alg, const char *typ,
                                        struct str claims, struct str *jwt);
/* The same of a tree. */
MUST_CHECK enum result signer_sign(struct keyring *k, struct arena *a, enum jws_alg alg, const char *typ,
                                   const json_t *claims, struct str *jwt);

#endif
