/*
 * A tree as text. jansson's own writer goes by single characters through a callback, which costs an answer or
 * a token several times what all else of its text does; numbers that are no integers are still left to it.
 */
#include "server/base/json.h"
#include "server/base/json_write.h"

#include <stdlib.h>
#include <string.h>

/* jansson makes trees of any depth; ours are shallow, and what others sent was measured when it was parsed.
 */
enum { TEXT_MAX = 64 << 20, DEPTH_MAX = 64, FEW = 32 };

struct member {
    const char *name;
    const json_t *value;
};

static bool write_value(struct buf *b, const json_t *value, int depth);

static int by_name(const void *x, const void *y)
{
    return strcmp(((const struct member *)x)->name, ((const struct member *)y)->name);
}

/* Iterating asks jansson for a tree that may be changed, and changes nothing. */
static void collect(const json_t *object, struct member *out)
{
    json_t *o = (json_t *)(uintptr_t)object;
    size_t n = 0;
    for (void *at = json_object_iter(o); at; at = json_object_iter_next(o, at))
        out[n++] = (struct member){json_object_iter_key(at), json_object_iter_value(at)};
    qsort(out, n, sizeof *out, by_name);
}

static bool write_members(struct buf *b, const struct member *v, size_t n, char before, int depth)
{
    for (size_t i = 0; i < n; i++) {
        buf_add_char(b, i == 0 ? before : ',');
        json_write_utf8(b, str_of(v[i].name));
        buf_add_char(b, ':');
        if (!write_value(b, v[i].value, depth))
            return false;
    }
    return true;
}

/* The members in order of their names; `before` stands before the first. */
static bool write_all(struct buf *b, const json_t *object, char before, int depth)
{
    struct member few[FEW];
    size_t n = json_object_size(object);
    struct member *v = n > FEW ? calloc(n, sizeof *v) : few;
    if (!v)
        return false;
    collect(object, v);
    bool whole = write_members(b, v, n, before, depth);
    if (v != few)
        free(v);
    return whole;
}

static bool write_object(struct buf *b, const json_t *object, int depth)
{
    if (json_object_size(object) == 0)
        buf_add_char(b, '{');
    bool whole = write_all(b, object, '{', depth);
    buf_add_char(b, '}');
    return whole;
}

static bool write_array(struct buf *b, const json_t *array, int depth)
{
    buf_add_char(b, '[');
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (i > 0)
            buf_add_char(b, ',');
        if (!write_value(b, json_array_get(array, i), depth))
            return false;
    }
    buf_add_char(b, ']');
    return true;
}

static bool write_real(struct buf *b, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY);
    if (text)
        buf_add(b, str_of(text));
    free(text);
    return text != NULL;
}

/* A table by json_type would need a function each for the three words. */
static bool write_value(struct buf *b, const json_t *value, int depth)
{
    if (depth == DEPTH_MAX)
        return false;
    if (json_is_object(value))
        return write_object(b, value, depth + 1);
    if (json_is_array(value))
        return write_array(b, value, depth + 1);
    if (json_is_real(value))
        return write_real(b, value);
    if (json_is_string(value))
        json_write_utf8(b, (struct str){json_string_value(value), json_string_length(value)});
    else if (json_is_integer(value))
        buf_add_int(b, json_integer_value(value));
    else
        buf_add(b, json_is_true(value) ? STR("true") : json_is_false(value) ? STR("false") : STR("null"));
    return true;
}

struct str json_text(struct arena *a, const json_t *value)
{
    struct buf b;
    buf_init(&b, TEXT_MAX);
    struct str copy = value && write_value(&b, value, 0) ? arena_copy(a, buf_str(&b)) : STR_EMPTY;
    buf_free(&b);
    return copy;
}

bool json_add_members(struct buf *b, const json_t *object)
{
    return write_all(b, object, b->len == 0 ? '{' : ',', 0) && !b->failed;
}
