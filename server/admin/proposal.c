#include "server/admin/proposal.h"

enum result proposal_refuse(struct proposal *w, enum why why, struct str detail)
{
    w->why = why;
    w->detail = detail;
    return RESULT_REFUSED;
}

enum result proposal_state(struct proposal *w, struct str rdn, struct fields f, json_t **now)
{
    w->seen = (struct entry){0};
    *now = json_null();
    if (rdn.len == 0)
        return RESULT_INTERNAL;
    enum result r = registry_read(w->p->directory, w->a, rdn, &w->seen);
    if (r == RESULT_NOT_FOUND)
        return RESULT_OK;
    if (r == RESULT_OK)
        *now = fields_of_entry(w->a, &w->seen, f, w->after);
    return r == RESULT_OK && !*now ? RESULT_INTERNAL : r;
}

enum result proposal_modify(struct proposal *w, struct str rdn, struct fields f,
                            const struct planned_changes *changes)
{
    struct entry seen;
    if (!fields_seen(w->a, &w->seen, f, &seen))
        return RESULT_INTERNAL;
    return registry_modify_seen(w->p->directory, rdn, &seen, changes->v, changes->n);
}

enum result proposal_delete(struct proposal *w, struct str rdn, struct fields f)
{
    struct entry seen;
    if (!fields_seen(w->a, &w->seen, f, &seen))
        return RESULT_INTERNAL;
    return registry_delete_seen(w->p->directory, rdn, &seen);
}

bool proposal_target(const struct proposal *w, size_t n, struct str *parts)
{
    struct str rest = w->target;
    for (size_t i = 0; i + 1 < n; i++)
        if (!str_has(rest, '/') || !str_cut(&rest, '/', &parts[i]) || parts[i].len == 0)
            return false;
    parts[n - 1] = rest;
    return rest.len > 0 && !str_has(rest, '/');
}
