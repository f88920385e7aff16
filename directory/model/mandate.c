#include "directory/model/mandate.h"

#include "directory/model/snapshot.h"

static int order(const struct model *m, uint32_t at, struct str id)
{
    return model_compare(id, m->mandates[at]->id);
}

const struct mandate *model_mandate(const struct model *m, struct str id)
{
    uint32_t low = 0, high = m->mandate_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int is = order(m, middle, id);
        if (is == 0)
            return m->mandates[middle];
        if (is < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

bool mandate_holds(const struct mandate *md, int64_t now)
{
    return md->state == MANDATE_CONFIRMED && now >= md->from && now < md->until;
}

bool mandate_covers(const struct mandate *md, struct str client_id)
{
    for (size_t i = 0; i < md->applications.n; i++)
        if (str_eq(md->applications.v[i], client_id))
            return true;
    return md->applications.n == 0;
}

bool mandate_permits(const struct mandate *md, const struct permission *p)
{
    for (size_t i = 0; i < md->permissions.n; i++) {
        struct str action = md->permissions.v[i], type = STR_EMPTY;
        str_cut(&action, ':', &type);
        if (str_eq(type, p->resource_type) && str_eq(action, p->action))
            return true;
    }
    return md->permissions.n == 0;
}

static bool list(const struct model *m, struct arena *a, const struct keymap *map, const struct dn_key *key,
                 const struct mandate *const **out, size_t *n)
{
    struct run run = keymap_find(map, key);
    const struct mandate **found = arena_alloc(a, run.count * sizeof *found);
    *out = found;
    *n = 0;
    for (uint32_t i = 0; found && i < run.count; i++)
        found[(*n)++] = m->mandates[map->values[run.first + i]];
    return found != NULL;
}

bool model_mandates_of_agent(const struct model *m, struct arena *a, const struct dn_key *agent,
                             const struct mandate *const **out, size_t *n)
{
    return list(m, a, &m->by_agent, agent, out, n);
}

bool model_mandates_of_represented(const struct model *m, struct arena *a, const struct dn_key *represented,
                                   const struct mandate *const **out, size_t *n)
{
    return list(m, a, &m->by_represented, represented, out, n);
}
