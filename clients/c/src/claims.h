/* What a token says: never changed, counted references. */
#ifndef ODC_CLAIMS_H
#define ODC_CLAIMS_H

#include <jansson.h>
#include <onedoor/client.h>

/* Takes the object, also when it fails; NULL: out of memory. */
struct onedoor_claims *odc_claims_new(json_t *object);
struct onedoor_claims *odc_claims_ref(struct onedoor_claims *claims);

/* What is required of claims, whichever way they came. */
struct odc_wanted {
    const char *issuer, *audience;
    int64_t now, leeway;
};

/*
 * The claims that RFC 9068 section 2.2 demands are there and of their type; iss is the issuer's to the byte;
 * aud names the audience; exp has not passed; nbf has.
 */
enum onedoor_error odc_claims_check(const json_t *claims, const struct odc_wanted *wanted);

#endif
