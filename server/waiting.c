#include "server/waiting.h"

#include "server/base/clock.h"

enum {
    SMOOTH = 16,      /* how many jobs the mean service time remembers, about */
    SCALE = 1024,     /* most jobs take less than a millisecond, and the mean must not lose them */
    LOOK_AFTER_MS = 5 /* whoever waited for less is still there */
};

bool waiting_init(struct waiting *w, const struct waiting_limits *limits, unsigned servers)
{
    *w = (struct waiting){queue_new(limits->queue), limits->patience_ms, 0, servers};
    return w->queue != NULL;
}

void waiting_clear(struct waiting *w)
{
    queue_free(w->queue);
    w->queue = NULL;
}

/* The first bound is the cheap one. */
bool waiting_in_time(const struct waiting *w, uint32_t from)
{
    int64_t most = w->patience_ms * SCALE * w->servers;
    if ((int64_t)queue_waiting(w->queue) * w->service <= most)
        return true;
    return (int64_t)queue_ahead(w->queue, from) * w->service <= most;
}

bool waiting_put(struct waiting *w, const struct work *work, struct queued *evicted)
{
    struct queued job = {*work, clock_monotonic_ms()};
    *evicted = (struct queued){0};
    if (queue_put(w->queue, &job))
        return true;
    return queue_make_room(w->queue, work->from, evicted) && queue_put(w->queue, &job);
}

/* It would make everybody behind it late too. */
bool waiting_is_worth_it(const struct waiting *w, const struct queued *job, int64_t now)
{
    const struct work *work = &job->work;
    int64_t waited = now - job->since;
    if (waited > w->patience_ms)
        return false;
    return waited < LOOK_AFTER_MS || !work->wanted || work->wanted(work->arg);
}

void waiting_learn(struct waiting *w, int64_t took_ms)
{
    w->service += (took_ms * SCALE - w->service) / SMOOTH;
}
