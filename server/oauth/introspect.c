/*
 * POST /introspect (RFC 7662). The caller is known before the token is looked at (section 2.1). Whatever is
 * wrong with a token, or with the caller's right to ask about it, the answer is the same bytes; an outage is
 * never that answer.
 *
 * On the I/O thread the answer comes from memory, if it was given before and nothing that it depends on has
 * changed since (server/token/near.h); else a task asks Redis.
 */
#include "server/base/clock.h"
#include "server/base/json_write.h"
#include "server/base/metric.h"
#include "server/oauth/client.h"
#include "server/oauth/endpoints.h"
#include "server/token/access_token.h"
#include "server/token/acting.h"
#include "server/token/claims.h"
#include "server/token/holder.h"
#include "server/token/near.h"
#include "server/token/refresh_token.h"
#include "server/token/rights.h"
#include "server/token/words.h"

enum { ANSWER_MAX = 4 << 20, USUAL = 1000 };

struct question {
    struct provider *p;
    struct request *req;
    struct arena *arena;
    const struct application *caller;
    struct str token;
    struct near_key key;
    uint64_t world;
};

/* Its own tokens anybody may ask about; tokens of others only whom they are meant for. */
static bool may_know(const struct question *q, const struct access_token *t)
{
    if (str_eq(t->client_id, q->caller->client_id))
        return true;
    bool meant = str_eq(t->audience, q->caller->client_id) || str_has_word(q->caller->resources, t->audience);
    return q->caller->may_introspect && meant;
}

/* Model and person may say something else as soon as a period begins or ends. */
static void note_next_change(const struct question *q, struct access_token *t)
{
    const struct model *m = live_model(q->p->live, q->arena);
    int64_t next = m ? model_next_change(m, clock_now()) : 0;
    if (next < t->until)
        t->until = next;
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
static enum result describe_person(const struct question *q, struct access_token *t, struct buf *out)
{
    struct rights_question rights;
    json_t *more = json_new(q->arena);
    enum result r = more ? holder_check(q->p, q->req, t->grant) : RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = acting_question(q->p, q->arena, t->grant, &t->grant->person, t->audience, &rights);
    if (r != RESULT_OK)
        return r;
    note_next_change(q, t);
    describe_sign_in(q, t, more);
    if (!acting_put(more, t->mandate, t->actor))
        return RESULT_INTERNAL;
    r = rights_put(q->p, q->arena, &rights, RIGHTS_ALL, more);
    return r == RESULT_OK && !json_add_members(out, more) ? RESULT_INTERNAL : r;
}

/* What tokens of the same application, person and sign-in have in common: the answer's first members. */
static enum result describe(const struct question *q, struct access_token *t, struct buf *out)
{
    json_add_true(out, "active");
    json_add_str(out, "token_type", STR("Bearer"));
    json_add_str(out, "iss", q->p->config.issuer);
    json_add_str(out, "sub", t->subject);
    json_add_str(out, "aud", t->audience);
    json_add_str(out, "client_id", t->client_id);
    json_add_str(out, "scope", t->scope);
    return t->grant ? describe_person(q, t, out) : RESULT_OK;
}

static void describe_token(const struct access_token *t, struct buf *out)
{
    json_add_str(out, "jti", t->jti);
    json_add_int(out, "iat", t->issued);
    json_add_int(out, "exp", t->expires);
    buf_add_char(out, '}');
}

static enum result write_answer(const struct question *q, struct access_token *t, struct buf *out,
                                struct str *text)
{
    enum result r = describe(q, t, out);
    if (r != RESULT_OK)
        return r;
    size_t shared = out->len;
    describe_token(t, out);
    *text = arena_copy(q->arena, buf_str(out));
    if (text->len == 0)
        return RESULT_INTERNAL;
    const struct near_answer answer = {.watched = t->watched,
                                       .world = q->world,
                                       .until = t->until,
                                       .shared = str_sub(*text, 0, shared),
                                       .own = str_sub(*text, shared, text->len)};
    if (q->p->near)
        near_keep(q->p->near, &q->key, &answer);
    return RESULT_OK;
}

static enum result ask_access_token(const struct question *q, struct str *text)
{
    struct access_token *t;
    struct buf out;
    enum result r = access_token_find(q->p, q->arena, q->token, &t);
    if (r != RESULT_OK)
        return r;
    if (!may_know(q, t))
        return RESULT_NOT_FOUND;
    buf_init_of(&out, ANSWER_MAX, USUAL);
    r = write_answer(q, t, &out, text);
    buf_free(&out);
    return r;
}

/* Nobody but the application that holds a refresh token has any business with it. A spent one is inactive. */
static enum result describe_refresh_token(const struct question *q, json_t *out)
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
    r = grant_alive(q->p, q->arena, t->line.gid, &g);
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

static enum result ask_refresh_token(const struct question *q, struct str *text)
{
    json_t *out = json_new(q->arena);
    enum result r = out ? describe_refresh_token(q, out) : RESULT_INTERNAL;
    if (r != RESULT_OK)
        return r;
    if (json_object_set_new(out, "active", json_true()) == 0)
        *text = json_text(q->arena, out);
    return text->len > 0 ? RESULT_OK : RESULT_INTERNAL;
}

static void answer_active(struct response *resp, struct str text)
{
    metric_add(METRIC_INTROSPECTIONS_ACTIVE);
    response_text(resp, 200, STR("application/json"), text);
}

/* The shape says what a token is, so that token_type_hint is not needed. */
static void answer(const struct question *q, struct response *resp)
{
    bool refresh = str_starts(q->token, STR(REFRESH_TOKEN_SHAPE));
    struct str text = STR_EMPTY;
    enum result r = refresh ? ask_refresh_token(q, &text) : ask_access_token(q, &text);
    if (r == RESULT_OK) {
        answer_active(resp, text);
    } else if (r == RESULT_NOT_FOUND) {
        metric_add(METRIC_INTROSPECTIONS_INACTIVE);
        response_text(resp, 200, STR("application/json"), STR("{\"active\":false}"));
    } else {
        response_failure(resp, r);
    }
}

/* From memory where that knows, else where Redis may be waited for. */
static void look_up(const struct question *q, struct response *resp)
{
    struct str text;
    if (q->p->near && near_find(q->p->near, &q->key, q->p->store, q->world, q->arena, &text)) {
        metric_add(METRIC_INTROSPECTIONS_NEAR);
        answer_active(resp, text);
    } else if (request_may_wait(q->req, RUN_QUICK) == RESULT_OK) {
        answer(q, resp);
    }
}

/* Who asks about what; false when that is answered already. */
static bool ask(struct question *q, struct response *resp)
{
    q->caller = client_of(q->p, q->req, resp, false);
    if (!q->caller)
        return false;
    if (q->token.len == 0) {
        oauth_error_answer(resp, OAUTH_INVALID_REQUEST, "The token is missing.");
        return false;
    }
    q->world = provider_world(q->p);
    if (near_key_of(q->caller->client_id, q->token, &q->key))
        return true;
    response_failure(resp, RESULT_INTERNAL);
    return false;
}

void oauth_introspect(void *app, struct request *req, struct response *resp)
{
    struct question *q = req->known;
    if (!q) {
        q = arena_alloc(req->arena, sizeof *q);
        if (!q) {
            response_failure(resp, RESULT_INTERNAL);
            return;
        }
        *q = (struct question){
            .p = app, .req = req, .arena = req->arena, .token = pairs_get(&req->form, "token")};
        if (!ask(q, resp))
            return;
        req->known = q;
    }
    look_up(q, resp);
}
