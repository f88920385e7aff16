/* GET, POST /admin/role: one role, its definition and its holders, or (without name) the form for a new one.
 */
#include "directory/model/builtin.h"
#include "server/admin/role_form.h"
#include "server/admin/roles.h"

enum { SHOWN_MAX = 200 };

static const char *permission_for(const struct desk *d)
{
    return is_builtin_application(desk_param(d, "app")) ? "administrator:assign" : "role:assign";
}

static struct str address(struct desk *d)
{
    return desk_address(d, "/admin/role", "app", desk_param(d, "app"), "name", desk_param(d, "name"));
}

static bool reaches(struct desk *d, const struct assignment *as)
{
    bool all = as->organisations.n > 0;
    for (size_t i = 0; i < as->organisations.n; i++)
        all = all && actor_may_in(d->m, &d->actor, "role:assign", as->organisations.v[i]);
    return all;
}

static enum result put_holders(struct desk *d, json_t *item, const struct assignment *as)
{
    json_t *list = desk_list(item, "holders");
    for (size_t i = 0; i < as->holders.n; i++) {
        struct holder h;
        enum result r = holder_of_dn(d->p->directory, d->m, d->a, as->holders.v[i], &h);
        if (r != RESULT_OK && r != RESULT_NOT_FOUND)
            return r;
        json_t *holder = desk_item(list);
        json_put_str(holder, "dn", as->holders.v[i]);
        json_put_str(holder, "name", r == RESULT_OK ? h.name : as->holders.v[i]);
        json_put_str(holder, "label", r == RESULT_OK ? h.label : as->holders.v[i]);
    }
    return RESULT_OK;
}

static enum result put_assignments(struct desk *d, json_t *data, const struct role *role, bool everywhere)
{
    json_t *list = desk_list(data, "assignments");
    for (size_t i = 0; i < role->assignment_count && i < SHOWN_MAX; i++) {
        const struct assignment *as = &role->assignments[i];
        if (!everywhere && !reaches(d, as))
            continue;
        json_t *item = desk_item(list), *paths = desk_list(item, "where");
        json_put_str(item, "assignment", as->name);
        json_put_str(item, "scope", str_of(scope_word(as->scope)));
        desk_time(item, "valid_from", as->from);
        desk_time(item, "valid_until", as->until);
        for (size_t o = 0; o < as->organisations.n; o++)
            json_array_append_new(paths, json_stringn(as->organisations.v[o].p, as->organisations.v[o].len));
        enum result r = put_holders(d, item, as);
        if (r != RESULT_OK)
            return r;
    }
    return RESULT_OK;
}

static void put_names(json_t *data, const char *name, struct words words)
{
    json_t *list = desk_list(data, name);
    for (size_t i = 0; i < words.n; i++)
        json_array_append_new(list, json_stringn(words.v[i].p, words.v[i].len));
}

/* The definition as the registry has it, for the form; the built-in ones have none. */
static enum result read_definition(struct desk *d, struct str app, struct str name, json_t **present)
{
    struct entry e;
    *present = json_new(d->a);
    if (!*present)
        return RESULT_INTERNAL;
    if (name.len == 0 || is_builtin_application(app))
        return RESULT_OK;
    enum result r = registry_read(d->p->directory, d->a, role_rdn(d->a, app, name), &e);
    if (r == RESULT_OK && !role_is(&e, app, name))
        return RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        *present = fields_of_entry(d->a, &e, role_fields(), NULL);
    return r == RESULT_OK && !*present ? RESULT_INTERNAL : r;
}

static void put_role(json_t *data, const struct role *role)
{
    put_names(data, "permissions", role->permissions);
    put_names(data, "excludes", role->excludes);
    desk_label(data, role->display_name.len > 0 ? role->display_name : role->name, STR_EMPTY);
    json_put_str(data, "description", role->description);
    json_object_set_new(data, "delegated", json_boolean(role->delegated));
    json_object_set_new(data, "builtin", json_boolean(is_builtin_application(role->client_id)));
}

/* Whether the role is one that this administrator sees at all. */
static bool is_there(struct desk *d, const struct role *role, struct str name)
{
    if (name.len == 0)
        return desk_may(d, "role:write") && desk_param(d, "app").len > 0;
    return role && (desk_may_everywhere(d, "role:read") || role->delegated);
}

