/* Registry entries made in memory: name and value in turn. */
#ifndef ONEDOOR_TESTS_CLIENTS_ENTRY_SUPPORT_H
#define ONEDOOR_TESTS_CLIENTS_ENTRY_SUPPORT_H

#include "clients/application.h"

#include <string.h>

enum { ENTRY_ATTRIBUTES = 32, ENTRY_VALUES = 260 };

static inline struct attribute *entry_slot(struct arena *a, struct entry *e, const char *name)
{
    for (size_t i = 0; i < e->count; i++)
        if (strcmp(e->attributes[i].name, name) == 0)
            return &e->attributes[i];
    struct attribute *at = &e->attributes[e->count++];
    *at = (struct attribute){name, arena_alloc(a, ENTRY_VALUES * sizeof(struct str)), 0};
    return at;
}

static inline void entry_put(struct arena *a, struct entry *e, const char *name, const char *value)
{
    struct attribute *at = entry_slot(a, e, name);
    at->values[at->count++] = str_of(value);
}

/* An entry of that id and the pairs up to NULL. */
static inline struct entry entry_of(struct arena *a, const char *id, const char *const *pairs)
{
    struct entry e = {.dn = arena_printf(a, "onedoorClientId=%s,ou=applications", id)};
    e.attributes = arena_alloc(a, ENTRY_ATTRIBUTES * sizeof *e.attributes);
    entry_put(a, &e, "onedoorClientId", id);
    for (; pairs && *pairs; pairs += 2)
        entry_put(a, &e, pairs[0], pairs[1]);
    return e;
}

#define PAIRS(...) ((const char *const[]){__VA_ARGS__, NULL})

#endif
