#include "server/token/id_token.h"

#include "certs/jws.h"
#include "server/base/clock.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/token/acting.h"
#include "server/token/claims.h"
#include "server/token/purpose.h"

/* OpenID Connect Core section 3.1.3.6: the left half of the hash, SHA-256 for both our algorithms. */
static struct str at_hash(struct arena *a, struct str access_token)
{
    unsigned char digest[DIGEST_SIZE];
    if (!sha256(&access_token, 1, digest))
        return STR_EMPTY;
    return base64url_encode(a, (struct str){(const char *)digest, DIGEST_SIZE / 2});
}

enum result id_token_issue(struct provider *p, struct arena *a, const struct application *app,
                           const struct grant *g, const struct person *person, struct str access_token,
                           struct str *out)
{
    json_t *claims = json_new(a);
    if (!claims)
        return RESULT_INTERNAL;
    int64_t now = clock_now();
    json_put_str(claims, "iss", p->config.issuer);
    json_put_str(claims, "sub", g->subject);
    json_put_str(claims, "aud", app->client_id);
    json_put_int(claims, "iat", now);
    json_put_int(claims, "exp", now + p->config.id_token_seconds);
    json_put_str(claims, "sid", g->sid);
    json_put_str(claims, "nonce", g->nonce);
    json_put_str(claims, "at_hash", at_hash(a, access_token));
    claims_of_sign_in(p, person, g->level, g->amr, g->auth_time, claims);
    if (g->nonce.len > 0 && !json_object_get(claims, "nonce"))
        return RESULT_INTERNAL;
    if (!acting_put(claims, g->mandate, person->subject))
        return RESULT_INTERNAL;
    return token_sign(p, a, TOKEN_ID, app->id_token_alg, claims, out);
}

enum result id_token_read_hint(struct provider *p, struct arena *a, struct str value,
                               struct id_token_hint *out)
{
    json_t *claims;
    enum result r = jws_verify(p->keyring, a, value, token_typ(TOKEN_ID), &claims);
    if (r != RESULT_OK)
        return r;
    *out = (struct id_token_hint){.subject = json_get_str(claims, "sub"),
                                  .client_id = json_get_str(claims, "aud"),
                                  .sid = json_get_str(claims, "sid")};
    bool ours = str_eq(json_get_str(claims, "iss"), p->config.issuer);
    return ours && out->subject.len > 0 && out->client_id.len > 0 ? RESULT_OK : RESULT_REFUSED;
}
