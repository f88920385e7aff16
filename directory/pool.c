/* The pool of connections. The one used last is used next, so that those not needed grow old and go. */
#include "directory/pool.h"

#include "server/base/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* Older than this in idleness, a connection may have been forgotten by a firewall between. */
enum { IDLE_MS = 120000 };

struct idle {
    struct dir_connection *connection;
    int64_t since;
};

struct dir_pool {
    pthread_mutex_t lock;
    pthread_cond_t given;
    size_t max, taken, waiting, idle_count;
    struct idle idle[];
};

struct dir_pool *dir_pool_new(size_t max)
{
    if (max == 0)
        max = 1;
    struct dir_pool *p = calloc(1, sizeof *p + max * sizeof p->idle[0]);
    if (!p)
        return NULL;
    p->max = max;
    pthread_mutex_init(&p->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&p->given, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return p;
}

static bool wait_for_place(struct dir_pool *p, int64_t deadline)
{
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000),
                             .tv_nsec = (long)(deadline % 1000) * 1000000};
    int woken = 0;
    p->waiting++;
    while (p->taken == p->max && woken != ETIMEDOUT)
        woken = pthread_cond_timedwait(&p->given, &p->lock, &until);
    p->waiting--;
    return p->taken < p->max;
}

/* The lock is held; the connection is NULL when none is kept. */
static struct idle take_place(struct dir_pool *p)
{
    p->taken++;
    return p->idle_count > 0 ? p->idle[--p->idle_count] : (struct idle){0};
}

/* The connection, when it still may be used; or closes it. */
static struct dir_connection *usable(const struct idle *kept)
{
    if (!kept->connection)
        return NULL;
    if (clock_monotonic_ms() - kept->since < IDLE_MS && dir_connection_alive(kept->connection))
        return kept->connection;
    dir_connection_close(kept->connection);
    return NULL;
}

bool dir_pool_take(struct dir_pool *p, int64_t deadline, struct dir_connection **kept)
{
    struct idle last = {0};
    pthread_mutex_lock(&p->lock);
    bool got = wait_for_place(p, deadline);
    if (got)
        last = take_place(p);
    pthread_mutex_unlock(&p->lock);
    *kept = usable(&last);
    return got;
}

/* Whoever waits already would be overtaken for ever by those who need not. */
bool dir_pool_try_take(struct dir_pool *p, struct dir_connection **kept)
{
    struct idle last = {0};
    pthread_mutex_lock(&p->lock);
    bool got = p->idle_count > 0 && p->waiting == 0;
    if (got)
        last = take_place(p);
    pthread_mutex_unlock(&p->lock);
    *kept = usable(&last);
    if (got && !*kept)
        dir_pool_give(p, NULL);
    return *kept != NULL;
}

void dir_pool_give(struct dir_pool *p, struct dir_connection *c)
{
    int64_t now = clock_monotonic_ms();
    pthread_mutex_lock(&p->lock);
    p->taken--;
    /* taken + idle never exceeds max, as an idle one is used before a new one is made. */
    if (c)
        p->idle[p->idle_count++] = (struct idle){.connection = c, .since = now};
    pthread_cond_signal(&p->given);
    pthread_mutex_unlock(&p->lock);
}

void dir_pool_free(struct dir_pool *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->idle_count; i++)
        dir_connection_close(p->idle[i].connection);
    pthread_cond_destroy(&p->given);
    pthread_mutex_destroy(&p->lock);
    free(p);
}
