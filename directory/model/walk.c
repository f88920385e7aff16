#include "directory/model/walk.h"

void walk_begin(struct walk *w, const struct model *m, const struct subject *subject)
{
    *w = (struct walk){.m = m, .subject = subject, .organisations = subject->organisations};
    w->above.then = NO_NUMBER;
}

static uint32_t take(struct run *run, const uint32_t *values)
{
    run->count--;
    return values[run->first++];
}

static void group_of(const struct model *m, uint32_t number, struct holder *out)
{
    *out = (struct holder){HOLDER_GROUP, number, m->group_nodes[number].held};
}

/* The path of what lies above: 330102 of 330102/D0412; empty at the top. */
static struct str above(struct str path)
{
    while (path.len > 0 && path.p[path.len - 1] != '/')
        path.len--;
    return str_sub(path, 0, path.len > 0 ? path.len - 1 : 0);
}

/* The next organisation that exists, of the present path upward, then of the next path. */
static bool next_organisation(struct walk *w, struct holder *out)
{
    while (w->path.len > 0 || str_word(&w->organisations, &w->path)) {
        uint32_t number = model_organisation_number(w->m, w->path);
        w->path = above(w->path);
        if (number == NO_NUMBER)
            continue;
        const struct organisation_node *node = &w->m->organisations[number];
        *out = (struct holder){HOLDER_ORGANISATION, number, node->held};
        w->groups = node->groups;
        return true;
    }
    return false;
}

bool walk_next(struct walk *w, struct holder *out)
{
    const struct model *m = w->m;
    if (w->above.groups.count == 0 && w->above.then != NO_NUMBER)
        w->above = m->above[w->above.then];
    if (w->above.groups.count > 0) {
        group_of(m, take(&w->above.groups, m->above_groups), out);
        return true;
    }
    if (w->groups.count > 0) {
        group_of(m, take(&w->groups, m->by_member.values), out);
        w->above.then = m->group_nodes[out->number].above;
        return true;
    }
    if (w->begun)
        return next_organisation(w, out);
    w->begun = true;
    w->groups = keymap_find(&m->by_member, &w->subject->dn);
    *out = (struct holder){HOLDER_SUBJECT, NO_NUMBER, keymap_find(&m->by_holder, &w->subject->dn)};
    return true;
}

struct str holder_name(const struct model *m, const struct holder *h)
{
    if (h->kind == HOLDER_SUBJECT)
        return STR("subject");
    return h->kind == HOLDER_GROUP ? m->groups[h->number]->path : m->organisations[h->number].of->path;
}
