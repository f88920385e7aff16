/* Changes of roles' definitions. */
#include "directory/model/builtin.h"
#include "directory/model/grammar.h"
#include "server/admin/roles.h"

static const struct application_setting rows[] = {
    {"display-name", "displayName", false, "1 to 128 bytes of plain text"},
    {"display-name-zh", "displayName;lang-zh", false, "1 to 128 bytes of plain text"},
    {"description", "description", false, "1 to 500 bytes of plain text"},
    {"description-zh", "description;lang-zh", false, "1 to 500 bytes of plain text"},
    {"permission", "onedoorPermission", true, "type:action, declared by the application"},
    {"excludes", "onedoorExcludes", true, "the name of a role, or client_id/name"},
    {"delegated", "onedoorDelegated", false, "TRUE or FALSE"},
};

struct fields role_fields(void)
{
    return (struct fields){rows, sizeof rows / sizeof rows[0]};
}

struct str role_branch(struct arena *a, struct str client_id)
{
    struct str escaped = dn_escape(a, client_id);
    return arena_printf(a, "ou=" STR_FMT ",ou=roles", STR_ARG(escaped));
}

struct str role_rdn(struct arena *a, struct str client_id, struct str name)
{
    struct str escaped = dn_escape(a, name), branch = role_branch(a, client_id);
    return arena_printf(a, "cn=" STR_FMT "," STR_FMT, STR_ARG(escaped), STR_ARG(branch));
}

bool role_is(const struct entry *e, struct str client_id, struct str name)
{
    return str_eq(entry_value(e, "onedoorClientId"), client_id) && str_eq(entry_value(e, "cn"), name);
}

enum result role_make(struct directory *d, struct arena *a, struct str client_id, struct str name,
                      struct entry *more)
{
    struct str unit = STR("organizationalUnit"), class = STR("onedoorRole");
    const struct attribute branch[] = {{"objectClass", &unit, 1}, {"ou", &client_id, 1}};
    more->attributes[more->count++] = (struct attribute){"objectClass", &class, 1};
    more->attributes[more->count++] = (struct attribute){"cn", &name, 1};
    more->attributes[more->count++] = (struct attribute){"onedoorClientId", &client_id, 1};
    enum result r = registry_add(d, role_branch(a, client_id), branch, 2);
    if (r != RESULT_OK && r != RESULT_USED)
        return r;
    return registry_add(d, role_rdn(a, client_id, name), more->attributes, more->count);
}

static bool names(const struct proposal *w, struct str *client_id, struct str *name)
{
    struct str parts[2];
    bool good = proposal_target(w, 2, parts) && is_model_name(parts[1]);
    *client_id = parts[0];
    *name = parts[1];
    return good;
}

enum result kind_role_state(struct proposal *w, json_t **now)
{
    struct str client_id, name;
    if (!names(w, &client_id, &name))
        return proposal_refuse(w, WHY_NOT_VALID, STR("name: 1 to 64 letters, digits, _ - and ."));
    enum result r = proposal_state(w, role_rdn(w->a, client_id, name), role_fields(), now);
    if (r == RESULT_OK && w->seen.count > 0 && !role_is(&w->seen, client_id, name))
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    return r;
}

static bool is_declared(const struct attribute *declared, struct str permission)
{
    for (size_t i = 0; declared && i < declared->count; i++) {
        struct permission p;
        if (permission_read(declared->values[i], &p))
            continue;
        struct str name = {p.resource_type.p, p.resource_type.len + 1 + p.action.len};
        if (str_eq(name, permission))
            return true;
    }
    return false;
}

/* The names are of roles that there are, and not of the role itself. */
static bool is_other_role(const struct proposal *w, struct str client_id, struct str name, struct str other)
{
    struct str of = client_id;
    if (str_has(other, '/') && !str_cut(&other, '/', &of))
        return false;
    bool itself = str_eq(of, client_id) && str_eq(other, name);
    return !itself && model_role(w->m, of, other) != NULL;
}

