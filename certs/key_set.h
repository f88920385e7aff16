/* All keys as they were at one moment: immutable, counted, swapped as a whole. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_KEY_SET_H
#define ONEDOOR_CERTS_KEY_SET_H

#include "certs/key.h"

/* What one entry of the registry says. */
struct key_record {
    struct key_pair *pair;
    uint64_t serial; /* 1, 2, 3 … of its algorithm */
    enum key_state state;
    int64_t created, changed; /* Unix seconds; `changed` is when it came into its state */
};

/* Filled by one thread with key_set_add, then shared and never changed again. */
struct key_set {
    atomic_size_t refs;
    size_t n, room;
    struct key_record v[];
};

/* An empty set with room for that many; NULL when there is no memory. */
struct key_set *key_set_new(size_t room);
/* Takes the reference to record.pair over; false (and the reference dropped) when there is no room. */
bool key_set_add(struct key_set *set, struct key_record record);
struct key_set *key_set_ref(struct key_set *set);
void key_set_unref(struct key_set *set);

/* Any of that algorithm and serial; NULL when there is none. */
const struct key_record *key_set_find(const struct key_set *set, enum jws_alg alg, uint64_t serial);
/*
 * The key that signs: of two active ones (a rotation half done) the newer. NULL when there is none.
 */
const struct key_record *key_set_active(const struct key_set *set, enum jws_alg alg);
/* The key of that kid if it verifies now; NULL otherwise. */
const struct key_record *key_set_verifier(const struct key_set *set, struct str kid, int64_t now,
                                          int64_t overlap_seconds);
/* Whether every algorithm has an active key. */
bool key_set_can_sign(const struct key_set *set);

/* A retired key verifies for overlap_seconds from its retirement on; the others always. */
bool key_record_verifies(const struct key_record *record, int64_t now, int64_t overlap_seconds);

/* "next", "active", "retired"; and back, false for anything else. */
const char *key_state_name(enum key_state state);
bool key_state_parse(struct str name, enum key_state *out);

#endif
