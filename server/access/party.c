#include "server/access/party.h"

#include "server/access/believed.h"
#include "server/token/claims.h"
#include "server/token/holder.h"

bool is_person_type(struct str type)
{
    return str_eq(type, STR("user")) || str_eq(type, STR("identity")) || str_eq(type, STR("person"));
}

static enum result find_by_sub(struct inquiry *in, struct str sub, struct subject *out)
{
    if (live_subject_known(in->p->live, in->arena, sub, out))
        return RESULT_OK;
    enum result r = request_may_wait(in->req, RUN_DIR);
    return r == RESULT_OK ? live_subject(in->p->live, in->arena, sub, out) : r;
}

enum result subject_find(struct inquiry *in, const struct entity *e, struct subject *out)
{
    return is_person_type(e->type) ? find_by_sub(in, e->id, out) : RESULT_NOT_FOUND;
}

/* A person who lives as long as the request. */
static enum result keep_subject(struct inquiry *in, struct str sub, const struct subject **out)
{
    struct subject *s = arena_alloc(in->arena, sizeof *s);
    *out = s;
    return s ? find_by_sub(in, sub, s) : RESULT_INTERNAL;
}

static int64_t identity_of(const struct inquiry *in, const struct subject *s)
{
    return identity_level_of(in->p, s->kind, s->identity_level);
}

/* Its own tokens, and those that are meant for it: as at introspection. */
static bool may_know(const struct application *caller, const struct access_token *t)
{
    return str_eq(t->client_id, caller->client_id) || str_eq(t->audience, caller->client_id) ||
           str_has_word(caller->resources, t->audience);
}

static enum result look_up(struct inquiry *in, struct str value, struct access_token **out)
{
    enum result r = request_may_wait(in->req, RUN_QUICK);
    if (r == RESULT_OK)
        r = access_token_find(in->p, in->arena, value, out);
    if (r == RESULT_OK && !(*out)->grant)
        r = RESULT_NOT_FOUND; /* of an application, not of a person */
    return r == RESULT_OK ? holder_check(in->p, in->req, (*out)->grant) : r;
}

/* Many questions of one request bear the same token. */
static enum result look_up_once(struct inquiry *in, struct str value, const struct access_token **out)
{
    struct proof *known = &in->proof;
    if (value.len == 0)
        return RESULT_NOT_FOUND;
    if (!str_eq(known->value, value)) {
        known->value = value;
        known->result = look_up(in, value, &known->token);
    }
    *out = known->token;
    return known->result;
}

static const struct node *token_of(const struct question *q)
{
    const struct node *token = node_member(q->subject.properties, STR("access_token"));
    return node_is(token, NODE_NULL) ? NULL : token;
}

/* By a mandate the sign-in and the identity are the agent's; a company is nobody that people's rules know. */
static enum result act(struct inquiry *in, const struct access_token *t, struct party *out,
                       enum decision_reason *why)
{
    *why = REASON_MANDATE;
    out->mandate = model_mandate(in->model, t->mandate);
    if (!out->mandate || !str_eq(out->mandate->represented_sub, t->subject))
        return RESULT_NOT_FOUND;
    enum result r = keep_subject(in, t->actor, &out->agent);
    if (r == RESULT_OK && out->mandate->kind != MANDATE_COMPANY)
        r = keep_subject(in, t->subject, &out->subject);
    if (r == RESULT_OK)
        out->identity_level = identity_of(in, out->agent);
    return r;
}

static enum result find_by_token(struct inquiry *in, const struct question *q, struct party *out,
                                 enum decision_reason *why)
{
    const struct access_token *t;
    enum result r = look_up_once(in, node_str(token_of(q)), &t);
    *why = REASON_SIGN_IN;
    if (r != RESULT_OK)
        return r;
    if (!str_eq(t->subject, q->subject.id) || !may_know(in->caller, t))
        return RESULT_NOT_FOUND;
    out->level = t->level;
    if (t->mandate.len > 0)
        return act(in, t, out, why);
    *why = REASON_UNKNOWN_SUBJECT;
    r = keep_subject(in, q->subject.id, &out->subject);
    if (r == RESULT_OK)
        out->identity_level = identity_of(in, out->subject);
    return r;
}

struct party party_of(const struct inquiry *in, const struct question *q, const struct subject *subject)
{
    struct party who = {.subject = subject, .identity_level = identity_of(in, subject)};
    if (in->caller->trusted_properties)
        believe_sign_in(q, &who.level, &who.identity_level);
    return who;
}

enum result party_find(struct inquiry *in, const struct question *q, struct party *out,
                       enum decision_reason *why)
{
    const struct subject *subject;
    *out = (struct party){0};
    *why = REASON_UNKNOWN_SUBJECT;
    if (!is_person_type(q->subject.type))
        return RESULT_NOT_FOUND;
    if (token_of(q))
        return find_by_token(in, q, out, why);
    enum result r = keep_subject(in, q->subject.id, &subject);
    if (r == RESULT_OK)
        *out = party_of(in, q, subject);
    return r;
}
