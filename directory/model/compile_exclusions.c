/* Pairs of roles that exclude each other: named on one side, they hold on both. */
#include "directory/model/compile.h"

#include <stdlib.h>

struct exclusion {
    uint32_t role, other;
};

static int by_both(const void *pa, const void *pb)
{
    const struct exclusion *a = pa, *b = pb;
    if (a->role != b->role)
        return a->role < b->role ? -1 : 1;
    return (a->other > b->other) - (a->other < b->other);
}

/* For the directory cn: Clerk and cn: clerk are one: an exclusion must not be lost by how it is spelt. */
static uint32_t role_spelt_otherwise(const struct model *m, struct str client_id, struct str name)
{
    for (uint32_t i = 0; i < m->role_count; i++)
        if (str_eq(m->roles[i].client_id, client_id) && str_eq_nocase(m->roles[i].name, name))
            return i;
    return NO_NUMBER;
}

static uint32_t excluded(struct compile *job, uint32_t role, struct str word)
{
    struct str name = word, client_id = STR_EMPTY;
    str_cut(&name, '/', &client_id);
    uint32_t other = model_role_number(job->m, client_id, name);
    if (other == NO_NUMBER)
        other = role_spelt_otherwise(job->m, client_id, name);
    if (other != NO_NUMBER && other != role)
        return other;
    faults_add(job->faults, job->m->roles[role].dn,
               "onedoorExcludes: \"" STR_FMT "\" %s; accepted: the name of another role, or client_id/name",
               STR_ARG(word), other == role ? "is the role itself" : "is no role that there is");
    return NO_NUMBER;
}

bool compile_exclusions(struct compile *job)
{
    struct model *m = job->m;
    size_t room = 0, n = 0;
    uint32_t at = 0;
    for (uint32_t i = 0; i < m->role_count; i++)
        room += 2 * m->roles[i].excludes.n;
    struct exclusion *all = arena_alloc(job->scratch, room * sizeof *all);
    m->excludes = compile_room(job, room, sizeof *m->excludes);
    if (!all || !m->excludes || room > UINT32_MAX)
        return false;
    for (uint32_t i = 0; i < m->role_count; i++)
        for (size_t j = 0; j < m->roles[i].excludes.n; j++) {
            uint32_t other = excluded(job, i, m->roles[i].excludes.v[j]);
            if (other == NO_NUMBER)
                continue;
            all[n++] = (struct exclusion){i, other};
            all[n++] = (struct exclusion){other, i};
        }
    if (n > 0)
        qsort(all, n, sizeof *all, by_both);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && by_both(&all[i - 1], &all[i]) == 0)
            continue;
        struct run *run = &m->role_nodes[all[i].role].excludes;
        if (run->count++ == 0)
            run->first = at;
        m->excludes[at++] = all[i].other;
    }
    return true;
}
