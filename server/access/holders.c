#include "server/access/holders.h"

#include <stdlib.h>
#include <string.h>

struct gathering {
    const struct model *m;
    struct arena *arena;
    const struct reached *r;
    struct holders *out;
    const struct group **seen; /* groups that were opened already */
    size_t seen_count, seen_room;
};

/* Room for one more: twice as much each time. The old array stays in the arena. */
static bool grow(struct arena *a, void **list, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return true;
    size_t more = *room ? *room * 2 : 64;
    void *bigger = arena_alloc(a, more * size);
    if (!bigger)
        return false;
    if (n > 0)
        memcpy(bigger, *list, n * size);
    *list = bigger;
    *room = more;
    return true;
}

static void add_person(struct gathering *g, const struct dn_key *key, struct str dn)
{
    struct holders *h = g->out;
    void *list = h->people;
    if (!grow(g->arena, &list, h->people_count, &h->people_room, sizeof *h->people))
        return;
    h->people = list;
    h->people[h->people_count++] = (struct candidate){*key, dn};
}

static void add_organisation(struct gathering *g, struct str path)
{
    struct holders *h = g->out;
    void *list = h->organisations;
    if (!grow(g->arena, &list, h->organisation_count, &h->organisation_room, sizeof *h->organisations))
        return;
    h->organisations = list;
    h->organisations[h->organisation_count++] = path;
}

/* The organisation and all below it. */
static void add_branch(struct gathering *g, struct str path)
{
    size_t first = g->out->organisation_count;
    add_organisation(g, path);
    for (size_t i = first; i < g->out->organisation_count; i++) {
        const struct organisation *const *below;
        size_t n = 0;
        if (!model_organisations_below(g->m, g->arena, g->out->organisations[i], &below, &n))
            return;
        for (size_t j = 0; j < n; j++)
            add_organisation(g, below[j]->path);
    }
}

static bool is_first_time(struct gathering *g, const struct group *group)
{
    for (size_t i = 0; i < g->seen_count; i++)
        if (g->seen[i] == group)
            return false;
    void *list = g->seen;
    if (!grow(g->arena, &list, g->seen_count, &g->seen_room, sizeof *g->seen))
        return false;
    g->seen = list;
    g->seen[g->seen_count++] = group;
    return true;
}

static void add_member(struct gathering *g, struct str dn)
{
    const struct group *inner = model_group(g->m, dn);
    const struct organisation *organisation = inner ? NULL : model_organisation_of_dn(g->m, dn);
    struct dn_key key;
    if (inner)
        is_first_time(g, inner);
    else if (organisation)
        add_branch(g, organisation->path);
    else if (dn_key_of(dn, &key))
        add_person(g, &key, dn);
}

/* Whoever is in the group, and in the groups in it: a list that grows while it is read. */
static void add_group(struct gathering *g, const struct group *group)
{
    size_t at = g->seen_count;
    if (!is_first_time(g, group))
        return;
    for (; at < g->seen_count; at++) {
        const struct words members = g->seen[at]->members;
        for (size_t i = 0; i < members.n; i++)
            add_member(g, members.v[i]);
    }
}

static bool is_within(const struct gathering *g, enum data_scope scope, struct str top)
{
    bool below = scope == SCOPE_DEPARTMENT_AND_BELOW || scope == SCOPE_LISTED_AND_BELOW;
    return below ? model_is_below(g->m, g->r->organisation, top) : str_eq(g->r->organisation, top);
}

/*
 * Whether the assignment can reach the resource at all, as far as that does not depend on who holds it: by
 * the organisations it names, else by the organisation that holds it (empty: a person or group does).
 */
static bool may_reach(const struct gathering *g, const struct assignment *a, struct str holder)
{
    if (a->scope == SCOPE_ALL || g->r->organisation.len == 0)
        return a->scope == SCOPE_ALL;
    for (size_t i = 0; i < a->organisations.n; i++)
        if (is_within(g, a->scope, a->organisations.v[i]))
            return true;
    if (a->organisations.n > 0)
        return false;
    return holder.len == 0 || is_within(g, a->scope, holder);
}

static void add_holder(struct gathering *g, const struct assignment *a, struct str dn)
{
    const struct organisation *organisation = model_organisation_of_dn(g->m, dn);
    const struct group *group = organisation ? NULL : model_group(g->m, dn);
    struct dn_key key;
    if (!may_reach(g, a, organisation ? organisation->path : STR_EMPTY))
        return;
    if (organisation)
        add_branch(g, organisation->path);
    else if (group)
        add_group(g, group);
    else if (dn_key_of(dn, &key))
        add_person(g, &key, dn);
}

static void add_assignment(struct gathering *g, const struct assignment *a)
{
    if (a->from > g->r->now || (a->until != 0 && a->until <= g->r->now))
        return;
    if (a->scope == SCOPE_SELF) {
        if (g->r->owner)
            add_person(g, &g->r->owner->dn, STR_EMPTY);
        return;
    }
    for (size_t i = 0; i < a->holders.n; i++)
        add_holder(g, a, a->holders.v[i]);
}

static bool has_permission(const struct role *role, struct str permission)
{
    for (size_t i = 0; i < role->permissions.n; i++)
        if (str_eq(role->permissions.v[i], permission))
            return true;
    return false;
}

static int by_key(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return memcmp(x->key.b, y->key.b, sizeof x->key.b);
}

static int by_path(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    size_t n = x->len < y->len ? x->len : y->len;
    int order = n > 0 ? memcmp(x->p, y->p, n) : 0;
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

/* Sorted, each once. Returns how many are left. */
static size_t tidy(void *list, size_t n, size_t size, int (*order)(const void *, const void *))
{
    char *v = list;
    size_t kept = 0;
    if (n == 0)
        return 0;
    qsort(list, n, size, order);
    for (size_t i = 1; i < n; i++)
        if (order(v + kept * size, v + i * size) != 0 && ++kept != i)
            memcpy(v + kept * size, v + i * size, size);
    return kept + 1;
}

bool holders_of(const struct model *m, struct arena *a, const struct reached *r, struct holders *out)
{
    struct gathering g = {.m = m, .arena = a, .r = r, .out = out};
    const struct role *const *roles;
    *out = (struct holders){0};
    size_t n = model_roles(m, r->client_id, &roles);
    for (size_t i = 0; i < n; i++) {
        if (!has_permission(roles[i], r->permission))
            continue;
        for (size_t j = 0; j < roles[i]->assignment_count; j++)
            add_assignment(&g, &roles[i]->assignments[j]);
    }
    out->people_count = tidy(out->people, out->people_count, sizeof *out->people, by_key);
    out->organisation_count =
        tidy(out->organisations, out->organisation_count, sizeof *out->organisations, by_path);
    return !arena_failed(a);
}

bool holders_has_person(const struct holders *h, const struct dn_key *key)
{
    const struct candidate wanted = {.key = *key};
    return h->people_count > 0 &&
           bsearch(&wanted, h->people, h->people_count, sizeof *h->people, by_key) != NULL;
}

long holders_find_organisation(const struct holders *h, struct str path)
{
    const struct str *found = NULL;
    if (h->organisation_count > 0)
        found = bsearch(&path, h->organisations, h->organisation_count, sizeof path, by_path);
    return found ? found - h->organisations : -1;
}
