#include "server/http/pairs.h"

#include <string.h>

typedef bool (*same_fn)(struct str a, struct str b);

/* How often the name occurs, and the first of its values. Most names already differ in length. */
static inline size_t find(const struct pairs *list, struct str name, same_fn same, struct str *value)
{
    size_t n = 0;
    *value = STR_EMPTY;
    for (size_t i = 0; i < list->n; i++) {
        const struct pair *p = &list->v[i];
        if (p->name.len == name.len && same(p->name, name) && n++ == 0)
            *value = p->value;
    }
    return n;
}

struct str pairs_get(const struct pairs *list, const char *name)
{
    struct str value;
    find(list, str_of(name), str_eq, &value);
    return value;
}

size_t pairs_count(const struct pairs *list, const char *name)
{
    struct str value;
    return find(list, str_of(name), str_eq, &value);
}

struct str pairs_get_nocase(const struct pairs *list, const char *name)
{
    struct str value;
    find(list, str_of(name), str_eq_nocase, &value);
    return value;
}

size_t pairs_count_nocase(const struct pairs *list, const char *name)
{
    struct str value;
    return find(list, str_of(name), str_eq_nocase, &value);
}

size_t pairs_find_nocase(const struct pairs *list, struct str name, struct str *value)
{
    return find(list, name, str_eq_nocase, value);
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
