#include "server/base/json_read.h"

#include "server/base/json_string.h"

#include <math.h>
#include <stdlib.h>

enum {
    DEPTH_MAX = 16,
    FEW = 16,    /* so many names are compared one by one */
    SHORT = 2048 /* bytes of a text whose nodes stand in the request's own arena */
};

struct reader {
    struct arena *arena;
    const char *at, *end;
    unsigned depth;
};

static bool read_value(struct reader *r, struct node *out);

static void skip_space(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool read_word(struct reader *r, struct str word)
{
    if (!str_starts((struct str){r->at, (size_t)(r->end - r->at)}, word))
        return false;
    r->at += word.len;
    return true;
}

static size_t skip_digits(struct reader *r)
{
    const char *from = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return (size_t)(r->at - from);
}

/* RFC 8259 section 6: whether what stands here is a number, and whether with fraction or exponent. */
static bool skip_number(struct reader *r, bool *real)
{
    *real = false;
    (void)take(r, '-');
    if (!take(r, '0') && skip_digits(r) == 0)
        return false;
    if (take(r, '.') && (*real = true) && skip_digits(r) == 0)
        return false;
    if (!take(r, 'e') && !take(r, 'E'))
        return true;
    *real = true;
    if (!take(r, '+'))
        (void)take(r, '-');
    return skip_digits(r) > 0;
}

static bool to_int(struct str text, int64_t *out)
{
    bool negative = str_starts(text, STR("-"));
    uint64_t n;
    if (!str_to_u64(str_sub(text, negative, text.len), (uint64_t)INT64_MAX + negative, &n))
        return false;
    *out = (int64_t)(negative ? -n : n);
    return true;
}

/* A number that is too large to be held is refused, as jansson does. */
static bool read_number(struct reader *r, struct node *out)
{
    const char *from = r->at;
    bool real;
    int64_t number;
    if (!skip_number(r, &real))
        return false;
    out->kind = real ? NODE_REAL : NODE_INTEGER;
    out->text = (struct str){from, (size_t)(r->at - from)};
    if (!real)
        return to_int(out->text, &number);
    const char *z = arena_cstr(r->arena, out->text);
    return z && isfinite(strtod(z, NULL));
}

static int compare(const void *a, const void *b)
{
    const struct str x = (*(const struct node *const *)a)->name, y = (*(const struct node *const *)b)->name;
    int order = memcmp(x.p, y.p, x.len < y.len ? x.len : y.len);
    return order ? order : (x.len > y.len) - (x.len < y.len);
}

/* Many names are put in order, so that neither this look for repeated ones nor a later one is slow. */
static bool sort(struct reader *r, struct node *object)
{
    const struct node **sorted = arena_alloc(r->arena, object->count * sizeof *sorted), **to = sorted;
    if (!sorted)
        return false;
    for (const struct node *m = object->first; m; m = m->next)
        *to++ = m;
    qsort(sorted, object->count, sizeof *sorted, compare);
    for (size_t i = 1; i < object->count; i++)
        if (str_eq(sorted[i - 1]->name, sorted[i]->name))
            return false;
    object->sorted = sorted;
    return true;
}

static const struct node *among(const struct node *first, struct str name)
{
    while (first && !str_eq(first->name, name))
        first = first->next;
    return first;
}

static struct node *add(struct reader *r, struct node *to, const struct node ***end)
{
    struct node *n = arena_alloc(r->arena, sizeof *n);
    if (!n)
        return NULL;
    **end = n;
    *end = &n->next;
    to->count++;
    return n;
}

static bool read_member(struct reader *r, struct node *object, const struct node ***end)
{
    struct str name;
    skip_space(r);
    if (!json_string_read(r->arena, &r->at, r->end, &name))
        return false;
    if (object->count < FEW && among(object->first, name))
        return false;
    skip_space(r);
    struct node *n = take(r, ':') ? add(r, object, end) : NULL;
    if (!n)
        return false;
    n->name = name;
    return read_value(r, n);
}

static bool read_element(struct reader *r, struct node *array, const struct node ***end)
{
    struct node *n = add(r, array, end);
    return n && read_value(r, n);
}

/* What stands between the brackets, separated by commas; the opening one is read. */
static bool read_list(struct reader *r, struct node *out, char close,
                      bool (*read_one)(struct reader *, struct node *, const struct node ***))
{
    const struct node **end = &out->first;
    skip_space(r);
    if (take(r, close))
        return true;
    do {
        if (!read_one(r, out, &end))
            return false;
        skip_space(r);
    } while (take(r, ','));
    return take(r, close);
}

static bool read_within(struct reader *r, struct node *out)
{
    if (++r->depth > DEPTH_MAX)
        return false;
    bool object = *r->at++ == '{';
    out->kind = object ? NODE_OBJECT : NODE_ARRAY;
    bool good = object ? read_list(r, out, '}', read_member) : read_list(r, out, ']', read_element);
    r->depth--;
    return good && (!object || out->count <= FEW || sort(r, out));
}

static bool read_plain(struct reader *r, struct node *out)
{
    static const struct {
        struct str word;
        enum node_kind kind;
    } words[] = {{{"true", 4}, NODE_TRUE}, {{"false", 5}, NODE_FALSE}, {{"null", 4}, NODE_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        out->kind = words[i].kind;
        if (read_word(r, words[i].word))
            return true;
    }
    return read_number(r, out);
}

static bool read_value(struct reader *r, struct node *out)
{
    skip_space(r);
    if (r->at == r->end)
        return false;
    if (*r->at == '{' || *r->at == '[')
        return read_within(r, out);
    if (*r->at != '"')
        return read_plain(r, out);
    out->kind = NODE_STRING;
    return json_string_read(r->arena, &r->at, r->end, &out->text);
}

static void free_arena(void *a)
{
    arena_free(a);
}

/*
 * Nodes take a multiple of their text, which must fit into memory, but need not fit into what is left to one
 * request: those of a long text have an arena of their own, which ends with the request's.
 */
static struct arena *room_for(struct arena *a, struct str text)
{
    if (text.len <= SHORT)
        return a;
    struct arena *own = arena_new(text.len * (sizeof(struct node) + sizeof(struct node *)));
    return own && arena_own(a, free_arena, own) ? own : NULL;
}

static const struct node *read_whole(struct reader *r, struct str text)
{
    struct node *out = arena_alloc(r->arena, sizeof *out);
    if (!out || !str_is_utf8(text) || !read_value(r, out) || out->kind != NODE_OBJECT)
        return NULL;
    skip_space(r);
    return r->at == r->end ? out : NULL;
}

const struct node *json_read(struct arena *a, struct str text)
{
    struct reader r = {.arena = room_for(a, text), .at = text.p, .end = text.p + text.len};
    const struct node *out = r.arena ? read_whole(&r, text) : NULL;
    /* That our memory is at its end is no fault of the text: the request's arena is marked as failed. */
    if (!r.arena || arena_failed(r.arena))
        return arena_alloc(a, SIZE_MAX);
    return out;
}

const struct node *node_member(const struct node *object, struct str name)
{
    if (!node_is(object, NODE_OBJECT))
        return NULL;
    if (object->count <= FEW)
        return among(object->first, name);
    const struct node wanted = {.name = name}, *key = &wanted;
    const struct node *const *found =
        bsearch(&key, object->sorted, object->count, sizeof *object->sorted, compare);
    return found ? *found : NULL;
}

bool node_is(const struct node *n, enum node_kind kind)
{
    return n && n->kind == kind;
}

struct str node_str(const struct node *n)
{
    return node_is(n, NODE_STRING) ? n->text : STR_EMPTY;
}

bool node_int(const struct node *n, int64_t *out)
{
    return node_is(n, NODE_INTEGER) && to_int(n->text, out);
}