void page_role(struct desk *d)
{
    struct str app = desk_param(d, "app"), name = desk_param(d, "name");
    const struct role *role = name.len > 0 ? model_role(d->m, app, name) : NULL;
    json_t *present = NULL, *data;
    if (!is_there(d, role, name)) {
        desk_not_found(d);
        return;
    }
    enum result r = read_definition(d, app, name, &present);
    data = r == RESULT_OK ? desk_data(d) : NULL;
    if (data && role) {
        put_role(data, role);
        r = put_assignments(d, data, role, desk_may_everywhere(d, "role:read"));
    }
    if (r != RESULT_OK) {
        if (r == RESULT_NOT_FOUND)
            desk_not_found(d);
        else
            desk_failure(d, r);
        return;
    }
    if (!data)
        return;
    json_put_str(data, "app", app);
    json_put_str(data, "role", name);
    json_put_str(data, "seen", desk_digest(d, present));
    bool assigns = role && desk_may(d, permission_for(d)), defines = desk_may(d, "role:write");
    json_object_set_new(data, "assigns", json_boolean(assigns));
    json_object_set_new(data, "defines", json_boolean(defines && !is_builtin_application(app)));
    if (defines)
        role_form_put(d, data, present);
    if (assigns)
        assign_form_put(d, data, permission_for(d));
    desk_view(d, "admin_role", data);
}

static void refuse(struct desk *d, enum why why, struct str detail)
{
    d->why = why;
    d->detail = detail;
    page_role(d);
}

static void define(struct desk *d)
{
    struct str app = desk_param(d, "app"), name = desk_param(d, "name");
    bool adds = name.len == 0;
    json_t *present, *after;
    if (adds)
        name = desk_value(d, "role_name");
    enum result r = read_definition(d, app, adds ? STR_EMPTY : name, &present);
    after = r == RESULT_OK ? role_form_read(d, present) : NULL;
    if (r == RESULT_NOT_FOUND) {
        desk_not_found(d);
        return;
    }
    if (!after) {
        desk_failure(d, r == RESULT_OK ? RESULT_INTERNAL : r);
        return;
    }
    if (!adds && desk_may(d, "role:write") && !str_eq(desk_value(d, "seen"), desk_digest(d, present))) {
        refuse(d, WHY_OVERTAKEN, STR_EMPTY);
        return;
    }
    struct str target = arena_printf(d->a, STR_FMT "/" STR_FMT, STR_ARG(app), STR_ARG(name));
    struct proposal w = desk_proposal(d, adds ? "role.add" : "role.set", target, after);
    desk_ask(d, &w, desk_address(d, "/admin/roles", "app", app, "", STR_EMPTY), page_role);
}

static void assign(struct desk *d)
{
    struct str app = desk_param(d, "app"), name = desk_param(d, "name");
    json_t *after = NULL;
    enum result r = assign_form_read(d, &after);
    if (r == RESULT_REFUSED) {
        page_role(d);
        return;
    }
    if (r != RESULT_OK) {
        desk_failure(d, r);
        return;
    }
    struct str target = arena_printf(d->a, STR_FMT "/" STR_FMT, STR_ARG(app), STR_ARG(name));
    const char *kind = is_builtin_application(app) ? "administrator.assign" : "role.assign";
    struct proposal w = desk_proposal(d, kind, target, after);
    desk_ask(d, &w, address(d), page_role);
}

static void withdraw(struct desk *d)
{
    struct str app = desk_param(d, "app"), name = desk_param(d, "name"), id = desk_value(d, "assignment");
    struct str target =
        arena_printf(d->a, STR_FMT "/" STR_FMT "/" STR_FMT, STR_ARG(app), STR_ARG(name), STR_ARG(id));
    const char *kind = is_builtin_application(app) ? "administrator.withdraw" : "role.withdraw";
    struct proposal w = desk_proposal(d, kind, target, NULL);
    desk_ask(d, &w, address(d), page_role);
}

/* A holder that the role's own entry names. */
static void drop_member(struct desk *d)
{
    struct str app = desk_param(d, "app"), name = desk_param(d, "name");
    struct str target = arena_printf(d->a, STR_FMT "/" STR_FMT, STR_ARG(app), STR_ARG(name));
    json_t *after = json_new(d->a);
    if (!after) {
        desk_failure(d, RESULT_INTERNAL);
        return;
    }
    fields_put(after, "holder", desk_value(d, "holder"));
    struct proposal w = desk_proposal(d, "role.drop-member", target, after);
    desk_ask(d, &w, address(d), page_role);
}

static void remove_role(struct desk *d)
{
    struct str app = desk_param(d, "app"), name = desk_param(d, "name");
    struct str target = arena_printf(d->a, STR_FMT "/" STR_FMT, STR_ARG(app), STR_ARG(name));
    struct proposal w = desk_proposal(d, "role.remove", target, NULL);
    desk_ask(d, &w, desk_address(d, "/admin/roles", "app", app, "", STR_EMPTY), page_role);
}

void page_role_post(struct desk *d)
{
    static const struct {
        struct str name;
        void (*run)(struct desk *d);
    } actions[] = {{STR("define"), define},
                   {STR("remove"), remove_role},
                   {STR("assign"), assign},
                   {STR("withdraw"), withdraw},
                   {STR("drop-member"), drop_member}};
    struct str action = desk_value(d, "action");
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (str_eq(action, actions[i].name)) {
            actions[i].run(d);
            return;
        }
    }
    response_problem(d->resp, PROBLEM_BAD_REQUEST);
}
