#include "server/base/json.h"

#include "server/base/secret.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 16 };

/* jansson holds seeds and passwords of records and forms on their way: what it frees is wiped first. */
static void wipe_and_free(void *p)
{
    if (p)
        wipe(p, malloc_usable_size(p));
    free(p);
}

__attribute__((constructor)) static void set_allocator(void)
{
    json_set_alloc_funcs(malloc, wipe_and_free);
}

static void release(void *json)
{
    json_decref(json);
}

static json_t *owned(struct arena *a, json_t *json)
{
    return json && arena_own(a, release, json) ? json : NULL;
}

/*
 * Whether the text is an object that nests no deeper than we take. jansson's own ceiling is 2048, and its
 * parser is recursive: this look comes before it, and leaves every other fault to it.
 */
static bool is_shallow_object(struct str text)
{
    size_t depth = 0;
    bool in_string = false;
    size_t at = 0;
    while (at < text.len && strchr(" \t\r\n", text.p[at]) && text.p[at])
        at++;
    if (at == text.len || text.p[at] != '{')
        return false;
    for (; at < text.len; at++) {
        char c = text.p[at];
        if (c == '"')
            in_string = !in_string;
        else if (in_string && c == '\\')
            at++;
        else if (!in_string && (c == '{' || c == '['))
            depth++;
        else if (!in_string && (c == '}' || c == ']') && depth > 0)
            depth--;
        if (depth > DEPTH_MAX)
            return false;
    }
    return true;
}

json_t *json_parse(struct arena *a, struct str text)
{
    json_error_t error;
    if (!is_shallow_object(text))
        return NULL;
    return owned(a, json_loadb(text.p, text.len, JSON_REJECT_DUPLICATES, &error));
}

json_t *json_new(struct arena *a)
{
    return owned(a, json_object());
}

struct str json_get_str(const json_t *object, const char *name)
{
    const json_t *s = json_object_get(object, name);
    return json_is_string(s) ? (struct str){json_string_value(s), json_string_length(s)} : STR_EMPTY;
}

bool json_get_int(const json_t *object, const char *name, int64_t *out)
{
    const json_t *n = json_object_get(object, name);
    if (!json_is_integer(n))
        return false;
    *out = json_integer_value(n);
    return true;
}

void json_put_str(json_t *object, const char *name, struct str value)
{
    json_t *s = value.len > 0 ? json_stringn(value.p, value.len) : NULL;
    if (s)
        json_object_set_new(object, name, s);
    else
        json_object_del(object, name);
}

void json_put_int(json_t *object, const char *name, int64_t value)
{
    json_object_set_new(object, name, json_integer(value));
}

static bool is_string(const json_t *s, struct str value)
{
    return str_eq((struct str){json_string_value(s), json_string_length(s)}, value);
}

bool json_holds(const json_t *object, const char *name, struct str value)
{
    const json_t *member = json_object_get(object, name);
    if (json_is_string(member))
        return is_string(member, value);
    bool held = false;
    for (size_t i = 0; i < json_array_size(member); i++) {
        const json_t *s = json_array_get(member, i);
        if (!json_is_string(s))
            return false;
        held = held || is_string(s, value);
    }
    return held;
}
