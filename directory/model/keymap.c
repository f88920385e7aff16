#include "directory/model/keymap.h"

#include <stdlib.h>
#include <string.h>

struct key_run {
    struct dn_key key;
    struct run run;
};

bool key_pairs_room(struct key_pairs *p, size_t n)
{
    *p = (struct key_pairs){.v = n < UINT32_MAX / 4 ? malloc((n > 0 ? n : 1) * sizeof *p->v) : NULL};
    p->room = p->v ? (uint32_t)n : 0;
    return p->v != NULL;
}

void key_pairs_add(struct key_pairs *p, const struct dn_key *key, uint32_t value)
{
    if (p->n < p->room)
        p->v[p->n++] = (struct key_value){key, value};
}

void key_pairs_free(struct key_pairs *p)
{
    free(p->v);
    *p = (struct key_pairs){0};
}

/* Keys are pieces of SHA-256: any of their bits will do. */
static uint32_t place_of(const struct keymap *map, const struct dn_key *key)
{
    uint32_t bits;
    memcpy(&bits, key->b, sizeof bits);
    return bits & map->mask;
}

/* The slot of the key, or the empty one where it would go. */
static uint32_t *slot_of(const struct keymap *map, const struct dn_key *key)
{
    uint32_t at = place_of(map, key);
    while (map->slots[at] != 0 && !dn_key_eq(&map->keys[map->slots[at] - 1].key, key))
        at = (at + 1) & map->mask;
    return &map->slots[at];
}

static uint32_t number_of(struct keymap *map, const struct dn_key *key)
{
    uint32_t *slot = slot_of(map, key);
    if (*slot == 0) {
        map->keys[map->key_count].key = *key;
        *slot = ++map->key_count;
    }
    return *slot - 1;
}

static bool take_room(struct keymap *map, struct arena *a, uint32_t n)
{
    uint32_t size = 16;
    while (size < n * 2)
        size *= 2;
    map->mask = size - 1;
    map->slots = arena_alloc(a, size * sizeof *map->slots);
    map->keys = arena_alloc(a, n * sizeof *map->keys);
    map->values = arena_alloc(a, n * sizeof *map->values);
    return map->slots && map->keys && map->values;
}

/* The first walk numbers the keys and counts, the second puts each value into its key's run. */
bool keymap_build(struct keymap *map, struct arena *a, const struct key_pairs *pairs)
{
    uint32_t n = pairs->n, at = 0;
    uint32_t *numbers = malloc((n > 0 ? n : 1) * sizeof *numbers);
    *map = (struct keymap){.pair_count = n};
    if (!numbers || !take_room(map, a, n)) {
        free(numbers);
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        numbers[i] = number_of(map, pairs->v[i].key);
        map->keys[numbers[i]].run.count++;
    }
    for (uint32_t k = 0; k < map->key_count; k++) {
        map->keys[k].run.first = at;
        at += map->keys[k].run.count;
        map->keys[k].run.count = 0;
    }
    for (uint32_t i = 0; i < n; i++) {
        struct run *run = &map->keys[numbers[i]].run;
        map->values[run->first + run->count++] = pairs->v[i].value;
    }
    free(numbers);
    return true;
}

struct run keymap_find(const struct keymap *map, const struct dn_key *key)
{
    uint32_t slot = map->slots ? *slot_of(map, key) : 0;
    return slot ? map->keys[slot - 1].run : (struct run){0, 0};
}
