#include "server/token/access_token.h"

#include "server/base/clock.h"
#include "server/base/metric.h"
#include "server/base/random.h"
#include "server/token/access_token_json.h"
#include "server/token/acting.h"
#include "server/token/purpose.h"

enum { OPAQUE_BYTES = 32, JTI_BYTES = 16 };

int64_t access_token_seconds(const struct provider *p, const struct application *app)
{
    return app->access_token_seconds > 0 ? app->access_token_seconds : p->config.access_token_seconds;
}

/* `jti` is "<gid>.<random>", so that whoever checks the token can ask for record and grant in one round trip.
 */
static struct str make_jti(struct arena *a, struct str gid)
{
    struct str random = random_token(a, JTI_BYTES);
    if (random.len == 0 || gid.len == 0)
        return random;
    return arena_join(a, (struct str[]){gid, STR("."), random}, 3);
}

static enum result make_opaque(struct arena *a, struct access_token *t)
{
    struct str random = random_token(a, OPAQUE_BYTES);
    t->value = arena_join(a, (struct str[]){STR(OPAQUE_SHAPE), random}, 2);
    return random.len > 0 && t->value.len > 0 ? RESULT_OK : RESULT_INTERNAL;
}

static enum result make_jwt(struct provider *p, struct arena *a, const struct application *app,
                            const struct person *person, struct access_token *t)
{
    struct rights_question q;
    json_t *claims = access_token_claims(p, a, t, person);
    enum result r = RESULT_OK;
    if (!claims)
        return RESULT_INTERNAL;
    if (person)
        r = acting_question(p, a, t->grant, person, t->audience, &q);
    if (r == RESULT_OK && person)
        r = rights_put(p, a, &q, RIGHTS_ALL, claims);
    if (r != RESULT_OK)
        return r;
    return token_sign(p, a, TOKEN_ACCESS, app->access_token_alg, claims, &t->value);
}

enum result access_token_issue(struct provider *p, struct arena *a, const struct application *app,
                               const struct person *person, struct access_token *t, struct store_puts *puts)
{
    t->issued = clock_now();
    t->expires = t->issued + access_token_seconds(p, app);
    t->jti = make_jti(a, t->gid);
    if (t->jti.len == 0)
        return RESULT_INTERNAL;
    enum result r = app->opaque_tokens ? make_opaque(a, t) : make_jwt(p, a, app, person, t);
    if (r != RESULT_OK)
        return r;
    struct str text = access_token_text(a, t);
    if (text.len == 0)
        return RESULT_INTERNAL;
    const struct store_put put = {
        .kind = STORE_ACCESS, .id = t->value, .value = text, .ttl = t->expires - t->issued};
    metric_add(METRIC_TOKENS_ISSUED);
    return store_puts_add(puts, put) ? RESULT_OK : RESULT_INTERNAL;
}

enum result access_token_revoke(struct provider *p, struct arena *a, struct str value)
{
    return store_delete(p->store, a, STORE_ACCESS, value);
}
