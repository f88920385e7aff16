/* GET, POST /admin/application: one application, or (without id) the form for a new one. */
#include "server/admin/form.h"

#include <string.h>

static struct fields settings(void)
{
    return (struct fields){application_settings, application_setting_count};
}

/* Settings that are one of a few words. */
static const struct {
    const char *name, *words;
} choices[] = {{"method", "client_secret_basic client_secret_post none"},
               {"acr", "low substantial high"},
               {"token-format", "jwt opaque"},
               {"access-token-alg", "ES256 RS256"},
               {"id-token-alg", "ES256 RS256"},
               {"consent", "required never"}};

static struct str words_of(const struct application_setting *s)
{
    for (size_t i = 0; i < sizeof choices / sizeof choices[0]; i++)
        if (strcmp(s->name, choices[i].name) == 0)
            return str_of(choices[i].words);
    return STR_EMPTY;
}

static bool is_disabled_setting(const struct application_setting *s)
{
    return strcmp(s->name, "disabled") == 0;
}

static struct str lines_of(struct desk *d, const json_t *present, const char *name)
{
    struct attribute at = fields_values(d->a, present, name);
    struct str text = STR_EMPTY;
    for (size_t i = 0; i < at.count; i++)
        text = arena_join(d->a, (struct str[]){text, text.len > 0 ? STR("\n") : STR_EMPTY, at.values[i]}, 3);
    return text;
}

/* What was typed over something else would undo what another changed, so that is shown anew. */
static bool was_typed(const struct desk *d, const char *name)
{
    return desk_is_again(d) && d->why != WHY_OVERTAKEN && pairs_count(&d->req->form, name) > 0;
}

static void put_fields(struct desk *d, json_t *data, const json_t *present)
{
    json_t *list = desk_list(data, "fields");
    const struct form *form = form_of_kind("application.set");
    for (size_t i = 0; i < application_setting_count; i++) {
        const struct application_setting *s = &application_settings[i];
        if (is_disabled_setting(s))
            continue;
        struct str value = was_typed(d, s->name) ? desk_value(d, s->name) : lines_of(d, present, s->name);
        form_field(d, list, form, s, words_of(s), value);
    }
}

static enum result read_present(struct desk *d, struct str id, struct entry *e, json_t **present)
{
    *present = json_new(d->a);
    if (id.len == 0)
        return *present ? RESULT_OK : RESULT_INTERNAL;
    enum result r = registry_read(d->p->directory, d->a, application_rdn(d->a, id), e);
    if (r == RESULT_OK)
        *present = fields_of_entry(d->a, e, settings(), NULL);
    return r == RESULT_OK && !*present ? RESULT_INTERNAL : r;
}

void page_application(struct desk *d)
{
    struct str id = desk_param(d, "id");
    struct entry e = {0};
    json_t *present;
    enum result r =
        id.len > 0 || desk_may(d, "application:write") ? read_present(d, id, &e, &present) : RESULT_NOT_FOUND;
    if (r != RESULT_OK) {
        if (r == RESULT_NOT_FOUND)
            desk_not_found(d);
        else
            desk_failure(d, r);
        return;
    }
    json_t *data = desk_data(d);
    if (!data)
        return;
    const struct attribute *secrets = entry_attribute(&e, "onedoorSecretHash");
    bool public = str_eq(fields_value(present, "method"), STR("none"));
    json_put_str(data, "id", id);
    json_put_str(data, "new_id", desk_value(d, "client_id"));
    json_put_str(data, "seen", desk_digest(d, present));
    json_object_set_new(data, "disabled",
                        json_boolean(str_eq(fields_value(present, "disabled"), STR("TRUE"))));
    json_object_set_new(data, "may_secret", json_boolean(id.len > 0 && !public));
    json_object_set_new(data, "two_secrets", json_boolean(secrets && secrets->count > 1));
    desk_label(data, fields_value(present, "name"), fields_value(present, "name-zh"));
    put_fields(d, data, present);
    desk_view(d, "admin_application", data);
}

/* The lines of a text area: browsers send CR LF. */
static json_t *lines(struct str text, bool repeats)
{
    json_t *list = json_array();
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        line = str_trim(str_ends(line, STR("\r")) ? str_sub(line, 0, line.len - 1) : line);
        if (line.len > 0)
            json_array_append_new(list, json_stringn(line.p, line.len));
        if (!repeats)
            break;
    }
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return json_null();
}

/* What the form says that is not so already. */
static json_t *wanted(struct desk *d, const json_t *present)
{
    json_t *after = json_new(d->a);
    for (size_t i = 0; after && i < application_setting_count; i++) {
        const struct application_setting *s = &application_settings[i];
        if (!is_disabled_setting(s) && pairs_count(&d->req->form, s->name) > 0)
            json_object_set_new(after, s->name, lines(desk_value(d, s->name), s->repeats));
    }
    if (!after || !fields_sort(after))
        return NULL;
    for (size_t i = 0; i < application_setting_count; i++) {
        const char *name = application_settings[i].name;
        const json_t *old = json_object_get(present, name), *new = json_object_get(after, name);
        if (new && (old ? json_equal(old, new) : json_is_null(new)))
            json_object_del(after, name);
    }
    return after;
}

static void again(struct desk *d, enum why why)
{
    d->why = why;
    page_application(d);
}

static void set(struct desk *d, struct str id)
{
    struct entry e = {0};
    json_t *present;
    enum result r = read_present(d, id, &e, &present);
    if (r == RESULT_NOT_FOUND) {
        desk_not_found(d);
        return;
    }
    json_t *after = r == RESULT_OK ? wanted(d, present) : NULL;
    if (!after) {
        desk_failure(d, r == RESULT_OK ? RESULT_INTERNAL : r);
        return;
    }
    if (id.len == 0) {
        struct str new_id = desk_value(d, "client_id");
        struct proposal w = desk_proposal(d, "application.add", new_id, after);
        desk_ask(d, &w, desk_address(d, "/admin/application", "id", new_id, "", STR_EMPTY), page_application);
        return;
    }
    /* Filled in over something else: it would undo what another changed meanwhile. Who may not change it at
     * all hears so from the engine. */
    if (desk_may(d, "application:write") && !str_eq(desk_value(d, "seen"), desk_digest(d, present))) {
        again(d, WHY_OVERTAKEN);
        return;
    }
    if (desk_may(d, "application:write") && json_object_size(after) == 0) {
        again(d, WHY_NOTHING);
        return;
    }
    struct proposal w = desk_proposal(d, "application.set", id, after);
    desk_ask(d, &w, desk_address(d, "/admin/application", "id", id, "", STR_EMPTY), page_application);
}

void page_application_post(struct desk *d)
{
    static const char *const actions[] = {"application.enable", "application.disable", "application.secret",
                                          "application.drop-secret", "application.remove"};
    struct str action = desk_value(d, "action"), id = desk_param(d, "id");
    if (str_eq(action, STR("application.set"))) {
        set(d, id);
        return;
    }
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (id.len == 0 || !str_eq(action, str_of(actions[i])))
            continue;
        bool removes = str_eq(action, STR("application.remove"));
        struct proposal w = desk_proposal(d, actions[i], id, NULL);
        desk_ask(d, &w,
                 removes ? STR("/admin/applications")
                         : desk_address(d, "/admin/application", "id", id, "", STR_EMPTY),
                 page_application);
        return;
    }
    response_problem(d->resp, PROBLEM_BAD_REQUEST);
}
