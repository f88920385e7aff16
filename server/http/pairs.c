#include "server/http/pairs.h"

#include <string.h>

typedef bool (*same_fn)(struct str a, struct str b);

static struct str first(const struct pairs *list, struct str name, same_fn same)
{
    for (size_t i = 0; i < list->n; i++)
        if (same(list->v[i].name, name))
            return list->v[i].value;
    return STR_EMPTY;
}

static size_t count(const struct pairs *list, struct str name, same_fn same)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += same(list->v[i].name, name) ? 1 : 0;
    return n;
}

struct str pairs_get(const struct pairs *list, const char *name)
{
    return first(list, str_of(name), str_eq);
}

size_t pairs_count(const struct pairs *list, const char *name)
{
    return count(list, str_of(name), str_eq);
}

struct str pairs_get_nocase(const struct pairs *list, const char *name)
{
    return first(list, str_of(name), str_eq_nocase);
}

size_t pairs_count_nocase(const struct pairs *list, const char *name)
{
    return count(list, str_of(name), str_eq_nocase);
}

/* Quadratic, but bounded by PAIRS_MAX, so that no choice of names makes it slow. */
bool pairs_unique(const struct pairs *list, struct str *twice)
{
    for (size_t i = 1; i < list->n; i++)
        for (size_t j = 0; j < i; j++)
            if (str_eq(list->v[i].name, list->v[j].name)) {
                *twice = list->v[i].name;
                return false;
            }
    return true;
}

static bool grow(struct pairs *list, struct arena *a)
{
    size_t room = list->n < 8 ? 8 : 2 * list->n;
    struct pair *v = arena_alloc(a, room * sizeof *v);
    if (!v)
        return false;
    if (list->n > 0)
        memcpy(v, list->v, list->n * sizeof *v);
    list->v = v;
    list->room = room;
    return true;
}

bool pairs_add(struct pairs *list, struct arena *a, struct str name, struct str value)
{
    if (list->n >= PAIRS_MAX)
        return false;
    if (list->n >= list->room && !grow(list, a))
        return false;
    list->v[list->n++] = (struct pair){name, value};
    return true;
}
