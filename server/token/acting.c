#include "server/token/acting.h"

#include "server/base/clock.h"

/* "case:approve acr=substantial" declares "case:approve". */
static bool declared(struct arena *a, const struct application *app, struct mandate_place *out)
{
    *out = (struct mandate_place){app->client_id, {NULL, 0}};
    out->permissions.v = arena_alloc(a, (app->permissions.n + 1) * sizeof(struct str));
    for (size_t i = 0; out->permissions.v && i < app->permissions.n; i++) {
        struct str rest = app->permissions.v[i], word;
        if (str_word(&rest, &word))
            out->permissions.v[out->permissions.n++] = word;
    }
    return out->permissions.v != NULL;
}

enum result acting_places(struct provider *p, struct arena *a, struct mandate_place **out, size_t *n)
{
    const struct application **all;
    size_t count = applications_list(p->applications, a, &all);
    *n = 0;
    *out = arena_alloc(a, (count + 1) * sizeof **out);
    for (size_t i = 0; *out && i < count; i++)
        if (all[i]->takes_mandates && declared(a, all[i], &(*out)[*n]))
            ++*n;
    return arena_failed(a) ? RESULT_INTERNAL : RESULT_OK;
}

static bool may_use(const struct mandate *md, const struct application *app, const struct dn_key *agent)
{
    return dn_key_eq(&md->agent, agent) && md->represented_sub.len > 0 && mandate_holds(md, clock_now()) &&
           app->takes_mandates && mandate_covers(md, app->client_id);
}

enum result acting_choices(struct provider *p, struct arena *a, struct str agent_dn,
                           const struct application *app, const struct mandate ***out, size_t *n)
{
    const struct mandate *const *all;
    struct dn_key agent;
    size_t count;
    *n = 0;
    *out = NULL;
    if (!app->takes_mandates)
        return RESULT_OK;
    const struct model *m = live_model(p->live, a);
    if (!m)
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_UNAVAILABLE;
    if (!dn_key_of(agent_dn, &agent) || !model_mandates_of_agent(m, a, &agent, &all, &count))
        return RESULT_INTERNAL;
    *out = arena_alloc(a, (count + 1) * sizeof **out);
    for (size_t i = 0; *out && i < count; i++)
        if (may_use(all[i], app, &agent))
            (*out)[(*n)++] = all[i];
    return *out ? RESULT_OK : RESULT_INTERNAL;
}

enum result acting_mandate(struct provider *p, struct arena *a, struct str id, struct str agent_dn,
                           struct str sub, struct str client_id, const struct mandate **out)
{
    struct dn_key agent;
    const struct application *app = applications_find(p->applications, a, client_id);
    const struct model *m = live_model(p->live, a);
    if (!m || (!app && !applications_loaded(p->applications)))
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_UNAVAILABLE;
    const struct mandate *md = model_mandate(m, id);
    if (!md || !app || !dn_key_of(agent_dn, &agent) || !may_use(md, app, &agent))
        return RESULT_NOT_FOUND;
    if (sub.len > 0 && !str_eq(sub, md->represented_sub))
        return RESULT_NOT_FOUND;
    *out = md;
    return RESULT_OK;
}
