#include "server/admin/fields.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    size_t len = x->len < y->len ? x->len : y->len;
    int order = len > 0 ? memcmp(x->p, y->p, len) : 0;
    return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static json_t *text_of(struct str value)
{
    json_t *text = json_stringn(value.p ? value.p : "", value.len);
    return text ? text : json_string("(no text)");
}

/* The values sorted, each once. */
static json_t *array_of(struct arena *a, const struct str *values, size_t n)
{
    struct str *sorted = arena_alloc(a, n * sizeof *sorted);
    json_t *list = json_array();
    if (!sorted || !list) {
        json_decref(list);
        return NULL;
    }
    if (n > 0)
        memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || !str_eq(sorted[i], sorted[i - 1]))
            json_array_append_new(list, text_of(sorted[i]));
    return list;
}

json_t *fields_of_entry(struct arena *a, const struct entry *e, struct fields f, const json_t *only)
{
    json_t *object = json_new(a);
    for (size_t i = 0; object && i < f.n; i++) {
        const char *name = f.rows[i].name;
        const struct attribute *at = entry_attribute(e, f.rows[i].attribute);
        if (json_is_object(only) && !json_object_get(only, name))
            continue;
        if (at && at->count > 0)
            json_object_set_new(object, name, array_of(a, at->values, at->count));
        else if (json_is_object(only))
            json_object_set_new(object, name, json_null());
    }
    return arena_failed(a) ? NULL : object;
}

static struct str text_at(const json_t *array, size_t i)
{
    const json_t *s = json_array_get(array, i);
    return (struct str){json_string_value(s), json_string_length(s)};
}

struct attribute fields_values(struct arena *a, const json_t *object, const char *name)
{
    const json_t *array = json_object_get(object, name);
    size_t n = json_array_size(array);
    struct attribute at = {name, arena_alloc(a, n * sizeof(struct str)), 0};
    for (size_t i = 0; at.values && i < n; i++)
        at.values[at.count++] = text_at(array, i);
    return at;
}

struct str fields_value(const json_t *object, const char *name)
{
    const json_t *array = json_object_get(object, name);
    return json_array_size(array) > 0 ? text_at(array, 0) : STR_EMPTY;
}

void fields_put(json_t *object, const char *name, struct str value)
{
    json_t *array = json_array();
    json_array_append_new(array, text_of(value));
    json_object_set_new(object, name, array);
}

bool fields_sort(json_t *object)
{
    const char *name;
    json_t *array;
    struct arena *a = arena_new(1 << 20);
    bool good = a != NULL;
    json_object_foreach(object, name, array)
    {
        struct attribute at = good ? fields_values(a, object, name) : (struct attribute){0};
        json_t *sorted = json_is_array(array) && good ? array_of(a, at.values, at.count) : NULL;
        good = good && (sorted || !json_is_array(array));
        if (sorted)
            json_object_set_new(object, name, sorted);
    }
    arena_free(a);
    return good;
}

void fields_differ(json_t *a, json_t *b)
{
    const char *name;
    json_t *value;
    void *next;
    if (!json_is_object(a) || !json_is_object(b))
        return;
    json_object_foreach_safe(a, next, name, value)
    {
        if (!json_equal(value, json_object_get(b, name)))
            continue;
        json_object_del(b, name);
        json_object_del(a, name);
    }
}

static const struct application_setting *row_of(struct fields f, const char *name)
{
    for (size_t i = 0; i < f.n; i++)
        if (strcmp(f.rows[i].name, name) == 0)
            return &f.rows[i];
    return NULL;
}

static bool is_texts(const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        if (!json_is_string(json_array_get(value, i)) || text_at(value, i).len == 0)
            return false;
    return json_is_null(value) || json_array_size(value) > 0;
}

struct str fields_unfit(const json_t *object, struct fields f)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        const struct application_setting *row = row_of(f, name);
        if (!row || !is_texts(value) || (!row->repeats && json_array_size(value) > 1))
            return str_of(name);
    }
    return STR_EMPTY;
}

bool fields_seen(struct arena *a, const struct entry *e, struct fields f, struct entry *out)
{
    *out = (struct entry){e->dn, arena_alloc(a, (e->count + f.n) * sizeof *e->attributes), e->count};
    if (!out->attributes)
        return false;
    memcpy(out->attributes, e->attributes, e->count * sizeof *e->attributes);
    for (size_t i = 0; i < f.n; i++)
        if (!entry_attribute(e, f.rows[i].attribute))
            out->attributes[out->count++] = (struct attribute){.name = f.rows[i].attribute};
    return true;
}

bool fields_changes(struct arena *a, const struct entry *seen, const json_t *after, struct fields f,
                    struct planned_changes *out)
{
    *out = (struct planned_changes){arena_alloc(a, (2 * f.n + 2) * sizeof *out->v), 0};
    for (size_t i = 0; out->v && i < f.n; i++) {
        const struct attribute *old = entry_attribute(seen, f.rows[i].attribute);
        if (!json_object_get(after, f.rows[i].name))
            continue;
        struct attribute new = fields_values(a, after, f.rows[i].name);
        new.name = f.rows[i].attribute;
        if (old && old->count > 0)
            out->v[out->n++] = (struct change){CHANGE_DELETE, *old};
        if (new.count > 0)
            out->v[out->n++] = (struct change){CHANGE_ADD, new};
    }
    return !arena_failed(a);
}

bool fields_attributes(struct arena *a, const json_t *after, struct fields f, size_t more, struct entry *out)
{
    *out = (struct entry){.attributes = arena_alloc(a, (f.n + more) * sizeof *out->attributes)};
    for (size_t i = 0; out->attributes && i < f.n; i++) {
        struct attribute at = fields_values(a, after, f.rows[i].name);
        at.name = f.rows[i].attribute;
        if (at.count > 0)
            out->attributes[out->count++] = at;
    }
    return !arena_failed(a);
}

const struct str *fields_texts(struct arena *a, const json_t *after, size_t *n)
{
    const char *name;
    json_t *value;
    size_t room = 0, at = 0;
    json_object_foreach((json_t *)(uintptr_t)after, name, value) room += json_array_size(value) + 1;
    struct str *texts = arena_alloc(a, room * sizeof *texts);
    json_object_foreach((json_t *)(uintptr_t)after, name, value)
    {
        for (size_t i = 0; texts && i < json_array_size(value); i++)
            texts[at++] = arena_printf(a, "%s=" STR_FMT, name, STR_ARG(text_at(value, i)));
        if (texts && json_array_size(value) == 0)
            texts[at++] = arena_printf(a, "%s=", name);
    }
    *n = at;
    return arena_failed(a) ? NULL : texts;
}
