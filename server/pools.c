#include "server/pools.h"

#include "server/base/clock.h"
#include "server/queue.h"
#include "server/store/store.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum {
    STACK_SIZE = 256 * 1024,
    SMOOTH = 16,      /* how many jobs the mean service time remembers, about */
    SCALE = 1024,     /* most jobs take less than a millisecond, and the mean must not lose them */
    LOOK_AFTER_MS = 5 /* whoever waited for less is still there */
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct queue *queue;
    int64_t patience_ms;
    int64_t service; /* the mean time that a job takes, in ms times SCALE */
    bool stopping;
    pthread_t *threads;
    unsigned started;
};

struct pools {
    struct pool quick, dir;
};

/* False when the pool stops and nothing waits any more. */
static bool next_job(struct pool *p, struct queued *job)
{
    pthread_mutex_lock(&p->lock);
    while (queue_waiting(p->queue) == 0 && !p->stopping)
        pthread_cond_wait(&p->filled, &p->lock);
    bool found = queue_take(p->queue, job);
    pthread_mutex_unlock(&p->lock);
    return found;
}

static void learn(struct pool *p, int64_t took_ms)
{
    pthread_mutex_lock(&p->lock);
    p->service += (took_ms * SCALE - p->service) / SMOOTH;
    pthread_mutex_unlock(&p->lock);
}

/* A late answer would come to somebody who asks again already, and make everybody behind him late too. */
static bool is_worth_it(const struct pool *p, const struct queued *job, int64_t now)
{
    const struct work *w = &job->work;
    int64_t waited = now - job->since;
    if (waited > p->patience_ms)
        return false;
    return waited < LOOK_AFTER_MS || !w->wanted || w->wanted(w->arg);
}

static void *work(void *arg)
{
    struct pool *p = arg;
    struct queued job;
    while (next_job(p, &job)) {
        int64_t began = clock_monotonic_ms();
        if (!is_worth_it(p, &job, began)) {
            job.work.refuse(job.work.arg);
            continue;
        }
        store_request(); /* what this request reads and spends belongs to one epoch */
        job.work.run(job.work.arg);
        learn(p, clock_monotonic_ms() - began);
    }
    return NULL;
}

static bool start_threads(struct pool *p, unsigned threads)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    while (p->started < threads && pthread_create(&p->threads[p->started], &attr, work, p) == 0)
        p->started++;
    pthread_attr_destroy(&attr);
    return p->started == threads;
}

static bool pool_start(struct pool *p, unsigned threads, const struct pools_limits *limits)
{
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->filled, NULL);
    p->queue = queue_new(limits->queue);
    p->patience_ms = limits->patience_ms;
    p->threads = calloc(threads > 0 ? threads : 1, sizeof *p->threads);
    return p->queue && p->threads && start_threads(p, threads);
}

static void pool_stop(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->stopping = true;
    pthread_cond_broadcast(&p->filled);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < p->started; i++)
        pthread_join(p->threads[i], NULL);
    pthread_cond_destroy(&p->filled);
    pthread_mutex_destroy(&p->lock);
    queue_free(p->queue);
    free(p->threads);
}

/*
 * By what the last jobs took, and by those ahead of this one; the first bound is the cheap one. When nothing
 * waits, nothing is refused, so the mean is learnt anew once it has become better.
 */
static bool would_wait_too_long(const struct pool *p, uint32_t from)
{
    int64_t most = p->patience_ms * SCALE * p->started;
    if ((int64_t)queue_waiting(p->queue) * p->service <= most)
        return false;
    return (int64_t)queue_ahead(p->queue, from) * p->service > most;
}

static bool pool_submit(struct pool *p, const struct work *work)
{
    struct queued job = {*work, clock_monotonic_ms()}, evicted = {0};
    pthread_mutex_lock(&p->lock);
    bool taken = !p->stopping && !would_wait_too_long(p, work->from);
    if (taken && !queue_put(p->queue, &job))
        taken = queue_make_room(p->queue, work->from, &evicted) && queue_put(p->queue, &job);
    pthread_mutex_unlock(&p->lock);
    if (taken)
        pthread_cond_signal(&p->filled);
    if (evicted.work.refuse)
        evicted.work.refuse(evicted.work.arg);
    return taken;
}

struct pools *pools_start(unsigned quick_threads, unsigned dir_threads, const struct pools_limits *quick,
                          const struct pools_limits *dir)
{
    struct pools *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    /* Signals are for the main thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool quick_runs = pool_start(&p->quick, quick_threads, quick);
    bool dir_runs = pool_start(&p->dir, dir_threads, dir);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (quick_runs && dir_runs)
        return p;
    pools_drain_and_stop(p);
    return NULL;
}

static struct pool *pool_for(struct pools *p, enum run_where where)
{
    switch (where) {
    case RUN_QUICK:
        return &p->quick;
    case RUN_DIR:
        return &p->dir;
    case RUN_NOW:
        break;
    }
    return NULL;
}

bool pools_submit(void *pools, enum run_where where, const struct work *work)
{
    struct pool *p = pool_for(pools, where);
    return p && pool_submit(p, work);
}

bool pools_have_room(void *pools, enum run_where where, uint32_t from)
{
    struct pool *p = pool_for(pools, where);
    if (!p)
        return false;
    pthread_mutex_lock(&p->lock);
    bool room = !p->stopping && !would_wait_too_long(p, from) && queue_has_room(p->queue, from);
    pthread_mutex_unlock(&p->lock);
    return room;
}

size_t pools_waiting(struct pools *p, enum run_where where)
{
    struct pool *pool = pool_for(p, where);
    if (!pool)
        return 0;
    pthread_mutex_lock(&pool->lock);
    size_t waiting = queue_waiting(pool->queue);
    pthread_mutex_unlock(&pool->lock);
    return waiting;
}

void pools_drain_and_stop(struct pools *p)
{
    if (!p)
        return;
    pool_stop(&p->quick);
    pool_stop(&p->dir);
    free(p);
}
