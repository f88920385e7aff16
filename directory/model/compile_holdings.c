/* Who holds which role: assignments in order of their roles, and from holders back to them. */
#include "directory/model/compile.h"

#include <stdlib.h>

struct part {
    uint32_t role;
    const struct held *held;
};

struct parts {
    struct part *v;
    uint32_t n;
    size_t holders;
};

/* The role's own holders come first: they have no name. */
static int by_role(const void *pa, const void *pb)
{
    const struct part *a = pa, *b = pb;
    if (a->role != b->role)
        return a->role < b->role ? -1 : 1;
    int order = model_compare(a->held->of.name, b->held->of.name);
    return order ? order : model_compare(a->held->of.dn, b->held->of.dn);
}

/* Such a path may still come; until then the assignment reaches nothing there. */
static void check_organisations(struct compile *job, const struct assignment *of)
{
    for (size_t i = 0; i < of->organisations.n; i++)
        if (model_organisation_number(job->m, of->organisations.v[i]) == NO_NUMBER)
            faults_add(job->faults, of->dn,
                       "onedoorOrganisation: there is no organisation \"" STR_FMT
                       "\"; accepted: a path such as 330102/D0412",
                       STR_ARG(of->organisations.v[i]));
}

static void add_part(struct compile *job, struct parts *parts, uint32_t role, const struct held *held)
{
    if (held->of.holders.n == 0)
        return;
    check_organisations(job, &held->of);
    parts->v[parts->n++] = (struct part){role, held};
    parts->holders += held->of.holders.n;
}

static bool gather(struct compile *job, struct parts *parts)
{
    const struct items *roles = &job->of[ITEM_ROLE], *items = &job->of[ITEM_ASSIGNMENT];
    parts->v = arena_alloc(job->scratch, ((size_t)roles->n + items->n) * sizeof *parts->v);
    if (!parts->v)
        return false;
    for (uint32_t i = 0; i < roles->n; i++)
        add_part(job, parts, i, &roles->v[i]->role.own);
    for (uint32_t i = 0; i < items->n; i++) {
        struct run run = keymap_find(&job->role_keys, &items->v[i]->parent);
        if (run.count > 0)
            add_part(job, parts, job->role_keys.values[run.first], &items->v[i]->assignment);
        else
            faults_add(
                job->faults, items->v[i]->dn,
                "stands below no valid role and is left out; accepted: an entry right below the one of "
                "its role");
    }
    if (parts->n > 0)
        qsort(parts->v, parts->n, sizeof *parts->v, by_role);
    return true;
}

static void extend(struct run *run, uint32_t at)
{
    if (run->count == 0)
        run->first = at;
    run->count = at - run->first + 1;
}

static bool place(struct compile *job, const struct parts *parts)
{
    struct model *m = job->m;
    struct assignment *all = compile_room(job, parts->n, sizeof *all);
    m->holdings = compile_room(job, parts->n, sizeof *m->holdings);
    if (!all || !m->holdings)
        return false;
    for (uint32_t i = 0; i < parts->n; i++) {
        uint32_t role = parts->v[i].role;
        all[i] = parts->v[i].held->of;
        m->holdings[i] = (struct holding){&all[i], role};
        extend(&m->role_nodes[role].holdings, i);
        extend(&m->applications[m->role_nodes[role].application].holdings, i);
    }
    m->holding_count = parts->n;
    for (uint32_t r = 0; r < m->role_count; r++) {
        m->roles[r].assignments = all + m->role_nodes[r].holdings.first;
        m->roles[r].assignment_count = m->role_nodes[r].holdings.count;
    }
    return true;
}

static bool map_holders(struct compile *job, const struct parts *parts)
{
    struct key_pairs pairs;
    bool good = key_pairs_room(&pairs, parts->holders);
    for (uint32_t i = 0; good && i < parts->n; i++)
        for (size_t j = 0; j < parts->v[i].held->of.holders.n; j++)
            key_pairs_add(&pairs, &parts->v[i].held->keys[j], i);
    good = good && keymap_build(&job->m->by_holder, job->m->arena, &pairs);
    key_pairs_free(&pairs);
    return good;
}

bool compile_holdings(struct compile *job)
{
    struct model *m = job->m;
    struct parts parts = {0};
    if (!gather(job, &parts) || !place(job, &parts) || !map_holders(job, &parts))
        return false;
    for (uint32_t i = 0; i < m->group_count; i++)
        m->group_nodes[i].held = keymap_find(&m->by_holder, &job->of[ITEM_GROUP].v[i]->key);
    for (uint32_t i = 0; i < m->organisation_count; i++)
        m->organisations[i].held = keymap_find(&m->by_holder, &job->of[ITEM_ORGANISATION].v[i]->key);
    return true;
}
