/* A queue that is bounded in number and in time: what would be served too late is not taken. */
#ifndef ONEDOOR_WAITING_H
#define ONEDOOR_WAITING_H

#include "server/queue.h"

struct waiting_limits {
    size_t queue;        /* jobs that may wait beside those that run */
    int64_t patience_ms; /* how long one may wait before it is run */
};

/* Not safe for threads, but for waiting_is_worth_it. */
struct waiting {
    struct queue *queue;
    int64_t patience_ms;
    int64_t service;  /* the mean time that a job takes, in ms times a scale */
    unsigned servers; /* how many are done at once */
};

/* False without memory. */
bool waiting_init(struct waiting *w, const struct waiting_limits *limits, unsigned servers);
void waiting_clear(struct waiting *w);

/*
 * Whether one more of `from` would be served in time, by what the last jobs took and by those ahead of it.
 * When nothing waits, nothing is refused, so the mean is learnt anew once it has become better.
 */
bool waiting_in_time(const struct waiting *w, uint32_t from);
/*
 * Takes it, unless there is no room; then another may have had to leave instead: evicted->work.refuse, if
 * set, is to be called for that one.
 */
bool waiting_put(struct waiting *w, const struct work *work, struct queued *evicted);
/* Whether it was worth waiting for: a late answer would come to somebody who asks again already. */
bool waiting_is_worth_it(const struct waiting *w, const struct queued *job, int64_t now);
/* What a job took. */
void waiting_learn(struct waiting *w, int64_t took_ms);

#endif
