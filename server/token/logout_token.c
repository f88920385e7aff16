#include "server/token/logout_token.h"

#include "server/base/clock.h"
#include "server/base/random.h"
#include "server/token/purpose.h"

#define LOGOUT_EVENT "http://schemas.openid.net/event/backchannel-logout"

enum { LIVES_SECONDS = 120, JTI_BYTES = 16 };

/* {"<event>": {}}; NULL without memory. */
static json_t *events(void)
{
    json_t *all = json_object();
    if (!all || json_object_set_new(all, LOGOUT_EVENT, json_object()) != 0) {
        json_decref(all);
        return NULL;
    }
    return all;
}

enum result logout_token_issue(struct provider *p, struct arena *a, const struct application *app,
                               const struct logout_job *job, struct str *out)
{
    json_t *claims = json_new(a);
    int64_t now = clock_now();
    if (!claims)
        return RESULT_INTERNAL;
    json_put_str(claims, "iss", p->config.issuer);
    if (!app->takes_mandates)
        json_put_str(claims, "sub", job->subject);
    json_put_str(claims, "aud", app->client_id);
    json_put_int(claims, "iat", now);
    json_put_int(claims, "exp", now + LIVES_SECONDS);
    json_put_str(claims, "jti", random_token(a, JTI_BYTES));
    json_put_str(claims, "sid", job->sid);
    json_object_set_new(claims, "events", events());
    if (!json_object_get(claims,
                         "sid")) /* every session has one, and it is what the application knows it by */
        return RESULT_INTERNAL;
    return token_sign(p, a, TOKEN_LOGOUT, app->id_token_alg, claims, out);
}
