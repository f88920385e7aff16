#include "server/admin/holders.h"

#include "directory/dn.h"
#include "directory/operation.h"

static void put_person(const struct person *p, struct holder *out)
{
    out->kind = HOLDER_PERSON;
    out->name = p->subject;
    out->label = p->display_name.len > 0 ? p->display_name : p->subject;
}

static enum result find_person(struct directory *d, struct arena *a, struct str dn, struct person **out)
{
    const struct directory_config *c = directory_config(d);
    struct entries found = {0};
    const struct search s = {.base = dn,
                             .scope = LDAP_SCOPE_BASE,
                             .filter = c->person_filter,
                             .attributes = person_attributes(c, a)};
    if (!dn_is_below(a, dn, str_of(c->people_base)))
        return RESULT_NOT_FOUND;
    if (!s.attributes)
        return RESULT_INTERNAL;
    enum result r = directory_search(d, a, &s, &found);
    if (r == RESULT_OK && found.n != 1)
        r = RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        r = person_of_entry(c, a, &found.v[0], out);
    return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
}

enum result holder_of_dn(struct directory *d, const struct model *m, struct arena *a, struct str dn,
                         struct holder *out)
{
    *out = (struct holder){.dn = dn};
    const struct group *g = model_group(m, dn);
    const struct organisation *o = model_organisation_of_dn(m, dn);
    struct person *p = NULL;
    if (g) {
        out->kind = HOLDER_GROUP;
        out->name = g->path;
        out->label = g->description.len > 0 ? g->description : g->path;
        return RESULT_OK;
    }
    if (o) {
        out->kind = HOLDER_ORGANISATION;
        out->name = o->path;
        out->label = o->name.len > 0 ? o->name : o->path;
        return RESULT_OK;
    }
    enum result r = find_person(d, a, dn, &p);
    if (r != RESULT_OK)
        return r;
    put_person(p, out);
    return subject_of_person(p, &out->person) ? RESULT_OK : RESULT_INTERNAL;
}

static struct str group_dn(const struct model *m, struct str path)
{
    const struct group *const *all;
    size_t n = model_group_list(m, &all);
    for (size_t i = 0; i < n; i++)
        if (str_eq(all[i]->path, path))
            return all[i]->dn;
    return STR_EMPTY;
}

enum result holder_of_name(struct directory *d, const struct model *m, struct arena *a, enum holder_kind kind,
                           struct str name, struct str *dn)
{
    struct person *p = NULL;
    const struct organisation *o;
    enum result r = RESULT_OK;
    *dn = STR_EMPTY;
    switch (kind) {
    case HOLDER_PERSON:
        r = person_by_login(d, a, name, &p);
        *dn = r == RESULT_OK ? p->dn : STR_EMPTY;
        break;
    case HOLDER_GROUP:
        *dn = group_dn(m, name);
        break;
    case HOLDER_ORGANISATION:
        o = model_organisation(m, name);
        *dn = o ? o->dn : STR_EMPTY;
        break;
    }
    return r == RESULT_OK && dn->len == 0 ? RESULT_NOT_FOUND : r;
}

static bool same_dn(struct str a, struct str b)
{
    struct dn_key x, y;
    return dn_key_of(a, &x) && dn_key_of(b, &y) && dn_key_eq(&x, &y);
}

static bool in_organisation(const struct model *m, struct str path, const struct subject *person)
{
    struct str list = person->organisations, own;
    while (str_word(&list, &own))
        if (model_is_below(m, own, path))
            return true;
    return false;
}

bool holder_covers(const struct model *m, struct str dn, const struct subject *person)
{
    struct dn_key key;
    const struct organisation *o = model_organisation_of_dn(m, dn);
    if (o)
        return in_organisation(m, o->path, person);
    if (model_group(m, dn))
        return model_in_group(m, person, dn);
    return dn_key_of(dn, &key) && dn_key_eq(&key, &person->dn);
}

static bool names_member(const struct group *g, struct str dn)
{
    for (size_t i = 0; g && i < g->members.n; i++)
        if (same_dn(g->members.v[i], dn))
            return true;
    return false;
}

/* Whether the model can tell that somebody is meant by both. */
static bool overlap(const struct model *m, const struct holder *holder, struct str other)
{
    if (holder->kind == HOLDER_PERSON)
        return holder_covers(m, other, &holder->person);
    const struct group *mine = model_group(m, holder->dn), *theirs = model_group(m, other);
    if (same_dn(holder->dn, other) || names_member(mine, other) || names_member(theirs, holder->dn))
        return true;
    for (size_t i = 0; mine && theirs && i < mine->members.n; i++)
        if (names_member(theirs, mine->members.v[i]))
            return true;
    const struct organisation *x = model_organisation_of_dn(m, holder->dn),
                              *y = model_organisation_of_dn(m, other);
    return x && y && (model_is_below(m, x->path, y->path) || model_is_below(m, y->path, x->path));
}

static bool holds(const struct model *m, const struct holder *holder, const struct role *role)
{
    for (size_t i = 0; i < role->assignment_count; i++)
        for (size_t h = 0; h < role->assignments[i].holders.n; h++)
            if (overlap(m, holder, role->assignments[i].holders.v[h]))
                return true;
    return false;
}

static bool is_named(const struct role *of, struct str client_id, struct str name)
{
    for (size_t i = 0; of && i < of->excludes.n; i++) {
        struct str role = of->excludes.v[i], client;
        if (str_cut(&role, '/', &client) && str_eq(client, client_id) && str_eq(role, name))
            return true;
    }
    return false;
}

struct str holder_excluded_by(const struct model *m, const struct holder *holder, struct str client_id,
                              struct str role)
{
    const struct role *mine = model_role(m, client_id, role), *const * all;
    size_t n = model_roles(m, STR_EMPTY, &all);
    for (size_t i = 0; i < n; i++) {
        if (all[i] == mine)
            continue;
        bool apart = is_named(mine, all[i]->client_id, all[i]->name) || is_named(all[i], client_id, role);
        if (apart && holds(m, holder, all[i]))
            return all[i]->name;
    }
    return STR_EMPTY;
}
