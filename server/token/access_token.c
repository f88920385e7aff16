#include "server/token/access_token.h"

#include "server/base/clock.h"
#include "server/base/metric.h"
#include "server/base/random.h"
#include "server/token/access_token_json.h"
#include "server/token/acting.h"
#include "server/token/claims.h"
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

/* How they signed in, for whom they act, and what they may. */
static enum result describe_person(struct provider *p, struct arena *a, const struct person *person,
                                   const struct access_token *t, json_t *out)
{
    struct rights_question q;
    claims_of_sign_in(p, person, t->level, t->amr, t->auth_time, out);
    if (!acting_put(out, t->mandate, t->actor))
        return RESULT_INTERNAL;
    enum result r = acting_question(p, a, t->grant, person, t->audience, &q);
    return r == RESULT_OK ? rights_put(p, a, &q, RIGHTS_ALL, out) : r;
}

static enum result make_jwt(struct provider *p, struct arena *a, const struct application *app,
                            const struct person *person, struct access_token *t)
{
    json_t *more = person ? json_new(a) : NULL;
    enum result r = RESULT_OK;
    if (person)
        r = more ? describe_person(p, a, person, t, more) : RESULT_INTERNAL;
    if (r != RESULT_OK)
        return r;
    struct str claims = access_token_claims(p, a, t, more);
    return token_sign_text(p, a, TOKEN_ACCESS, app->access_token_alg, claims, &t->value);
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
