/* What content, its compiler and its judge of losses share. */
#ifndef ONEDOOR_DIRECTORY_MODEL_CONTENT_INTERNAL_H
#define ONEDOOR_DIRECTORY_MODEL_CONTENT_INTERNAL_H

#include "directory/model/builtin.h"
#include "directory/model/fault.h"
#include "directory/model/snapshot.h"

enum { BUILTIN_ITEMS_MAX = 8 };

/* An entry under its uuid. */
struct slot {
    struct slot *next;
    enum content_source from;
    unsigned generation; /* of the refresh that named it last */
    struct item *item;
    size_t uuid_len;
    char uuid[];
};

/* How many entries of a class a loss is measured by; times are clock_monotonic_ms. */
struct standing {
    size_t accepted; /* the most that stood within the last minute, or as the operator accepted */
    int64_t accepted_at;
    size_t risen; /* more than that, but not yet for a minute; 0: no more */
    int64_t risen_at;
};

/* So many entries are there from now on. */
void standing_remember(struct standing *s, size_t count, int64_t now);
/* By how many a loss is measured now. */
size_t standing_measure(const struct standing *s, int64_t now);

struct content {
    struct content_config config;
    struct slot **buckets;
    size_t bucket_count, slot_count;
    unsigned generation[CONTENT_SOURCE_COUNT];
    bool stale[CONTENT_SOURCE_COUNT];
    bool renamed; /* a unit, since content_take_renamed */
    size_t valid[ITEM_KIND_COUNT]; /* entries of the class that count now */
    struct standing standing[ITEM_KIND_COUNT];
    struct item *builtin[BUILTIN_ITEMS_MAX];
    size_t builtin_count;
    struct faults faults; /* of the last compile */
};

/* The present counts become those that a later loss is measured by. */
void content_remember(struct content *c);
/* Makes the items of builtin.h; false without memory. */
bool content_make_builtin(struct content *c);

#endif
