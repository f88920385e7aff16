#include "server/access/believed.h"

#include "directory/model/grammar.h"
#include "server/token/claims.h"

/* The name ends nowhere in the text that it is cut from. */
static struct str property(const json_t *properties, struct str name)
{
    const json_t *s = json_object_getn(properties, name.p, name.len);
    return json_is_string(s) ? (struct str){json_string_value(s), json_string_length(s)} : STR_EMPTY;
}

void believe_resource(const struct inquiry *in, const struct question *q, struct evaluation *out)
{
    const json_t *said = q->resource.properties;
    if (!in->caller->trusted_properties || !said)
        return;
    const struct resource_type *t = model_resource_type(in->model, in->caller->client_id, q->resource.type);
    out->owner = property(said, t ? t->owner_property : STR("owner"));
    out->organisation = property(said, t ? t->organisation_property : STR("organisation"));
}

/* What is named and is no level is the lowest: it was meant to say something, and nobody knows what. */
static void lower(enum authn_level *level, bool *said, enum authn_level to)
{
    if (!*said || to < *level)
        *level = to;
    *said = true;
}

static enum authn_level level_said(const struct question *q)
{
    enum authn_level level = AUTHN_NONE;
    bool said = false;
    int64_t number;
    const json_t *places[] = {q->subject.properties, q->context};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (json_object_get(places[i], "acr"))
            lower(&level, &said, acr_level(json_get_str(places[i], "acr")));
    if (json_get_int(q->subject.properties, "authn_level", &number))
        lower(&level, &said,
              number >= AUTHN_LOW && number <= AUTHN_HIGH ? (enum authn_level)number : AUTHN_NONE);
    return level;
}

static void believe_words(const struct question *q, struct evaluation *out)
{
    int64_t number;
    out->level = level_said(q);
    if (json_get_int(q->subject.properties, "identity_level", &number))
        out->identity_level = number >= 1 && number <= 5 ? number : 0;
}

/* Its own tokens, and those that are meant for it: as at introspection. */
static bool may_know(const struct application *caller, const struct access_token *t)
{
    return str_eq(t->client_id, caller->client_id) || str_eq(t->audience, caller->client_id) ||
           str_has_word(caller->resources, t->audience);
}

static enum result look_up(struct inquiry *in, struct str value)
{
    struct proof *known = &in->proof;
    if (str_eq(known->value, value))
        return known->result;
    enum result r = request_may_wait(in->req, RUN_QUICK);
    if (r == RESULT_OK)
        r = access_token_find(in->p, in->arena, value, &known->token);
    known->value = value;
    known->result = r;
    return r;
}

enum result believe_sign_in(struct inquiry *in, const struct question *q, const struct subject *subject,
                            struct evaluation *out)
{
    out->identity_level = identity_level_of(in->p, subject->kind, subject->identity_level);
    const json_t *token = json_object_get(q->subject.properties, "access_token");
    if (json_is_null(token))
        token = NULL;
    if (!token && in->caller->trusted_properties)
        believe_words(q, out);
    if (!token)
        return RESULT_OK;
    struct str value = json_get_str(q->subject.properties, "access_token");
    enum result r = value.len > 0 ? look_up(in, value) : RESULT_NOT_FOUND;
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? RESULT_REFUSED : r;
    const struct access_token *t = in->proof.token;
    if (t->gid.len == 0 || !str_eq(t->subject, subject->id) || !may_know(in->caller, t))
        return RESULT_REFUSED;
    out->level = t->level;
    out->identity_level = t->identity_level;
    return RESULT_OK;
}
