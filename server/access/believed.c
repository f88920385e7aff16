#include "server/access/believed.h"

#include "directory/model/grammar.h"

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

static void lower(enum authn_level *level, bool *said, enum authn_level to)
{
    if (!*said || to < *level)
        *level = to;
    *said = true;
}

/* What is named and is no level is the lowest: it was meant to say something, and nobody knows what. */
void believe_sign_in(const struct question *q, enum authn_level *level, int64_t *identity_level)
{
    bool said = false;
    int64_t number;
    const json_t *places[] = {q->subject.properties, q->context};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (json_object_get(places[i], "acr"))
            lower(level, &said, acr_level(json_get_str(places[i], "acr")));
    if (json_get_int(q->subject.properties, "authn_level", &number))
        lower(level, &said,
              number >= AUTHN_LOW && number <= AUTHN_HIGH ? (enum authn_level)number : AUTHN_NONE);
    if (json_get_int(q->subject.properties, "identity_level", &number))
        *identity_level = number >= 1 && number <= 5 ? number : 0;
}
