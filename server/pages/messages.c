#include "server/pages/messages.h"

#include <string.h>

enum { MESSAGES_MAX = 1024 };

struct message {
    struct str key, text;
};

struct catalogue {
    size_t n;
    struct message v[MESSAGES_MAX];
};

static bool is_key(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_' && c != '-' && c != '.')
            return false;
    }
    return s.len > 0;
}

bool message_piece(struct str *rest, struct str *literal, struct str *name)
{
    *name = STR_EMPTY;
    bool named = str_has(*rest, '{');
    if (!str_cut(rest, '{', literal))
        return false;
    if (named)
        str_cut(rest, '}', name);
    return true;
}

static bool braces_fit(struct str text)
{
    size_t open = 0, names = 0;
    for (size_t i = 0; i < text.len; i++)
        open += text.p[i] == '{' || text.p[i] == '}';
    for (struct str literal, name; message_piece(&text, &literal, &name);)
        names += is_key(name) && !str_has(literal, '}');
    return open == 2 * names;
}

static int compare(struct str a, struct str b)
{
    int order = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* Where the key stands in the sorted list, or would stand. */
static size_t place_of(const struct catalogue *c, struct str key)
{
    size_t low = 0, high = c->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare(c->v[middle].key, key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool stands_at(const struct catalogue *c, size_t at, struct str key)
{
    return at < c->n && str_eq(c->v[at].key, key);
}

static const char *insert(struct catalogue *c, struct str key, struct str text)
{
    if (!is_key(key) || text.len == 0 || !str_is_utf8(text) || !braces_fit(text))
        return "`key = text` is expected, with whole {names}";
    size_t at = place_of(c, key);
    if (stands_at(c, at, key))
        return "the key stands here twice";
    if (c->n == MESSAGES_MAX)
        return "too many messages";
    memmove(&c->v[at + 1], &c->v[at], (c->n - at) * sizeof c->v[0]);
    c->v[at] = (struct message){key, text};
    c->n++;
    return NULL;
}

struct catalogue *catalogue_parse(struct arena *a, struct str text, struct str *why)
{
    struct catalogue *c = arena_alloc(a, sizeof *c);
    if (!c)
        return NULL;
    unsigned number = 0;
    for (struct str line; str_cut(&text, '\n', &line);) {
        number++;
        line = str_trim(line);
        if (line.len == 0 || line.p[0] == '#')
            continue;
        struct str value = line, key;
        str_cut(&value, '=', &key);
        const char *wrong = insert(c, str_trim(key), str_trim(value));
        if (wrong) {
            *why = arena_printf(a, "line %u: %s", number, wrong);
            return NULL;
        }
    }
    return c;
}

struct str catalogue_text(const struct catalogue *c, struct str key)
{
    if (key.len == 0)
        return STR_EMPTY;
    size_t at = place_of(c, key);
    return stands_at(c, at, key) ? c->v[at].text : STR_EMPTY;
}

size_t catalogue_count(const struct catalogue *c)
{
    return c->n;
}

static bool names_value(struct str text, struct str wanted)
{
    for (struct str literal, name; message_piece(&text, &literal, &name);)
        if (str_eq(name, wanted))
            return true;
    return false;
}

/* Whether all that a names is named by b too. */
static bool names_within(struct str a, struct str b)
{
    for (struct str literal, name; message_piece(&a, &literal, &name);)
        if (name.len > 0 && !names_value(b, name))
            return false;
    return true;
}

static struct str missing(const struct catalogue *a, const struct catalogue *b)
{
    for (size_t i = 0; i < a->n; i++) {
        struct str other = catalogue_text(b, a->v[i].key);
        if (other.len == 0 || !names_within(a->v[i].text, other))
            return a->v[i].key;
    }
    return STR_EMPTY;
}

struct str catalogue_difference(const struct catalogue *a, const struct catalogue *b)
{
    struct str key = missing(a, b);
    return key.len > 0 ? key : missing(b, a);
}
