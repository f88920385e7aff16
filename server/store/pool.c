#include "server/store/pool.h"

#include "server/base/clock.h"

#include <stdlib.h>
#include <time.h>

enum { PAUSE_FIRST_MS = 50, PAUSE_MOST_MS = 300 };

struct pool {
    const struct store_config *config;
    struct guard *guard;
    struct trouble *trouble;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct connection **idle;
    unsigned idle_count, open; /* open: idle, in use, and under way */
    bool down, probing;        /* after a failure one caller at a time tries again */
    int64_t retry_at, pause;
};

struct pool *pool_new(const struct store_config *config, struct guard *guard, struct trouble *trouble)
{
    struct pool *p = calloc(1, sizeof *p);
    struct connection **idle = calloc(config->connections, sizeof *idle);
    pthread_condattr_t monotonic;
    if (!p || !idle || pthread_condattr_init(&monotonic) != 0) {
        free(p);
        free(idle);
        return NULL;
    }
    *p = (struct pool){.config = config, .guard = guard, .trouble = trouble, .idle = idle};
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&p->lock, NULL);
    return p;
}

static void flush_locked(struct pool *p)
{
    while (p->idle_count > 0) {
        connection_close(p->idle[--p->idle_count]);
        p->open--;
    }
}

void pool_free(struct pool *p)
{
    if (!p)
        return;
    flush_locked(p);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    free(p->idle);
    free(p);
}

/* No new connection for so long, and then by one caller first. */
static void failed_locked(struct pool *p, int64_t pause)
{
    p->down = true;
    p->retry_at = clock_monotonic_ms() + pause;
    pthread_cond_broadcast(&p->changed);
}

static int64_t next_pause(struct pool *p)
{
    p->pause = p->pause ? p->pause * 2 : PAUSE_FIRST_MS;
    if (p->pause > PAUSE_MOST_MS)
        p->pause = PAUSE_MOST_MS;
    return p->pause;
}

/* The most recently used first, so that those not needed fall silent. One that was closed meanwhile is no
 * loss. */
static struct connection *pop_idle(struct pool *p)
{
    while (p->idle_count > 0) {
        struct connection *c = p->idle[--p->idle_count];
        if (connection_quiet(c))
            return c;
        connection_close(c);
        p->open--;
    }
    return NULL;
}

/* Called with the lock held, which is released while Redis is waited for. */
static enum result open_new(struct pool *p, int64_t deadline, struct connection **out)
{
    bool probe = p->down;
    p->open++;
    p->probing = p->probing || probe;
    pthread_mutex_unlock(&p->lock);
    struct connection *c = connection_open(p->config, p->trouble, deadline);
    enum result r = c ? guard_admit(p->guard, c, deadline) : RESULT_UNAVAILABLE;
    pthread_mutex_lock(&p->lock);
    if (probe)
        p->probing = false;
    if (r == RESULT_OK) {
        p->down = false;
        p->pause = 0;
        pthread_cond_broadcast(&p->changed);
        *out = c;
        return r;
    }
    connection_close(c);
    p->open--;
    failed_locked(p, next_pause(p));
    return r;
}

static bool wait_changed(struct pool *p, int64_t deadline)
{
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000),
                             .tv_nsec = (long)(deadline % 1000) * 1000000};
    return pthread_cond_timedwait(&p->changed, &p->lock, &until) == 0;
}

static bool is_away(const struct pool *p)
{
    return p->down && (p->probing || clock_monotonic_ms() < p->retry_at);
}

enum result pool_take(struct pool *p, int64_t deadline, struct connection **out)
{
    enum result r = RESULT_UNAVAILABLE;
    *out = NULL;
    pthread_mutex_lock(&p->lock);
    for (;;) {
        if ((*out = pop_idle(p)) != NULL) {
            r = RESULT_OK;
            break;
        }
        if (is_away(p))
            break;
        if (p->open < p->config->connections) {
            r = open_new(p, deadline, out);
            break;
        }
        if (!wait_changed(p, deadline))
            break;
    }
    pthread_mutex_unlock(&p->lock);
    return r;
}

void pool_put(struct pool *p, struct connection *c)
{
    enum link link = connection_link(c);
    pthread_mutex_lock(&p->lock);
    if (link == LINK_OK) {
        p->idle[p->idle_count++] = c;
        c = NULL;
    } else {
        p->open--;
        if (link == LINK_TIMEOUT) {
            flush_locked(p);
            failed_locked(p, 0);
        }
    }
    pthread_cond_signal(&p->changed);
    pthread_mutex_unlock(&p->lock);
    connection_close(c);
}

void pool_discard(struct pool *p, struct connection *c)
{
    pthread_mutex_lock(&p->lock);
    p->open--;
    pthread_cond_signal(&p->changed);
    pthread_mutex_unlock(&p->lock);
    connection_close(c);
}

void pool_flush(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    flush_locked(p);
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
}

void pool_retry(struct pool *p)
{
    pthread_mutex_lock(&p->lock);
    p->retry_at = 0;
    pthread_mutex_unlock(&p->lock);
}
