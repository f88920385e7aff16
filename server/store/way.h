/*
 * The way to Redis that an operation takes: for a task (server/base/task.h) the strand of its loop, if that
 * has one; otherwise one of the lanes, which all threads share.
 */
#ifndef ONEDOOR_STORE_WAY_H
#define ONEDOOR_STORE_WAY_H

#include "server/store/reader.h"
#include "server/store/store_internal.h"

struct way {
    struct store *s;
    struct strand *strand; /* NULL: the lane */
    struct reader *reader; /* the strand's; NULL: none */
    struct lane *lane;
};

struct way way_of(struct store *s, bool writes);

/* As lane_run, lane_run_on and lane_leave. */
enum link way_run(const struct way *w, const struct batch *b, redisReply **replies, int64_t deadline,
                  uint64_t *life);
enum link way_run_on(const struct way *w, uint64_t life, const struct batch *b, redisReply **replies,
                     int64_t deadline);
void way_leave(const struct way *w, uint64_t life);
/* The connection whose reads are tracked (watch.h), and by which reader; 0: none is. To be taken before one.
 */
uint64_t way_tracked(const struct way *w, uint8_t *reader);
/* Somebody waited in vain on it: on the lanes nobody shall wait for as long again. */
void way_warn(const struct way *w);

#endif
