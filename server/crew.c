#include "server/crew.h"

#include "server/base/clock.h"
#include "server/base/task.h"
#include "server/store/store.h"

#include <stdlib.h>

struct crew {
    struct loop *loop;
    struct loop_member member;
    struct waiting waiting;
    unsigned tasks, tasks_most;
};

static void run_one(struct crew *c, const struct queued *job)
{
    int64_t began = clock_monotonic_ms();
    if (!waiting_is_worth_it(&c->waiting, job, began)) {
        job->work.refuse(job->work.arg);
        return;
    }
    store_request(); /* what this request reads and spends belongs to one epoch */
    job->work.run(job->work.arg);
    waiting_learn(&c->waiting, clock_monotonic_ms() - began);
}

static void work(void *arg)
{
    struct crew *c = arg;
    struct queued job;
    while (queue_take(c->waiting.queue, &job)) {
        run_one(c, &job);
        if (queue_waiting(c->waiting.queue) > 0)
            task_yield(); /* it need not have waited for anything */
    }
    c->tasks--;
}

static void loop_is_gone(void *arg)
{
    struct crew *c = arg;
    waiting_clear(&c->waiting);
    free(c);
}

struct crew *crew_of(struct loop *l, const void *pool, const struct waiting_limits *limits, unsigned tasks)
{
    struct loop_member *m = loop_member_of(l, pool);
    if (m)
        return m->arg;
    struct crew *c = calloc(1, sizeof *c);
    if (!c || !waiting_init(&c->waiting, limits, tasks)) {
        free(c);
        return NULL;
    }
    c->loop = l;
    c->tasks_most = tasks;
    c->member = (struct loop_member){.owner = pool, .gone = loop_is_gone, .arg = c};
    loop_join(l, &c->member);
    return c;
}

bool crew_submit(struct crew *c, const struct work *job)
{
    struct queued evicted;
    if (!waiting_in_time(&c->waiting, job->from))
        return false;
    if (c->tasks < c->tasks_most && loop_spawn(c->loop, work, c))
        c->tasks++;
    bool taken = c->tasks > 0 && waiting_put(&c->waiting, job, &evicted);
    if (taken && evicted.work.refuse)
        evicted.work.refuse(evicted.work.arg);
    return taken;
}

bool crew_has_room(const struct crew *c, uint32_t from)
{
    return waiting_in_time(&c->waiting, from) && queue_has_room(c->waiting.queue, from);
}
