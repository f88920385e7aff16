#include "server/access/believed.h"

#include "directory/model/grammar.h"

static struct str property(const struct node *properties, struct str name)
{
    return node_str(node_member(properties, name));
}

void believe_resource(const struct inquiry *in, const struct question *q, struct evaluation *out)
{
    const struct node *said = q->resource.properties;
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
    const struct node *places[] = {q->subject.properties, q->context};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct node *acr = node_member(places[i], STR("acr"));
        if (acr)
            lower(level, &said, acr_level(node_str(acr)));
    }
    if (node_int(node_member(q->subject.properties, STR("authn_level")), &number))
        lower(level, &said,
              number >= AUTHN_LOW && number <= AUTHN_HIGH ? (enum authn_level)number : AUTHN_NONE);
    if (node_int(node_member(q->subject.properties, STR("identity_level")), &number))
        *identity_level = number >= 1 && number <= 5 ? number : 0;
}
