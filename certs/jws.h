/* Verifying our own signed tokens: strict to the byte. */
#ifndef ONEDOOR_CERTS_JWS_H
#define ONEDOOR_CERTS_JWS_H

#include "certs/keyring.h"
#include "server/base/json_read.h"

enum { JWS_MAX = 8192 }; /* bytes; longer ones are refused unread */

/*
 * Verifies a compact JWS signed by a key of this keyring and gives its claims (owned by the arena). In this
 * order: length; exactly three strict base64url parts; a header object with alg, typ, kid and nothing that
 * names another key (jwk, jku, x5u, x5c), no crit, no duplicate; the key by kid; alg equal to the key's; typ
 * equal to `typ` (RFC 8725 section 3.11); signature; only then the claims. REFUSED otherwise. Times, issuer
 * and audience are the caller's to check.
 */
MUST_CHECK enum result jws_verify(struct keyring *k, struct arena *a, struct str token, const char *typ,
                                  json_t **claims);

/*
 * The same but for the signature, for a caller who then learns from elsewhere that these very bytes were
 * issued here: nothing of the claims may be believed before.
 */
MUST_CHECK enum result jws_read(struct keyring *k, struct arena *a, struct str token, const char *typ,
                                const struct node **claims);

/* RFC 7638: the SHA-256 thumbprint of a public JWK (EC or RSA), base64url; STR_EMPTY when a member is
 * missing. */
struct str jwk_thumbprint(struct arena *a, const json_t *jwk);

#endif