static enum result check_lists(struct proposal *w, struct str client_id, struct str name)
{
    struct entry app;
    enum result r = registry_read(w->p->directory, w->a, application_rdn(w->a, client_id), &app);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_NOT_THERE, client_id) : r;
    const struct attribute *declared = entry_attribute(&app, "onedoorPermission");
    struct attribute list = fields_values(w->a, w->after, "permission");
    for (size_t i = 0; i < list.count; i++)
        if (!is_declared(declared, list.values[i]))
            return proposal_refuse(w, WHY_NOT_VALID,
                                   arena_printf(w->a,
                                                "permission: " STR_FMT " is not declared by the application",
                                                STR_ARG(list.values[i])));
    list = fields_values(w->a, w->after, "excludes");
    for (size_t i = 0; i < list.count; i++)
        if (!is_other_role(w, client_id, name, list.values[i]))
            return proposal_refuse(
                w, WHY_NOT_VALID,
                arena_printf(w->a, "excludes: " STR_FMT " is no other role", STR_ARG(list.values[i])));
    return RESULT_OK;
}

static enum result check_texts(struct proposal *w)
{
    static const struct {
        const char *name;
        size_t max;
    } texts[] = {
        {"display-name", 128}, {"display-name-zh", 128}, {"description", 500}, {"description-zh", 500}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct str value = fields_value(w->after, texts[i].name);
        if (value.len > texts[i].max || !str_is_plain_text(value))
            return proposal_refuse(w, WHY_NOT_VALID, str_of(texts[i].name));
    }
    struct str delegated = fields_value(w->after, "delegated");
    if (delegated.len > 0 && !str_eq(delegated, STR("TRUE")) && !str_eq(delegated, STR("FALSE")))
        return proposal_refuse(w, WHY_NOT_VALID, STR("delegated: TRUE or FALSE"));
    return RESULT_OK;
}

enum result kind_role_check_write(struct proposal *w)
{
    struct str client_id, name, unfit = fields_unfit(w->after, role_fields());
    bool adds = str_eq(str_of(w->kind->name), STR("role.add")), there = w->seen.count > 0;
    if (!names(w, &client_id, &name) || unfit.len > 0)
        return proposal_refuse(w, WHY_NOT_VALID, unfit);
    if (is_builtin_application(client_id))
        return proposal_refuse(w, WHY_BUILT_IN, name);
    if (adds == there)
        return proposal_refuse(w, adds ? WHY_EXISTS : WHY_NOT_THERE, w->target);
    if (there && json_equal(w->before, w->after))
        return proposal_refuse(w, WHY_NOTHING, STR_EMPTY);
    enum result r = check_texts(w);
    return r == RESULT_OK ? check_lists(w, client_id, name) : r;
}

enum result kind_role_check_remove(struct proposal *w)
{
    struct str client_id, name;
    struct entries below = {0};
    if (!names(w, &client_id, &name) || w->seen.count == 0)
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    if (is_builtin_application(client_id))
        return proposal_refuse(w, WHY_BUILT_IN, name);
    if (entry_attribute(&w->seen, "member"))
        return proposal_refuse(w, WHY_HAS_HOLDERS, entry_value(&w->seen, "member"));
    enum result r =
        registry_list(w->p->directory, w->a, role_rdn(w->a, client_id, name), "(objectClass=*)", &below);
    if (r == RESULT_OK && below.n > 0)
        return proposal_refuse(w, WHY_HAS_HOLDERS, entry_value(&below.v[0], "member"));
    return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_NOT_THERE, w->target) : r;
}

enum result kind_role_apply_add(struct proposal *w)
{
    struct str client_id, name;
    struct entry e;
    if (!names(w, &client_id, &name) || !fields_attributes(w->a, w->after, role_fields(), 3, &e))
        return RESULT_INTERNAL;
    return role_make(w->p->directory, w->a, client_id, name, &e);
}

enum result kind_role_apply_set(struct proposal *w)
{
    struct str client_id, name;
    struct planned_changes changes;
    if (!names(w, &client_id, &name) || !fields_changes(w->a, &w->seen, w->after, role_fields(), &changes))
        return RESULT_INTERNAL;
    return proposal_modify(w, role_rdn(w->a, client_id, name), role_fields(), &changes);
}

enum result kind_role_apply_remove(struct proposal *w)
{
    struct str client_id, name;
    if (!names(w, &client_id, &name))
        return RESULT_INTERNAL;
    enum result r = proposal_delete(w, role_rdn(w->a, client_id, name), role_fields());
    /* Somebody got it in the meantime. */
    return r == RESULT_REFUSED ? proposal_refuse(w, WHY_HAS_HOLDERS, STR_EMPTY) : r;
}
