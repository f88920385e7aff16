#include "server/admin/form.h"

#include "server/admin/roles.h"

#include <string.h>

static struct fields settings(void)
{
    return (struct fields){application_settings, application_setting_count};
}

#define APPLICATION                                                                                          \
    "", settings,                                                                                            \
    {                                                                                                        \
        "client-id", "onedoorClientId", false, ""                                                            \
    }
#define ROLE                                                                                                 \
    "role.", role_fields,                                                                                    \
    {                                                                                                        \
        "name", "cn", false, ""                                                                              \
    }
#define ASSIGNMENT                                                                                           \
    "assignment.", assignment_fields,                                                                        \
    {                                                                                                        \
        "holder", "member", false, ""                                                                        \
    }

const struct form forms[] = {
    {"application.add", APPLICATION},
    {"application.set", APPLICATION},
    {"role.add", ROLE},
    {"role.set", ROLE},
    {"role.assign", ASSIGNMENT},
    {"administrator.assign", ASSIGNMENT},
};
const size_t form_count = sizeof forms / sizeof forms[0];

const struct form *form_of_kind(const char *kind)
{
    for (size_t i = 0; kind && i < form_count; i++)
        if (strcmp(forms[i].kind, kind) == 0)
            return &forms[i];
    return NULL;
}

static bool is_flag(const struct application_setting *s)
{
    return strcmp(s->accepted, "TRUE or FALSE") == 0;
}

bool form_is_flag(const char *name)
{
    for (size_t i = 0; i < form_count; i++) {
        struct fields f = forms[i].fields();
        for (size_t j = 0; j < f.n; j++)
            if (strcmp(f.rows[j].name, name) == 0 && is_flag(&f.rows[j]))
                return true;
    }
    return false;
}

struct str form_choice(struct str value)
{
    if (str_eq(value, STR("TRUE")))
        return STR("yes");
    return str_eq(value, STR("FALSE")) ? STR("no") : value;
}

static void put_word(json_t *item, struct str word)
{
    json_put_str(item, "word", word);
    json_put_str(item, "choice", form_choice(word));
}

static void put_choices(json_t *field, struct str words, struct str chosen)
{
    struct str word;
    json_t *list = words.len > 0 ? desk_list(field, "choices") : NULL;
    while (list && str_word(&words, &word)) {
        json_t *item = desk_item(list);
        put_word(item, word);
        json_object_set_new(item, "chosen", json_boolean(str_eq(word, chosen)));
    }
}

static struct str hint(struct desk *d, const struct form *form, const struct application_setting *s)
{
    return arena_printf(d->a, "%s%s", form->prefix, s->name);
}

void form_field(struct desk *d, json_t *list, const struct form *form, const struct application_setting *s,
                struct str words, struct str value)
{
    json_t *field = desk_item(list);
    json_put_str(field, "field", str_of(s->name));
    json_put_str(field, "hint", hint(d, form, s));
    json_put_str(field, "accepted", str_of(s->accepted));
    json_put_str(field, "value", value);
    json_object_set_new(field, "area", json_boolean(s->repeats));
    put_word(field, value);
    put_choices(field, is_flag(s) ? STR("TRUE FALSE") : words, value);
}

const struct application_setting *form_blamed(const struct form *form, struct str detail)
{
    struct fields f = form->fields();
    size_t len = 0;
    while (len < detail.len && !strchr(":, ", detail.p[len]))
        len++;
    struct str name = str_sub(detail, 0, len);
    for (size_t i = 0; i < f.n; i++)
        if (str_eq(name, str_of(f.rows[i].name)))
            return &f.rows[i];
    bool id = str_eq(name, str_of(form->id.name)) || str_eq(name, str_of(form->id.attribute));
    return id ? &form->id : NULL;
}

void form_tell_blamed(struct desk *d, json_t *data)
{
    const struct form *form = d->why == WHY_NOT_VALID ? form_of_kind(d->kind) : NULL;
    const struct application_setting *s = form ? form_blamed(form, d->detail) : NULL;
    if (!s)
        return;
    json_put_str(data, "error_field", str_of(s->name));
    json_put_str(data, "error_hint", hint(d, form, s));
    json_put_str(data, "accepted", str_of(s->accepted));
}
