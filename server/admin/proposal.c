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

bool proposal_target(const struct proposal *w, size_t n, struct str *parts)
{
    struct str rest = w->target;
    for (size_t i = 0; i + 1 < n; i++)
        if (!str_has(rest, '/') || !str_cut(&rest, '/', &parts[i]) || parts[i].len == 0)
            return false;
    parts[n - 1] = rest;
    return rest.len > 0 && !str_has(rest, '/');
}
