#include "directory/model/reach.h"

/* The values of a run ascend, so that an application's holdings stand together. */
struct cursor cursor_of(const struct model *m, const struct holder *h, struct run within)
{
    const uint32_t *low = m->by_holder.values + h->held.first, *end = low + h->held.count, *high = end;
    while (low < high) {
        const uint32_t *middle = low + (high - low) / 2;
        if (*middle < within.first)
            low = middle + 1;
        else
            high = middle;
    }
    return (struct cursor){low, end, within.first + within.count};
}

uint32_t cursor_next(struct cursor *c)
{
    return c->at < c->end && *c->at < c->limit ? *c->at++ : NO_NUMBER;
}

bool assignment_holds(const struct assignment *a, int64_t now)
{
    return now >= a->from && (a->until == 0 || now < a->until);
}

static bool holds_now(const struct model *m, uint32_t role, const struct subject *subject, int64_t now)
{
    struct run within = m->role_nodes[role].holdings;
    struct walk walk;
    struct holder h;
    walk_begin(&walk, m, subject);
    while (within.count > 0 && walk_next(&walk, &h)) {
        struct cursor cursor = cursor_of(m, &h, within);
        for (uint32_t i; (i = cursor_next(&cursor)) != NO_NUMBER;)
            if (assignment_holds(m->holdings[i].of, now))
                return true;
    }
    return false;
}

bool role_is_excluded(const struct model *m, uint32_t role, const struct subject *subject, int64_t now)
{
    struct run run = m->role_nodes[role].excludes;
    for (uint32_t i = 0; i < run.count; i++)
        if (holds_now(m, m->excludes[run.first + i], subject, now))
            return true;
    return false;
}

bool role_is_barred(const struct model *m, uint32_t role, const struct subject *subject,
                    const struct mandate *mandate, const struct subject *agent, int64_t now)
{
    if (m->role_nodes[role].excludes.count == 0)
        return false;
    const struct subject named = {.dn = mandate ? mandate->agent : subject->dn};
    return role_is_excluded(m, role, subject, now) ||
           (mandate && role_is_excluded(m, role, agent ? agent : &named, now));
}

enum data_scope scope_in_full(const struct model *m, const struct assignment *a, const struct holder *h,
                              struct words *bases, struct str *room)
{
    *bases = a->organisations;
    if (a->scope != SCOPE_DEPARTMENT && a->scope != SCOPE_DEPARTMENT_AND_BELOW)
        return a->scope;
    if (bases->n == 0 && h->kind == HOLDER_ORGANISATION) {
        *room = holder_name(m, h);
        *bases = (struct words){room, 1};
    }
    if (bases->n == 0)
        return a->scope;
    return a->scope == SCOPE_DEPARTMENT ? SCOPE_LISTED : SCOPE_LISTED_AND_BELOW;
}
