#include "server/pools.h"

#include "server/store/store.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

enum { STACK_SIZE = 256 * 1024 };

struct job {
    void (*run)(void *);
    void *arg;
};

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t filled;
    struct job *ring;
    size_t size, first, waiting;
    bool stopping;
    pthread_t *threads;
    unsigned started;
};

struct pools {
    struct pool quick, dir;
};

/* False when the pool stops and nothing waits any more. */
static bool next_job(struct pool *p, struct job *job)
{
    pthread_mutex_lock(&p->lock);
    while (p->waiting == 0 && !p->stopping)
        pthread_cond_wait(&p->filled, &p->lock);
    bool found = p->waiting > 0;
    if (found) {
        *job = p->ring[p->first];
        p->first = (p->first + 1) % p->size;
        p->waiting--;
    }
    pthread_mutex_unlock(&p->lock);
    return found;
}

static void *work(void *arg)
{
    struct job job;
    while (next_job(arg, &job)) {
        store_request(); /* what this request reads and spends belongs to one epoch */
        job.run(job.arg);
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

static bool pool_start(struct pool *p, unsigned threads, size_t queue)
{
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->filled, NULL);
    p->size = queue > 0 ? queue : 1;
    p->ring = calloc(p->size, sizeof *p->ring);
    p->threads = calloc(threads > 0 ? threads : 1, sizeof *p->threads);
    return p->ring && p->threads && start_threads(p, threads);
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
    free(p->ring);
    free(p->threads);
}

static bool pool_submit(struct pool *p, struct job job)
{
    pthread_mutex_lock(&p->lock);
    bool room = !p->stopping && p->waiting < p->size;
    if (room)
        p->ring[(p->first + p->waiting++) % p->size] = job;
    pthread_mutex_unlock(&p->lock);
    if (room)
        pthread_cond_signal(&p->filled);
    return room;
}

struct pools *pools_start(unsigned quick_threads, unsigned dir_threads, size_t quick_queue, size_t dir_queue)
{
    struct pools *p = calloc(1, sizeof *p);
    if (!p)
        return NULL;
    /* Signals are for the main thread. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool quick = pool_start(&p->quick, quick_threads, quick_queue);
    bool dir = pool_start(&p->dir, dir_threads, dir_queue);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (quick && dir)
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

bool pools_submit(void *pools, enum run_where where, void (*job)(void *), void *arg)
{
    struct pool *p = pool_for(pools, where);
    return p && pool_submit(p, (struct job){job, arg});
}

size_t pools_waiting(struct pools *p, enum run_where where)
{
    struct pool *pool = pool_for(p, where);
    if (!pool)
        return 0;
    pthread_mutex_lock(&pool->lock);
    size_t waiting = pool->waiting;
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
