/*
 * Where handlers run that must wait for something: worker pools, which are queues, bounded in number and in
 * time, in front of a fixed number of threads; or the I/O thread's own tasks (crew.h), where it can wait for
 * Redis itself.
 */
#ifndef ONEDOOR_POOLS_H
#define ONEDOOR_POOLS_H

#include "server/waiting.h"

struct pools;

struct pools_config {
    unsigned quick_threads, dir_threads;
    struct waiting_limits quick, dir;
    unsigned tasks; /* that a loop has under way at once; for the directory, no more than dir_threads */
    /* Whether this thread, which runs a loop, can do the quick pool's work in tasks of its own; NULL: none
     * can. */
    bool (*can_here)(void *can_arg);
    void *can_arg;
};

/*
 * `quick` is for what asks Redis and signs; `dir` for what may wait for the directory, so that a slow one
 * holds up nothing else. NULL when there is no memory or no thread. They must outlive the loops that submit
 * work.
 */
struct pools *pools_start(const struct pools_config *config);
/*
 * Has the work run by a thread of the pool, or by a task of the calling thread, or refused by one: when it
 * waited for too long, when nobody wants it any more, or when its place is needed by somebody who asks for
 * less. False, and neither is called, when it would wait for too long, when the queue is full, when the pools
 * stop, or for RUN_NOW. `pools` is a struct pools: the type fits the listener's submit_fn.
 */
bool pools_submit(void *pools, enum run_where where, const struct work *work);
/* Whether pools_submit would take it now; it fits the listener's room_fn. */
bool pools_have_room(void *pools, enum run_where where, uint32_t from);
/* Jobs that wait in the queue of that pool. */
size_t pools_waiting(struct pools *p, enum run_where where);
/* Takes no more jobs, runs those that wait, ends the threads and frees everything. NULL is taken. */
void pools_drain_and_stop(struct pools *p);

#endif
