/* The worker pools: bounded queues in front of a fixed number of threads. */
#ifndef ONEDOOR_POOLS_H
#define ONEDOOR_POOLS_H

#include "server/http/route.h"

struct pools;

/*
 * `quick` runs what asks Redis and signs; `dir` what may wait for the directory, so that a slow one holds up
 * nothing else. A queue takes that many jobs beside those that run. NULL when there is no memory or no
 * thread.
 */
struct pools *pools_start(unsigned quick_threads, unsigned dir_threads, size_t quick_queue, size_t dir_queue);
/*
 * Has job(arg) run by a thread of the pool; false when its queue is full, when the pools stop, or for
 * RUN_NOW. `pools` is a struct pools: the type fits the listener's submit_fn.
 */
bool pools_submit(void *pools, enum run_where where, void (*job)(void *), void *arg);
/* Jobs that wait in the queue of that pool. */
size_t pools_waiting(struct pools *p, enum run_where where);
/* Takes no more jobs, runs those that wait, ends the threads and frees everything. NULL is taken. */
void pools_drain_and_stop(struct pools *p);

#endif
