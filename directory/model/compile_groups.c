/* The tree of organisations, the groups, and who is a member of what. */
#include "directory/model/compile.h"

#include <stdlib.h>

static int by_path(const void *pa, const void *pb)
{
    const struct item *a = *(struct item *const *)pa, *b = *(struct item *const *)pb;
    int order = model_compare(a->organisation.path, b->organisation.path);
    return order ? order : model_compare(a->dn, b->dn);
}

static bool map_own_numbers(struct compile *job, const struct items *items, struct keymap *out)
{
    struct key_pairs pairs;
    bool good = key_pairs_room(&pairs, items->n);
    for (uint32_t i = 0; good && i < items->n; i++)
        key_pairs_add(&pairs, &items->v[i]->key, i);
    good = good && keymap_build(out, job->m->arena, &pairs);
    key_pairs_free(&pairs);
    return good;
}

/* Two paths that differ in the types of their names alone. */
static void drop_twins(struct compile *job, struct items *items)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < items->n; i++) {
        if (kept == 0 || !str_eq(items->v[kept - 1]->organisation.path, items->v[i]->organisation.path))
            items->v[kept++] = items->v[i];
        else
            faults_add(job->faults, items->v[i]->dn,
                       "has the path " STR_FMT " of another organisation and is left out; accepted: a name "
                       "of its own",
                       STR_ARG(items->v[i]->organisation.path));
    }
    items->n = kept;
}

bool compile_organisations(struct compile *job)
{
    struct model *m = job->m;
    struct items *items = &job->of[ITEM_ORGANISATION];
    qsort(items->v, items->n, sizeof *items->v, by_path);
    drop_twins(job, items);
    m->organisations = compile_room(job, items->n, sizeof *m->organisations);
    m->organisation_list = compile_room(job, items->n, sizeof *m->organisation_list);
    for (uint32_t i = 0; m->organisation_list && i < items->n; i++) {
        m->organisations[i].of = &items->v[i]->organisation;
        m->organisation_list[i] = &items->v[i]->organisation;
    }
    m->organisation_count = items->n;
    return m->organisation_list && map_own_numbers(job, items, &m->organisation_keys);
}

static int by_group_path(const void *pa, const void *pb)
{
    const struct item *a = *(struct item *const *)pa, *b = *(struct item *const *)pb;
    int order = model_compare(a->group.of.path, b->group.of.path);
    return order ? order : model_compare(a->dn, b->dn);
}

static bool map_members(struct compile *job, const struct items *items)
{
    struct key_pairs pairs;
    size_t n = 0;
    for (uint32_t i = 0; i < items->n; i++)
        n += items->v[i]->group.of.members.n;
    bool good = key_pairs_room(&pairs, n);
    for (uint32_t i = 0; good && i < items->n; i++)
        for (size_t j = 0; j < items->v[i]->group.of.members.n; j++)
            key_pairs_add(&pairs, &items->v[i]->group.members[j], i);
    good = good && keymap_build(&job->m->by_member, job->m->arena, &pairs);
    key_pairs_free(&pairs);
    return good;
}

bool compile_groups(struct compile *job)
{
    struct model *m = job->m;
    struct items *items = &job->of[ITEM_GROUP];
    qsort(items->v, items->n, sizeof *items->v, by_group_path);
    m->groups = compile_room(job, items->n, sizeof *m->groups);
    m->group_nodes = compile_room(job, items->n, sizeof *m->group_nodes);
    for (uint32_t i = 0; m->groups && i < items->n; i++)
        m->groups[i] = &items->v[i]->group.of;
    m->group_count = items->n;
    if (!m->groups || !m->group_nodes || !map_own_numbers(job, items, &m->group_keys) ||
        !map_members(job, items) || !compile_above(job))
        return false;
    for (uint32_t i = 0; i < m->organisation_count; i++)
        m->organisations[i].groups = keymap_find(&m->by_member, &job->of[ITEM_ORGANISATION].v[i]->key);
    return true;
}
