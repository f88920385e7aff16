/* A compact JWS (RFC 7515 section 3.1) taken apart, nothing of it believed yet. */
#ifndef ODC_JWT_H
#define ODC_JWT_H

#include "keyset.h"

#include <jansson.h>

enum { ODC_JWT_MAX = 16384, ODC_HEADER_MAX = 1024 };

struct odc_jwt {
    const char *input; /* what is signed: the first two parts with their point, inside the token */
    size_t input_len;
    char kid[ODC_KID_MAX + 1];
    enum odc_alg alg;
    unsigned char *bytes;           /* owned: the decoded claims, then the decoded signature */
    const unsigned char *signature; /* in bytes */
    size_t claims_len, signature_len;
};

/*
 * Length; exactly three canonical base64url parts, none empty; a header of alg, typ and kid and nothing else,
 * so that neither another key (jwk, jku, x5u, x5c) nor an extension (crit, b64, zip) can be asked for; typ
 * `at+jwt` (RFC 9068 section 4); an algorithm that is known. Freed by the caller in every case; the token
 * must outlive it.
 */
enum onedoor_error odc_jwt_read(struct odc_jwt *jwt, const char *token);
void odc_jwt_free(struct odc_jwt *jwt);
/* After the signature was checked: the claims, the caller's to decref; NULL when they are no strict JSON
 * object. */
json_t *odc_jwt_claims(const struct odc_jwt *jwt);

#endif
