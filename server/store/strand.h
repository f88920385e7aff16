/*
 * A lane (lane.h) of one loop alone: its tasks (server/base/task.h) share one connection to Redis, for
 * reading and writing. What they ask in one turn of the loop goes out in one write, and nothing here waits
 * but they. All is called on the loop's own thread.
 */
#ifndef ONEDOOR_STORE_STRAND_H
#define ONEDOOR_STORE_STRAND_H

#include "server/base/loop.h"
#include "server/store/guard.h"

#include <stdatomic.h>

struct strand;

/* All is borrowed. */
struct strand_parts {
    const struct store_config *config;
    struct guard *guard;
    struct trouble *trouble;
    const atomic_uint *flushes; /* a connection from before the last change of it is not used any more */
};

/* Nothing is connected yet. NULL when out of memory. */
struct strand *strand_new(struct loop *l, const struct strand_parts *parts);
/* When the loop runs no more: no task is left. Waits for a connection that is being made. NULL is taken. */
void strand_free(struct strand *s);
/* In every turn, after the tasks (`settle` of a loop_member): sends what there is, and judges who is late. */
int64_t strand_settle(struct strand *s, int64_t now);

/* Whether it is connected. If not, that is begun, by a thread of its own; after a failure not before a pause.
 */
bool strand_stands(struct strand *s);
/* Which connection there is, counted as lane_run does; 0: none. */
uint64_t strand_life(const struct strand *s);

/*
 * As lane_run, lane_run_on and lane_leave, for the current task, which is parked meanwhile. It waits for a
 * connection that is being made no longer than until its deadline.
 */
enum link strand_run(struct strand *s, const struct batch *b, redisReply **replies, int64_t deadline,
                     uint64_t *life);
enum link strand_run_on(struct strand *s, uint64_t life, const struct batch *b, redisReply **replies,
                        int64_t deadline);
void strand_leave(struct strand *s, uint64_t life);

/*
 * Sends a batch that no task waits for; false when there is no connection, or memory. `over` is called with
 * the replies, which stay the strand's and are NULL unless LINK_OK; never when the strand is freed before.
 */
typedef void (*strand_over_fn)(void *arg, enum link link, redisReply *const *replies);
bool strand_send(struct strand *s, const struct batch *b, int64_t deadline, strand_over_fn over, void *arg);

#endif
