#include "server/admin/role_form.h"

#include "directory/model/builtin.h"
#include "server/admin/days.h"
#include "server/admin/form.h"
#include "server/admin/roles.h"

static struct str joined(struct desk *d, const json_t *present, const char *name)
{
    struct attribute at = fields_values(d->a, present, name);
    struct str text = STR_EMPTY;
    for (size_t i = 0; i < at.count; i++)
        text = arena_join(d->a, (struct str[]){text, text.len > 0 ? STR("\n") : STR_EMPTY, at.values[i]}, 3);
    return text;
}

static bool was_posted(const struct desk *d, const char *action)
{
    return desk_is_again(d) && d->why != WHY_OVERTAKEN && str_eq(desk_value(d, "action"), str_of(action));
}

void role_form_put(struct desk *d, json_t *data, const json_t *present)
{
    struct fields f = role_fields();
    json_t *list = desk_list(data, "fields");
    for (size_t i = 0; i < f.n; i++) {
        struct str value =
            was_posted(d, "define") ? desk_value(d, f.rows[i].name) : joined(d, present, f.rows[i].name);
        form_field(d, list, form_of_kind("role.set"), &f.rows[i], STR_EMPTY, value);
    }
    json_put_str(data, "role_name", desk_value(d, "role_name"));
}

/* Words of a text: permissions and names of roles hold no spaces. */
static json_t *words_in(struct desk *d, struct str text)
{
    json_t *list = json_array();
    char *flat = arena_alloc(d->a, text.len + 1);
    for (size_t i = 0; flat && i < text.len; i++)
        flat[i] = text.p[i] == '\r' || text.p[i] == '\n' || text.p[i] == '\t' ? ' ' : text.p[i];
    struct str rest = {flat, flat ? text.len : 0}, word;
    while (str_word(&rest, &word))
        json_array_append_new(list, json_stringn(word.p, word.len));
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return json_null();
}

static json_t *one(struct str text)
{
    return text.len > 0 ? json_pack("[s#]", text.p, (int)text.len) : json_null();
}

json_t *role_form_read(struct desk *d, const json_t *present)
{
    struct fields f = role_fields();
    json_t *after = json_new(d->a);
    for (size_t i = 0; after && i < f.n; i++) {
        struct str text = str_trim(desk_value(d, f.rows[i].name));
        if (pairs_count(&d->req->form, f.rows[i].name) > 0)
            json_object_set_new(after, f.rows[i].name, f.rows[i].repeats ? words_in(d, text) : one(text));
    }
    if (!after || !fields_sort(after))
        return NULL;
    for (size_t i = 0; i < f.n; i++) {
        const json_t *old = json_object_get(present, f.rows[i].name),
                     *new = json_object_get(after, f.rows[i].name);
        if (new && (old ? json_equal(old, new) : json_is_null(new)))
            json_object_del(after, f.rows[i].name);
    }
    return after;
}

/* The three powers are whole; a department's administrator is never one of everything. */
static bool is_offered(struct desk *d, enum data_scope scope, bool everywhere)
{
    bool builtin = is_builtin_application(desk_param(d, "app"));
    bool department = str_eq(desk_param(d, "name"), STR("department-administrator"));
    if (!builtin)
        return everywhere || scope != SCOPE_ALL;
    return department ? scope != SCOPE_ALL && scope != SCOPE_SELF : scope == SCOPE_ALL;
}

void assign_form_put(struct desk *d, json_t *data, const char *permission)
{
    static const char *const names[] = {"person", "group",  "organisation", "where1",
                                        "where2", "where3", "from",         "until"};
    bool again = was_posted(d, "assign"), everywhere = desk_may_everywhere(d, permission);
    json_t *list = desk_list(data, "scopes");
    for (size_t i = 0; again && i < sizeof names / sizeof names[0]; i++)
        json_put_str(data, names[i], desk_value(d, names[i]));
    for (unsigned s = SCOPE_SELF; s <= SCOPE_ALL; s++) {
        struct str word = str_of(scope_word((enum data_scope)s));
        if (!is_offered(d, (enum data_scope)s, everywhere))
            continue;
        json_t *item = desk_item(list);
        bool chosen = str_eq(again ? desk_value(d, "scope") : STR("department"), word);
        json_put_str(item, "scope", word);
        json_object_set_new(item, "chosen", json_boolean(chosen));
    }
    json_object_set_new(data, "everywhere", json_boolean(everywhere));
    desk_choices(d, data, permission);
}

static enum result refuse(struct desk *d, enum why why, struct str detail)
{
    d->why = why;
    d->detail = detail;
    d->kind = "role.assign";
    return RESULT_REFUSED;
}

/* Exactly one of the three fields names the holder. */
static enum result read_holder(struct desk *d, json_t *after)
{
    static const char *const names[] = {
        [HOLDER_PERSON] = "person", [HOLDER_GROUP] = "group", [HOLDER_ORGANISATION] = "organisation"};
    enum holder_kind kind = HOLDER_PERSON;
    struct str name = STR_EMPTY, dn;
    for (unsigned k = 0; k < 3; k++) {
        struct str given = str_trim(desk_value(d, names[k]));
        if (given.len == 0)
            continue;
        if (name.len > 0)
            return refuse(d, WHY_ONE_HOLDER, STR_EMPTY);
        name = given;
        kind = (enum holder_kind)k;
    }
    if (name.len == 0)
        return refuse(d, WHY_ONE_HOLDER, STR_EMPTY);
    enum result r = holder_of_name(d->p->directory, d->m, d->a, kind, name, &dn);
    if (r == RESULT_NOT_FOUND)
        return refuse(d, WHY_NO_HOLDER, name);
    if (r == RESULT_OK)
        fields_put(after, "holder", dn);
    return r;
}

static enum result read_days(struct desk *d, json_t *after)
{
    static const char *const names[] = {"from", "until"};
    for (int i = 0; i < 2; i++) {
        struct str text = desk_value(d, names[i]), at;
        if (text.len == 0)
            continue;
        if (!day_read(d->a, text, i == 1, &at))
            return refuse(d, WHY_NOT_VALID, arena_printf(d->a, "%s: " STR_FMT, names[i], STR_ARG(text)));
        fields_put(after, names[i], at);
    }
    return RESULT_OK;
}

enum result assign_form_read(struct desk *d, json_t **after)
{
    static const char *const where[] = {"where1", "where2", "where3"};
    json_t *paths = json_array();
    *after = json_new(d->a);
    enum result r = *after ? read_holder(d, *after) : RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = read_days(d, *after);
    for (size_t i = 0; r == RESULT_OK && i < 3; i++) {
        struct str path = str_trim(desk_value(d, where[i]));
        if (path.len > 0)
            json_array_append_new(paths, json_stringn(path.p, path.len));
    }
    if (r == RESULT_OK && json_array_size(paths) > 0)
        json_object_set(*after, "organisation", paths);
    json_decref(paths);
    if (r == RESULT_OK && desk_value(d, "scope").len > 0)
        fields_put(*after, "scope", desk_value(d, "scope"));
    return r;
}
