/* Roles: sets of an application's permissions, and what may not be held beside them. */
#include "directory/dn.h"
#include "directory/model/builtin.h"
#include "directory/model/parse.h"

/* "clerk" is a role of the same application; "other-app/clerk" one of another. */
static void read_excludes(struct parse *p, struct role *role)
{
    struct words all = parse_values(p, "onedoorExcludes");
    role->excludes.v = all.v;
    for (size_t i = 0; i < all.n; i++) {
        struct str name = all.v[i], client = role->client_id;
        if (str_has(name, '/'))
            str_cut(&name, '/', &client);
        if (!is_model_name(client) || !is_model_name(name)) {
            parse_fault(p,
                        "onedoorExcludes: \"" STR_FMT
                        "\" is left out; accepted: the name of a role, or client_id/name",
                        STR_ARG(all.v[i]));
            continue;
        }
        const struct str parts[] = {client, STR("/"), name};
        role->excludes.v[role->excludes.n++] = arena_join(p->a, parts, 3);
    }
}

static struct words split(struct parse *p, const char *text, const char *prefix)
{
    struct str rest = str_of(text), word;
    struct words out = {.v = arena_alloc(p->a, (rest.len / 2 + 1) * sizeof *out.v)};
    while (out.v && str_word(&rest, &word)) {
        const struct str parts[] = {str_of(prefix), word};
        out.v[out.n++] = arena_join(p->a, parts, 2);
    }
    return out;
}

/* Onedoor's own roles are what they are; the entry only says who holds them. */
static bool read_builtin(struct parse *p, struct role *role)
{
    const struct builtin_role *known = builtin_role(role->name);
    if (!known) {
        parse_fault(p,
                    "\"" STR_FMT "\" is no role of Onedoor; accepted: system-administrator, "
                    "security-administrator, audit-administrator, department-administrator",
                    STR_ARG(role->name));
        return false;
    }
    role->permissions = split(p, known->permissions, "");
    role->excludes = split(p, known->excludes, BUILTIN_CLIENT_ID "/");
    if (role->display_name.len == 0)
        role->display_name = str_of(known->display_name);
    if (role->description.len == 0)
        role->description = str_of(known->description);
    return true;
}

static bool read_names(struct parse *p, struct role *role)
{
    role->dn = p->item->dn;
    role->client_id = parse_value(p, "onedoorClientId");
    role->name = dn_first_value(p->a, role->dn);
    role->display_name = parse_value(p, "displayName");
    role->description = parse_value(p, "description");
    role->delegated = parse_flag(p, "onedoorDelegated");
    if (!is_model_name(role->name)) {
        parse_fault(p,
                    "cn: not accepted as the name of a role; accepted: 1 to 64 letters, digits, _ - and .");
        return false;
    }
    if (role->client_id.len > 0)
        return true;
    parse_fault(p, "onedoorClientId: missing; accepted: the application whose role it is");
    return false;
}

bool parse_role(struct parse *p)
{
    struct role *role = &p->item->role.of;
    if (!read_names(p, role))
        return false;
    if (is_builtin_application(role->client_id)) {
        if (!read_builtin(p, role))
            return false;
    } else {
        role->permissions = parse_permission_words(p);
        read_excludes(p, role);
    }
    /* A wrong scope or period takes the role's own holders away, not those of the assignments below it. */
    if (!parse_held(p, &p->item->role.own))
        p->item->role.own.of.holders.n = 0;
    return true;
}
