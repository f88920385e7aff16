/* A record on its way: its name, and its value sealed to that name. Inside server/store only. */
#ifndef ONEDOOR_STORE_SEALED_H
#define ONEDOOR_STORE_SEALED_H

#include "server/store/work.h"

struct sealed {
    struct key_name name;
    struct str value;
};

MUST_CHECK enum result sealed_close(const struct work *w, struct arena *a, enum store_kind kind,
                                    struct str id, struct str value, struct sealed *out);
/* Adds the command that writes it sealed; +OK comes back, or nil where it only updates. In records.c. */
MUST_CHECK enum result sealed_put(struct work *w, struct arena *a, const struct store_put *p);
/* NOT_FOUND for nil and, with a line in the log, for what was altered or moved here from another key. */
MUST_CHECK enum result sealed_open(const struct work *w, struct arena *a, enum store_kind kind,
                                   const struct key_name *name, const redisReply *reply, struct str *value);
/* The answer to an MGET of n keys; out[i].p is NULL for what is not there, and never for what is. */
MUST_CHECK enum result sealed_open_all(const struct work *w, struct arena *a, const struct store_key *keys,
                                       size_t n, const struct key_name *names, const redisReply *reply,
                                       struct str *out);

/*
 * Add a member to a set, of which the last command tells how many there are, and to a counter, of which the
 * second tells how far it is. Only within one MULTI: a set is never left without its lifetime, and a count
 * and its window begin together. In sets.c and counter.c.
 */
enum { SET_ADD_COMMANDS = 3, COUNTER_COMMANDS = 2, COUNTER_COUNTED = 1 };
MUST_CHECK enum result set_add_commands(struct work *w, struct arena *a, enum store_kind kind,
                                        const struct key_name *key, struct str member, int64_t ttl);
void counter_add_commands(struct work *w, const struct key_name *name, int64_t by, int64_t window);

#endif
