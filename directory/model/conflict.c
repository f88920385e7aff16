/* Who holds two roles that exclude each other. */
#include "directory/model/reach.h"

struct held_roles {
    uint32_t *v; /* numbers of roles with exclusions, ascending */
    size_t n, room;
};

static bool add(struct held_roles *list, struct arena *a, uint32_t role)
{
    size_t at = 0;
    while (at < list->n && list->v[at] < role)
        at++;
    if (at < list->n && list->v[at] == role)
        return true;
    if (list->n == list->room) {
        list->room = list->room ? 2 * list->room : 8;
        uint32_t *more = arena_alloc(a, list->room * sizeof *more);
        if (!more)
            return false;
        for (size_t i = 0; i < list->n; i++)
            more[i] = list->v[i];
        list->v = more;
    }
    for (size_t i = list->n++; i > at; i--)
        list->v[i] = list->v[i - 1];
    list->v[at] = role;
    return true;
}

static bool gather(const struct model *m, struct arena *a, const struct subject *subject, int64_t now,
                   struct held_roles *list)
{
    const struct run all = {0, m->holding_count};
    struct walk walk;
    struct holder h;
    walk_begin(&walk, m, subject);
    while (walk_next(&walk, &h)) {
        struct cursor cursor = cursor_of(m, &h, all);
        for (uint32_t i; (i = cursor_next(&cursor)) != NO_NUMBER;) {
            const struct holding *held = &m->holdings[i];
            if (m->role_nodes[held->role].excludes.count == 0 || !assignment_holds(held->of, now))
                continue;
            if (!add(list, a, held->role))
                return false;
        }
    }
    return true;
}

static bool excludes(const struct model *m, uint32_t role, uint32_t other)
{
    struct run run = m->role_nodes[role].excludes;
    for (uint32_t i = 0; i < run.count; i++)
        if (m->excludes[run.first + i] == other)
            return true;
    return false;
}

bool model_conflicts(const struct model *m, struct arena *a, const struct subject *subject, int64_t now,
                     struct conflict **out, size_t *n)
{
    struct held_roles list = {0};
    *n = 0;
    if (!gather(m, a, subject, now, &list))
        return false;
    *out = arena_alloc(a, list.n * (list.n > 0 ? list.n - 1 : 0) / 2 * sizeof **out);
    for (size_t i = 0; *out && i < list.n; i++)
        for (size_t j = i + 1; j < list.n; j++)
            if (excludes(m, list.v[i], list.v[j]))
                (*out)[(*n)++] = (struct conflict){&m->roles[list.v[i]], &m->roles[list.v[j]]};
    return *out != NULL;
}
