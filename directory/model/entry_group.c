/* Groups and posts: groupOfNames and its kin, with the keys of their members. */
#include "directory/dn.h"
#include "directory/model/parse.h"

/* Whose class `group` may be empty. */
static bool is_active_directorys(const struct entry *e)
{
    const struct attribute *classes = entry_attribute(e, "objectClass");
    for (size_t i = 0; classes && i < classes->count; i++)
        if (str_eq_nocase(classes->values[i], STR("group")))
            return true;
    return false;
}

bool parse_group(struct parse *p)
{
    struct group *g = &p->item->group.of;
    bool unique = entry_attribute(p->e, "uniqueMember") != NULL;
    g->dn = p->item->dn;
    g->description = parse_value(p, "description");
    g->path = dn_path(p->a, g->dn, str_of(p->config->groups_base));
    if (g->path.len == 0) {
        parse_fault(p, "stands outside groups_base, or its name has a slash, so that no path can name it");
        return false;
    }
    g->members = parse_dns(p, unique ? "uniqueMember" : "member", &p->item->group.members);
    /* RFC 4519's classes demand a member: when none is seen, access rules hide them, and that is a loss. */
    if (g->members.n > 0 || is_active_directorys(p->e))
        return true;
    parse_fault(p, "has no member that the server may read; accepted: one or more DNs, and access "
                   "rules that show them");
    return false;
}
