/* Commands that go to Redis in one write, and the reading of what comes back. */
#ifndef ONEDOOR_STORE_BATCH_H
#define ONEDOOR_STORE_BATCH_H

#include "server/base/buf.h"

#include <hiredis/hiredis.h>

/* Every word carries its length (RESP arrays of bulk strings), so no value can become a command. */
struct batch {
    struct buf text;
    size_t commands;
    char room[1000]; /* most texts fit; a batch is not to be moved, therefore */
};

enum { BATCH_MAX = 32 }; /* commands in one batch */

void batch_init(struct batch *b);
void batch_add(struct batch *b, const struct str *words, size_t n);
#define BATCH_ADD(batch, ...)                                                                                \
    batch_add((batch), (const struct str[]){__VA_ARGS__},                                                    \
              sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))
/* Wipes: the first batch of a connection holds the password. */
void batch_free(struct batch *b);

/* A decimal number as a word; `room` is where its digits live. */
struct str word_of_int(struct digits *room, int64_t number);
/* Redis refuses a lifetime under one second. */
struct str word_of_ttl(struct digits *room, int64_t seconds);

/* The integer of an integer or string reply; false for anything else. */
bool reply_int(const redisReply *r, int64_t *out);
/* The bytes of a string reply, borrowed; p is NULL for nil and anything else. */
struct str reply_str(const redisReply *r);
/* +OK, and not nil. */
bool reply_ok(const redisReply *r);
/* The first error in the reply, one level of arrays deep (EXEC); NULL when there is none. */
const redisReply *reply_error(const redisReply *r);
void replies_free(redisReply **replies, size_t n);

#endif
