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

struct content {
    struct content_config config;
    struct slot **buckets;
    size_t bucket_count, slot_count;
    unsigned generation[CONTENT_SOURCE_COUNT];
    bool stale[CONTENT_SOURCE_COUNT];
    size_t valid[ITEM_KIND_COUNT]; /* entries of the class that count now */
    size_t
        accepted[ITEM_KIND_COUNT]; /* the most that did within the last minute, or as the operator accepted */
    int64_t accepted_at[ITEM_KIND_COUNT]; /* clock_monotonic_ms */
    struct item *builtin[BUILTIN_ITEMS_MAX];
    size_t builtin_count;
    struct faults faults; /* of the last compile */
};

/* The present counts become those that a later loss is measured by. */
void content_remember(struct content *c);
/* Makes the items of builtin.h; false without memory. */
bool content_make_builtin(struct content *c);

#endif
