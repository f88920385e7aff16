#include "server/pools.h"

#include "server/base/clock.h"
#include "server/base/loop.h"
#include "server/crew.h"
#include "server/store/store.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { STACK_SIZE = 256 * 1024 };

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct waiting waiting;
    struct loop_post *first, *last; /* what tasks have left to it */
    bool jobs_turn;
    bool stopping;
    pthread_t *threads;
    unsigned started;
};

struct pools {
    struct pools_config config;
    struct pool quick, dir;
};

/* What a thread of it does next: an errand of a task, or, if that is NULL, a job. */
struct next {
    struct loop_post *errand;
    struct queued job;
};

/* The two kinds take turns. Under the lock. */
static bool take_next(struct pool *p, struct next *n)
{
    bool jobs = queue_waiting(p->waiting.queue) > 0;
    n->errand = jobs && p->jobs_turn ? NULL : p->first;
    p->jobs_turn = n->errand != NULL;
    if (!n->errand)
        return queue_take(p->waiting.queue, &n->job);
    p->first = n->errand->next;
    return true;
}

/* False when the pool stops and nothing waits any more. */
static bool next_for(struct pool *p, struct next *n)
{
    pthread_mutex_lock(&p->lock);
    while (!p->first && queue_waiting(p->waiting.queue) == 0 && !p->stopping)
        pthread_cond_wait(&p->filled, &p->lock);
    bool found = take_next(p, n);
    pthread_mutex_unlock(&p->lock);
    return found;
}

static void learn(struct pool *p, int64_t took_ms)
{
    pthread_mutex_lock(&p->lock);
    waiting_learn(&p->waiting, took_ms);
    pthread_mutex_unlock(&p->lock);
}

static void run_job(struct pool *p, const struct queued *job)
{
    int64_t began = clock_monotonic_ms();
    if (!waiting_is_worth_it(&p->waiting, job, began)) {
        job->work.refuse(job->work.arg);
        return;
    }
    store_request(); /* what this request reads and spends belongs to one epoch */
    job->work.run(job->work.arg);
    learn(p, clock_monotonic_ms() - began);
}

static void *work(void *arg)
{
    struct pool *p = arg;
    struct next next;
    while (next_for(p, &next)) {
        if (next.errand)
            next.errand->run(next.errand->arg);
        else
            run_job(p, &next.job);
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

static bool pool_start(struct pool *p, unsigned threads, const struct waiting_limits *limits)
{
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->filled, NULL);
    bool queue = waiting_init(&p->waiting, limits, threads);
    p->threads = calloc(threads > 0 ? threads : 1, sizeof *p->threads);
    return queue && p->threads && start_threads(p, threads);
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
    waiting_clear(&p->waiting);
    free(p->threads);
}

static bool pool_submit(struct pool *p, const struct work *work)
{
    struct queued evicted = {0};
    pthread_mutex_lock(&p->lock);
    bool taken =
        !p->stopping && waiting_in_time(&p->waiting, work->from) && waiting_put(&p->waiting, work, &evicted);
    pthread_mutex_unlock(&p->lock);
    if (taken)
        pthread_cond_signal(&p->filled);
    if (evicted.work.refuse)
        evicted.work.refuse(evicted.work.arg);
    return taken;
}

/*
 * What a task has to leave to others: its request was taken already, so this is neither refused nor makes
 * room for anybody. There are never more than tasks.
 */
static void do_elsewhere(void *pools, enum loop_wait wait, struct loop_post *what)
{
    struct pools *all = pools;
    struct pool *p = wait == LOOP_WAITS_LONG ? &all->dir : &all->quick;
    what->next = NULL;
    pthread_mutex_lock(&p->lock);
    if (p->first)
        p->last->next = what;
    else
        p->first = what;
    p->last = what;
    pthread_mutex_unlock(&p->lock);
    pthread_cond_signal(&p->filled);
}

struct pools *pools_start(const struct pools_config *config)
{
    struct pools *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    p->config = *config;
    /* Signals are for the main thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool quick_runs = pool_start(&p->quick, config->quick_threads, &config->quick);
    bool dir_runs = pool_start(&p->dir, config->dir_threads, &config->dir);
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
    case RUN_QUICK_APART:
        return &p->quick;
    case RUN_DIR:
    case RUN_DIR_APART:
        return &p->dir;
    case RUN_NOW:
        break;
    }
    return NULL;
}

/*
 * The crew of the loop that runs on this thread, where it can do that work. There are two, so that those who
 * wait for the directory stand in nobody's way. Of these no more are taken up than there are threads to wait
 * for it: at a slow one all would only be late, while those who stand in the queue are told in time.
 */
static struct crew *crew_for(struct pools *p, enum run_where where)
{
    const struct pools_config *c = &p->config;
    struct loop *l = loop_current();
    struct pool *pool = l && (where == RUN_QUICK || where == RUN_DIR) ? pool_for(p, where) : NULL;
    if (!pool || !c->can_here || !c->can_here(c->can_arg))
        return NULL;
    loop_set_elsewhere(l, do_elsewhere, p);
    if (where == RUN_QUICK)
        return crew_of(l, pool, &c->quick, c->tasks);
    return crew_of(l, pool, &c->dir, c->tasks < c->dir_threads ? c->tasks : c->dir_threads);
}

bool pools_submit(void *pools, enum run_where where, const struct work *work)
{
    struct crew *c = crew_for(pools, where);
    if (c)
        return crew_submit(c, work);
    struct pool *p = pool_for(pools, where);
    return p && pool_submit(p, work);
}

bool pools_have_room(void *pools, enum run_where where, uint32_t from)
{
    struct crew *c = crew_for(pools, where);
    if (c)
        return crew_has_room(c, from);
    struct pool *p = pool_for(pools, where);
    if (!p)
        return false;
    pthread_mutex_lock(&p->lock);
    bool room = !p->stopping && waiting_in_time(&p->waiting, from) && queue_has_room(p->waiting.queue, from);
    pthread_mutex_unlock(&p->lock);
    return room;
}

size_t pools_waiting(struct pools *p, enum run_where where)
{
    struct pool *pool = pool_for(p, where);
    if (!pool)
        return 0;
    pthread_mutex_lock(&pool->lock);
    size_t waiting = queue_waiting(pool->waiting.queue);
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
