/* The worker pools: queues, bounded in number and in time, in front of a fixed number of threads. */
#ifndef ONEDOOR_POOLS_H
#define ONEDOOR_POOLS_H

#include "server/http/listener.h"

struct pools;

struct pools_limits {
    size_t queue;        /* jobs that may wait beside those that run */
    int64_t patience_ms; /* how long one may wait before it is run */
};

/*
 * `quick` runs what asks Redis and signs; `dir` what may wait for the directory, so that a slow one holds up
 * nothing else. NULL when there is no memory or no thread.
 */
struct pools *pools_start(unsigned quick_threads, unsigned dir_threads, const struct pools_limits *quick,
                          const struct pools_limits *dir);
/*
 * Has the work run by a thread of the pool, or refused by one: when it waited for too long, when nobody wants
 * it any more, or when its place is needed by somebody who asks for less. False, and neither is called, when
 * it would wait for too long, when the queue is full, when the pools stop, or for RUN_NOW. `pools` is a
 * struct pools: the type fits the listener's submit_fn.
 */
bool pools_submit(void *pools, enum run_where where, const struct work *work);
/* Whether pools_submit would take it now; it fits the listener's room_fn. */
bool pools_have_room(void *pools, enum run_where where, uint32_t from);
/* Jobs that wait in the queue of that pool. */
size_t pools_waiting(struct pools *p, enum run_where where);
/* Takes no more jobs, runs those that wait, ends the threads and frees everything. NULL is taken. */
void pools_drain_and_stop(struct pools *p);

#endif
