/* DN keys → runs of numbers: which groups somebody is in, which assignments they hold. Built once. */
#ifndef ONEDOOR_DIRECTORY_MODEL_KEYMAP_H
#define ONEDOOR_DIRECTORY_MODEL_KEYMAP_H

#include "directory/model/dn_key.h"
#include "server/base/arena.h"

/* Numbers `first` up to, not including, `first + count` of some array. */
struct run {
    uint32_t first, count;
};

struct keymap {
    uint32_t *slots; /* 1 + number of the key; 0: empty */
    uint32_t mask;
    struct key_run *keys;
    uint32_t key_count, pair_count;
    uint32_t *values;
};

/* What it is built from: pairs in the order in which the values of one key are to stand. */
struct key_pairs {
    struct key_value *v;
    uint32_t n, room;
};
struct key_value {
    const struct dn_key *key;
    uint32_t value;
};

/* Room for n pairs; false without memory. */
bool key_pairs_room(struct key_pairs *p, size_t n);
void key_pairs_add(struct key_pairs *p, const struct dn_key *key, uint32_t value);
void key_pairs_free(struct key_pairs *p);

/* The map of the pairs, in the arena; false without memory. */
bool keymap_build(struct keymap *map, struct arena *a, const struct key_pairs *pairs);
/* The run within map->values; empty for an unknown key. */
struct run keymap_find(const struct keymap *map, const struct dn_key *key);

#endif
