/*
 * json_read takes what json_parse takes, and reads the same from it; only that jansson passes over a NUL byte
 * behind a number or a word.
 */
#include "server/base/json_read.h"
#include "server/base/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool what)
{
    if (!what)
        abort();
}

static bool is_same(const struct node *n, const json_t *json);

static void compare_members(const struct node *n, const json_t *json)
{
    const char *name;
    json_t *member;
    require(n->count == json_object_size(json));
    json_object_foreach((json_t *)(uintptr_t)json, name, member)
        require(is_same(node_member(n, str_of(name)), member));
}

static void compare_elements(const struct node *n, const json_t *json)
{
    require(n->count == json_array_size(json));
    const struct node *element = n->first;
    for (size_t i = 0; i < n->count; i++, element = element->next)
        require(is_same(element, json_array_get(json, i)));
    require(!element);
}

static bool is_same(const struct node *n, const json_t *json)
{
    int64_t number;
    require(n != NULL);
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        compare_members(n, json);
        return n->kind == NODE_OBJECT;
    case JSON_ARRAY:
        compare_elements(n, json);
        return n->kind == NODE_ARRAY;
    case JSON_STRING:
        return n->kind == NODE_STRING &&
               str_eq(node_str(n), (struct str){json_string_value(json), json_string_length(json)});
    case JSON_INTEGER:
        return node_int(n, &number) && number == json_integer_value(json);
    case JSON_REAL:
        return n->kind == NODE_REAL;
    case JSON_TRUE:
        return n->kind == NODE_TRUE;
    case JSON_FALSE:
        return n->kind == NODE_FALSE;
    case JSON_NULL:
        return n->kind == NODE_NULL;
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct arena *a = arena_new(1 << 26);
    const struct node *n = json_read(a, text);
    const json_t *json = json_parse(a, text);
    require(n ? json != NULL : !json || str_has(text, '\0'));
    if (n)
        require(is_same(n, json));
    arena_free(a);
    return 0;
}
