/* The tree of organisations, groups with what is above them, and who is a member of what. */
#include "directory/model/compile.h"

#include <stdlib.h>
#include <string.h>

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

/*
 * The groups above each one, gathered by a walk that enters no group twice: circles end by themselves. Those
 * of a circle have the same above them, themselves included, and share one list: else it would grow as the
 * square.
 */
struct closure {
    struct model *m;
    const struct items *items;
    bool *closed;
    uint32_t *seen; /* by group: 1 + the group for which it was entered last */
    uint32_t *list; /* of all groups, one behind the other */
    size_t n, room;
};

static bool append(struct closure *c, uint32_t group)
{
    if (c->n == c->room) {
        size_t room = c->room ? 2 * c->room : 1024;
        uint32_t *more = room < UINT32_MAX ? realloc(c->list, room * sizeof *more) : NULL;
        if (!more)
            return false;
        c->list = more;
        c->room = room;
    }
    c->list[c->n++] = group;
    return true;
}

static bool enter(struct closure *c, uint32_t group, uint32_t from)
{
    if (c->seen[group] == from + 1)
        return true;
    c->seen[group] = from + 1;
    return append(c, group);
}

static bool enter_those_above(struct closure *c, uint32_t group, uint32_t from)
{
    struct run run = keymap_find(&c->m->by_member, &c->items->v[group]->key);
    bool good = true;
    for (uint32_t i = 0; good && i < run.count; i++)
        good = enter(c, c->m->by_member.values[run.first + i], from);
    return good;
}

static bool close_one(struct closure *c, uint32_t group, struct run above)
{
    c->closed[group] = true;
    c->m->group_nodes[group].above = above;
    return append(c, group);
}

/* Of the group's members those groups that are above `from` as well. */
static bool close_those_below(struct closure *c, uint32_t group, uint32_t from, struct run above)
{
    const struct item *item = c->items->v[group];
    bool good = true;
    for (size_t i = 0; good && i < item->group.of.members.n; i++) {
        struct run run = keymap_find(&c->m->group_keys, &item->group.members[i]);
        for (uint32_t j = 0; good && j < run.count; j++) {
            uint32_t below = c->m->group_keys.values[run.first + j];
            if (c->seen[below] == from + 1 && !c->closed[below])
                good = close_one(c, below, above);
        }
    }
    return good;
}

/* What is above a group and below it as well is in a circle with it. The list's end is the place for the
 * walk. */
static bool close_circle(struct closure *c, uint32_t group, struct run above)
{
    size_t end = c->n;
    bool good = close_one(c, group, above);
    for (size_t i = end; good && i < c->n; i++)
        good = close_those_below(c, c->list[i], group, above);
    c->n = end;
    return good;
}

static bool close_group(struct closure *c, uint32_t group)
{
    size_t first = c->n;
    if (c->closed[group])
        return true;
    bool good = enter_those_above(c, group, group);
    for (size_t i = first; good && i < c->n; i++)
        good = enter_those_above(c, c->list[i], group);
    struct run above = {(uint32_t)first, (uint32_t)(c->n - first)};
    if (good && c->seen[group] == group + 1)
        return close_circle(c, group, above);
    c->m->group_nodes[group].above = above;
    return good;
}

static bool close_groups(struct compile *job, const struct items *items)
{
    struct closure c = {.m = job->m, .items = items};
    c.seen = arena_alloc(job->scratch, items->n * sizeof *c.seen);
    c.closed = arena_alloc(job->scratch, items->n * sizeof *c.closed);
    bool good = c.seen != NULL && c.closed != NULL;
    for (uint32_t i = 0; good && i < items->n; i++)
        good = close_group(&c, i);
    job->m->above = good ? compile_room(job, c.n, sizeof *c.list) : NULL;
    if (job->m->above && c.n > 0)
        memcpy(job->m->above, c.list, c.n * sizeof *c.list);
    free(c.list);
    return job->m->above != NULL;
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
        !map_members(job, items) || !close_groups(job, items))
        return false;
    for (uint32_t i = 0; i < m->organisation_count; i++)
        m->organisations[i].groups = keymap_find(&m->by_member, &job->of[ITEM_ORGANISATION].v[i]->key);
    return true;
}
