/* Which groups somebody is in. */
#include "directory/model/walk.h"

static bool is_group(const struct model *m, const struct holder *h, const struct run *wanted)
{
    return h->kind == HOLDER_GROUP && wanted->count > 0 && m->group_keys.values[wanted->first] == h->number;
}

bool model_in_group(const struct model *m, const struct subject *subject, struct str group_dn)
{
    struct dn_key key;
    if (!dn_key_of(group_dn, &key))
        return false;
    struct run wanted = keymap_find(&m->group_keys, &key);
    struct walk walk;
    struct holder h;
    walk_begin(&walk, m, subject);
    while (wanted.count > 0 && walk_next(&walk, &h))
        if (is_group(m, &h, &wanted))
            return true;
    return false;
}

bool model_groups(const struct model *m, struct arena *a, const struct subject *subject, struct words *out)
{
    bool *in = arena_alloc(a, m->group_count * sizeof *in);
    size_t n = 0;
    struct walk walk;
    struct holder h;
    *out = (struct words){0};
    walk_begin(&walk, m, subject);
    while (in && walk_next(&walk, &h))
        if (h.kind == HOLDER_GROUP && !in[h.number]) {
            in[h.number] = true;
            n++;
        }
    out->v = arena_alloc(a, n * sizeof *out->v);
    for (uint32_t i = 0; in && out->v && i < m->group_count; i++)
        if (in[i])
            out->v[out->n++] = m->groups[i]->path;
    return in && out->v;
}
