#include "clients/edit_parts.h"

#include <string.h>

/* "name=value" in its two parts; false with *why. */
static bool split_setting(struct arena *a, struct str text, const struct application_setting **s,
                          struct str *value, struct str *why)
{
    struct str name = STR_EMPTY;
    *value = text;
    if (!str_has(text, '=') || !str_cut(value, '=', &name)) {
        *why = arena_printf(a, STR_FMT ": a setting is written name=value", STR_ARG(setting_shown(a, text)));
        return false;
    }
    *s = setting_find(name);
    if (*s)
        return true;
    *why = arena_printf(a, STR_FMT ": no such setting; there are", STR_ARG(setting_shown(a, name)));
    for (size_t i = 0; i < application_setting_count; i++)
        *why = arena_printf(a, STR_FMT " %s", STR_ARG(*why), application_settings[i].name);
    return false;
}

/* The values given for one setting; *named says whether there is any mention of it. */
static bool gather_one(struct arena *a, const struct application_setting *s, const struct str *settings,
                       size_t n, struct attribute *out, bool *named, struct str *why)
{
    size_t mentions = 0;
    *out = (struct attribute){s->attribute, arena_alloc(a, n * sizeof(struct str)), 0};
    for (size_t i = 0; out->values && i < n; i++) {
        const struct application_setting *of = NULL;
        struct str value;
        if (!split_setting(a, settings[i], &of, &value, why))
            return false;
        if (of != s)
            continue;
        mentions++;
        if (value.len > 0)
            out->values[out->count++] = value;
    }
    *named = mentions > 0;
    if (mentions <= 1 || (s->repeats && out->count == mentions))
        return true;
    *why = arena_printf(a,
                        s->repeats ? "%s: an empty value removes the setting, and stands alone"
                                   : "%s: given more than once",
                        s->name);
    return false;
}

bool gather_changes(struct arena *a, const struct str *settings, size_t n, struct change_set *out,
                    struct str *why)
{
    out->n = 0;
    out->v = arena_alloc(a, application_setting_count * sizeof *out->v);
    *why = STR("out of memory");
    for (size_t i = 0; out->v && i < application_setting_count; i++) {
        bool named = false;
        if (!gather_one(a, &application_settings[i], settings, n, &out->v[out->n], &named, why))
            return false;
        out->n += named;
    }
    return out->v && !arena_failed(a);
}

const struct attribute *find_change(const struct change_set *set, const char *attribute)
{
    for (size_t i = 0; i < set->n; i++)
        if (strcmp(set->v[i].name, attribute) == 0)
            return &set->v[i];
    return NULL;
}
