#include "certs/key_set.h"

#include <stdlib.h>

struct key_set *key_set_new(size_t room)
{
    struct key_set *set = calloc(1, sizeof *set + room * sizeof set->v[0]);
    if (!set)
        return NULL;
    atomic_init(&set->refs, 1);
    set->room = room;
    return set;
}

bool key_set_add(struct key_set *set, struct key_record record)
{
    if (set->n == set->room) {
        key_unref(record.pair);
        return false;
    }
    set->v[set->n++] = record;
    return true;
}

struct key_set *key_set_ref(struct key_set *set)
{
    atomic_fetch_add(&set->refs, 1);
    return set;
}

void key_set_unref(struct key_set *set)
{
    if (!set || atomic_fetch_sub(&set->refs, 1) > 1)
        return;
    for (size_t i = 0; i < set->n; i++)
        key_unref(set->v[i].pair);
    free(set);
}

const struct key_record *key_set_find(const struct key_set *set, enum jws_alg alg, uint64_t serial)
{
    for (size_t i = 0; i < set->n; i++) {
        if (set->v[i].pair->alg == alg && set->v[i].serial == serial)
            return &set->v[i];
    }
    return NULL;
}

const struct key_record *key_set_active(const struct key_set *set, enum jws_alg alg)
{
    const struct key_record *newest = NULL;
    for (size_t i = 0; i < set->n; i++) {
        const struct key_record *r = &set->v[i];
        if (r->pair->alg == alg && r->state == KEY_ACTIVE && (!newest || r->serial > newest->serial))
            newest = r;
    }
    return newest;
}

const struct key_record *key_set_verifier(const struct key_set *set, struct str kid, int64_t now,
                                          int64_t overlap_seconds)
{
    for (size_t i = 0; i < set->n; i++) {
        const struct key_record *r = &set->v[i];
        if (str_eq(key_id(r->pair), kid))
            return key_record_verifies(r, now, overlap_seconds) ? r : NULL;
    }
    return NULL;
}

bool key_set_can_sign(const struct key_set *set)
{
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        if (!key_set_active(set, (enum jws_alg)alg))
            return false;
    }
    return true;
}

bool key_record_verifies(const struct key_record *record, int64_t now, int64_t overlap_seconds)
{
    return record->state != KEY_RETIRED || now - record->changed < overlap_seconds;
}

static const char *const states[] = {
    [KEY_NEXT] = "next",
    [KEY_ACTIVE] = "active",
    [KEY_RETIRED] = "retired",
};

const char *key_state_name(enum key_state state)
{
    return states[state];
}

bool key_state_parse(struct str name, enum key_state *out)
{
    for (unsigned i = 0; i < sizeof states / sizeof *states; i++) {
        if (str_eq(name, str_of(states[i]))) {
            *out = (enum key_state)i;
            return true;
        }
    }
    return false;
}
