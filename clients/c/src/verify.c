/* Verifying here. The order matters: nothing of the claims is read before the signature is good. */
#include "claims.h"
#include "client.h"
#include "jwt.h"
#include "signature.h"

static enum onedoor_error check_signature(struct onedoor_client *c, const struct odc_jwt *jwt)
{
    struct odc_keyset *set;
    enum onedoor_error e = odc_keys_find(c, jwt->kid, &set);
    if (e != ONEDOOR_OK)
        return e;
    const struct odc_key *key = odc_keyset_find(set, jwt->kid);
    /* The algorithm is the key's; the token only repeats it (RFC 8725 section 3.1). */
    if (key->alg == jwt->alg)
        e = odc_signature_check(key, jwt->input, jwt->input_len, jwt->signature, jwt->signature_len);
    else
        e = ONEDOOR_TOKEN_ALGORITHM;
    odc_keyset_unref(set);
    return e;
}

static enum onedoor_error read_claims(struct onedoor_client *c, const struct odc_jwt *jwt,
                                      struct onedoor_claims **out)
{
    const struct odc_wanted wanted = {c->settings.issuer, c->settings.options.audience, c->now(),
                                      c->settings.options.leeway_seconds};
    json_t *object = odc_jwt_claims(jwt);
    enum onedoor_error e = object ? odc_claims_check(object, &wanted) : ONEDOOR_TOKEN_MALFORMED;
    if (e != ONEDOOR_OK) {
        json_decref(object);
        return e;
    }
    *out = odc_claims_new(object);
    return *out ? ONEDOOR_OK : ONEDOOR_MEMORY;
}

enum onedoor_error onedoor_verify(struct onedoor_client *c, const char *token, struct onedoor_claims **out)
{
    struct odc_jwt jwt;
    if (out)
        *out = NULL;
    if (!c || !token || !out)
        return ONEDOOR_ARGUMENT;
    enum onedoor_error e = odc_jwt_read(&jwt, token);
    if (e == ONEDOOR_OK)
        e = check_signature(c, &jwt);
    if (e == ONEDOOR_OK)
        e = read_claims(c, &jwt, out);
    odc_jwt_free(&jwt);
    return e;
}
