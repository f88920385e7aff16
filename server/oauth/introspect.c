/*
 * POST /introspect (RFC 7662). The caller is known before the token is looked at (section 2.1). Whatever is
 * wrong with a token, or with the caller's right to ask about it, the answer is the same bytes; an outage is
 * never that answer.
 */
#include "server/base/metric.h"
#include "server/oauth/client.h"
#include "server/oauth/endpoints.h"
#include "server/token/access_token.h"
#include "server/token/acting.h"
#include "server/token/claims.h"
#include "server/token/holder.h"
#include "server/token/refresh_token.h"
#include "server/token/rights.h"
#include "server/token/words.h"

struct question {
    struct provider *p;
    struct request *req;
    struct arena *arena;
    const struct application *caller;
    struct str token;
};

/* Its own tokens anybody may ask about; tokens of others only whom they are meant for. */
static bool may_know(const struct question *q, const struct access_token *t)
{
    if (str_eq(t->client_id, q->caller->client_id))
        return true;
    bool meant = str_eq(t->audience, q->caller->client_id) || str_has_word(q->caller->resources, t->audience);
    return q->caller->may_introspect && meant;
}

/* The name goes to those alone that the application asked it for. */
static void describe_sign_in(const struct question *q, const struct access_token *t, json_t *out)
{
    const struct person *person = &t->grant->person;
    int64_t identity = identity_level_of(q->p, person->kind, person->identity_level);
    json_put_str(out, "sid", t->sid);
    json_put_str(out, "acr", str_of(acr_word(t->level)));
    words_put(out, "amr", t->amr);
    json_put_int(out, "auth_time", t->auth_time);
    json_put_int(out, "authn_level", t->level);
    if (identity > 0)
        json_put_int(out, "identity_level", identity);
    if (str_has_word(t->scope, STR("profile")))
        json_put_str(out, "username", person->display_name);
}

/* Nothing of the person is taken from the token: it is what directory and model say now. */
static enum result describe_person(const struct question *q, const struct access_token *t, json_t *out)
{
    struct rights_question rights;
    enum result r = holder_check(q->p, q->req, t->grant);
    if (r == RESULT_OK)
        r = acting_question(q->p, q->arena, t->grant, &t->grant->person, t->audience, &rights);
    if (r != RESULT_OK)
        return r;
    describe_sign_in(q, t, out);
    if (!acting_put(out, t->mandate, t->actor))
        return RESULT_INTERNAL;
    return rights_put(q->p, q->arena, &rights, RIGHTS_ALL, out);
}

static enum result ask_access_token(const struct question *q, json_t *out)
{
    struct access_token *t;
    enum result r = access_token_find(q->p, q->arena, q->token, &t);
    if (r != RESULT_OK)
        return r;
    if (!may_know(q, t))
        return RESULT_NOT_FOUND;
    json_put_str(out, "token_type", STR("Bearer"));
    json_put_str(out, "iss", q->p->config.issuer);
    json_put_str(out, "sub", t->subject);
    json_put_str(out, "aud", t->audience);
    json_put_str(out, "client_id", t->client_id);
    json_put_str(out, "scope", t->scope);
    json_put_str(out, "jti", t->jti);
    json_put_int(out, "iat", t->issued);
    json_put_int(out, "exp", t->expires);
    return t->grant ? describe_person(q, t, out) : RESULT_OK;
}

/* Nobody but the application that holds a refresh token has any business with it. A spent one is inactive. */
static enum result ask_refresh_token(const struct question *q, json_t *out)
{
    struct refresh_token *t;
    struct grant *g;
    enum result r = refresh_token_find(q->p, q->arena, q->token, &t);
    if (r == RESULT_USED)
        return RESULT_NOT_FOUND;
    if (r != RESULT_OK)
        return r;
    if (!str_eq(t->client_id, q->caller->client_id))
        return RESULT_NOT_FOUND;
    r = grant_alive(q->p, q->arena, t->gid, &g);
    if (r == RESULT_OK)
        r = acting_holds(q->p, q->arena, g, g->client_id);
    if (r == RESULT_OK)
        r = holder_check(q->p, q->req, g);
    if (r != RESULT_OK)
        return r;
    json_put_str(out, "iss", q->p->config.issuer);
    json_put_str(out, "sub", g->subject);
    json_put_str(out, "client_id", t->client_id);
    json_put_str(out, "scope", g->scope);
    json_put_int(out, "iat", t->issued);
    json_put_int(out, "exp", t->expires);
    return acting_put(out, g->mandate, g->person.subject) ? RESULT_OK : RESULT_INTERNAL;
}

/* The shape says what a token is, so that token_type_hint is not needed. */
static void answer(const struct question *q, struct response *resp)
{
    json_t *out = json_new(q->arena);
    bool refresh = str_starts(q->token, STR(REFRESH_TOKEN_SHAPE));
    enum result r = RESULT_INTERNAL;
    if (out)
        r = refresh ? ask_refresh_token(q, out) : ask_access_token(q, out);
    if (r == RESULT_OK && json_object_set_new(out, "active", json_true()) == 0) {
        metric_add(METRIC_INTROSPECTIONS_ACTIVE);
        response_json(resp, 200, out);
    } else if (r == RESULT_NOT_FOUND) {
        metric_add(METRIC_INTROSPECTIONS_INACTIVE);
        response_text(resp, 200, STR("application/json"), STR("{\"active\":false}"));
    } else {
        response_failure(resp, r);
    }
}

void oauth_introspect(void *app, struct request *req, struct response *resp)
{
    struct question q = {.p = app, .req = req, .arena = req->arena, .token = pairs_get(&req->form, "token")};
    q.caller = client_of(q.p, req, resp, false);
    if (!q.caller)
        return;
    if (q.token.len == 0)
        oauth_error_answer(resp, OAUTH_INVALID_REQUEST, "The token is missing.");
    else
        answer(&q, resp);
}
