/*
 * The directory's present state in memory, for tests of what stands above it: the real permission model,
 * compiled from entries that a test writes down. It takes the place of directory/live.c at linking.
 */
#ifndef ONEDOOR_TESTS_MEMORY_LIVE_H
#define ONEDOOR_TESTS_MEMORY_LIVE_H

#include "directory/live.h"
#include "directory/model/content.h"

#include <stdlib.h>
#include <string.h>

struct live {
    struct content *content;
    struct model *model;
    int64_t unsure_before;
    bool silent; /* nothing is heard of people */
};

static inline void live_compile(struct live *l)
{
    model_free(l->model);
    l->model = content_compile(l->content);
    if (!l->model)
        abort();
}

static inline void live_begin(struct live *l)
{
    static const struct content_config config = {.registry_base = "ou=registry,dc=city",
                                                 .organisations_base = "ou=orgs,dc=city",
                                                 .groups_base = "dc=city",
                                                 .most_lost_percent = 100};
    *l = (struct live){.content = content_new(&config)};
    if (!l->content)
        abort();
    live_compile(l);
}

static inline void live_end(struct live *l)
{
    model_free(l->model);
    content_free(l->content);
}

struct live_row {
    const char *name, *value;
};

/* An entry as it is now: rows of attributes, one value each, ended by an empty one. */
static inline void live_write(struct live *l, struct arena *a, const char *dn, const struct live_row *rows)
{
    struct entry e = {.dn = str_of(dn), .attributes = arena_alloc(a, 32 * sizeof(struct attribute))};
    for (; rows->name; rows++) {
        struct attribute *at = NULL;
        for (size_t i = 0; i < e.count; i++)
            if (strcmp(e.attributes[i].name, rows->name) == 0)
                at = &e.attributes[i];
        if (!at) {
            at = &e.attributes[e.count++];
            *at = (struct attribute){rows->name, arena_alloc(a, 32 * sizeof(struct str)), 0};
        }
        at->values[at->count++] = str_of(rows->value);
    }
    bool group = strstr(dn, "ou=registry") == NULL;
    if (content_put(l->content, group ? CONTENT_GROUPS : CONTENT_REGISTRY, str_of(dn), &e) != RESULT_OK)
        abort();
    live_compile(l);
}
#define LIVE_WRITE(l, a, dn, ...)                                                                            \
    live_write((l), (a), (dn), (const struct live_row[]){__VA_ARGS__, {NULL, NULL}})

static inline void live_erase(struct live *l, const char *dn)
{
    bool group = strstr(dn, "ou=registry") == NULL;
    content_drop(l->content, group ? CONTENT_GROUPS : CONTENT_REGISTRY, str_of(dn));
    live_compile(l);
}

const struct model *live_model(struct live *l, struct arena *a)
{
    (void)a;
    return l->model;
}

uint64_t live_version(const struct live *l)
{
    (void)l;
    return 1;
}

bool live_has_told_since(struct live *l, int64_t since)
{
    return !l->silent && l->unsure_before <= since;
}

int64_t live_unsure_before(struct live *l)
{
    return l->unsure_before;
}

#endif
