#include "directory/news.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

enum { ITEM_MEMORY = 1 << 20 };

struct link {
    struct link *next;
    struct arena *arena; /* holds the link too */
    struct news_item item;
};

struct news {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    struct link *first, **last;
    size_t n, most;
    bool stopped, woken, full;
};

struct news *news_new(size_t most)
{
    struct news *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&n->moved, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&n->lock, NULL);
    n->last = &n->first;
    n->most = most;
    return n;
}

static void drop_first(struct news *n)
{
    struct link *l = n->first;
    n->first = l->next;
    if (!n->first)
        n->last = &n->first;
    n->n--;
    arena_free(l->arena);
}

void news_free(struct news *n)
{
    if (!n)
        return;
    while (n->first)
        drop_first(n);
    pthread_cond_destroy(&n->moved);
    pthread_mutex_destroy(&n->lock);
    free(n);
}

static void copy_str(struct arena *a, struct str *s)
{
    *s = arena_copy(a, *s);
}

static void copy_person(struct arena *a, struct person *p)
{
    struct str *const texts[] = {&p->dn,           &p->uuid,         &p->subject,      &p->kind,
                                 &p->display_name, &p->given_name,   &p->family_name,  &p->mail,
                                 &p->mobile,       &p->organisation, &p->organisations};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        copy_str(a, texts[i]);
}

static struct link *link_of(const struct news_item *item)
{
    struct arena *a = arena_new(ITEM_MEMORY);
    struct link *l = a ? arena_alloc(a, sizeof *l) : NULL;
    if (l) {
        l->arena = a;
        l->item = *item;
        copy_str(a, &l->item.text);
        copy_str(a, &l->item.change.uuid);
    }
    if (l && item->change.person) {
        struct person *p = arena_alloc(a, sizeof *p);
        if (p) {
            *p = *item->change.person;
            copy_person(a, p);
        }
        l->item.change.person = p;
    }
    if (l && !arena_failed(a))
        return l;
    arena_free(a);
    return NULL;
}

/* Waits for room; under the lock. */
static void wait_for_room(struct news *n)
{
    if (n->n >= n->most && !n->stopped && !n->full) {
        metric_add(METRIC_NEWS_FULL);
        LOG(LOG_LEVEL_WARN, "people.changes_full", LOG_INT("waiting", n->n),
            LOG_Z("why", "the changes before are not noted yet; those of now wait in the directory"));
        n->full = true;
    }
    while (n->n >= n->most && !n->stopped)
        pthread_cond_wait(&n->moved, &n->lock);
}

bool news_put(struct news *n, const struct news_item *item)
{
    struct link *l = link_of(item);
    if (!l)
        return false;
    pthread_mutex_lock(&n->lock);
    wait_for_room(n);
    bool taken = !n->stopped;
    if (taken) {
        *n->last = l;
        n->last = &l->next;
        n->n++;
        pthread_cond_broadcast(&n->moved);
    }
    pthread_mutex_unlock(&n->lock);
    if (!taken)
        arena_free(l->arena);
    return taken;
}

const struct news_item *news_next(struct news *n)
{
    pthread_mutex_lock(&n->lock);
    while (!n->first && !n->stopped && !n->woken)
        pthread_cond_wait(&n->moved, &n->lock);
    const struct news_item *item = n->first && !n->stopped && !n->woken ? &n->first->item : NULL;
    n->woken = false;
    pthread_mutex_unlock(&n->lock);
    return item;
}

void news_done(struct news *n)
{
    pthread_mutex_lock(&n->lock);
    drop_first(n);
    if (n->full && 2 * n->n < n->most) {
        LOG(LOG_LEVEL_INFO, "people.changes_flow");
        n->full = false;
    }
    pthread_cond_broadcast(&n->moved);
    pthread_mutex_unlock(&n->lock);
}

bool news_is_full(struct news *n)
{
    pthread_mutex_lock(&n->lock);
    bool full = n->full;
    pthread_mutex_unlock(&n->lock);
    return full;
}

bool news_is_empty(struct news *n)
{
    pthread_mutex_lock(&n->lock);
    bool empty = n->n == 0;
    pthread_mutex_unlock(&n->lock);
    return empty;
}

static void set_flag(struct news *n, bool *flag, bool value)
{
    pthread_mutex_lock(&n->lock);
    *flag = value;
    pthread_cond_broadcast(&n->moved);
    pthread_mutex_unlock(&n->lock);
}

void news_wake(struct news *n)
{
    set_flag(n, &n->woken, true);
}

void news_stop(struct news *n)
{
    set_flag(n, &n->stopped, true);
}

void news_start(struct news *n)
{
    while (n->first)
        drop_first(n);
    set_flag(n, &n->full, false);
    set_flag(n, &n->stopped, false);
}

bool news_pause(struct news *n, int64_t ms)
{
    int64_t end = clock_monotonic_ms() + ms;
    struct timespec until = {.tv_sec = (time_t)(end / 1000), .tv_nsec = (long)(end % 1000) * 1000000};
    pthread_mutex_lock(&n->lock);
    while (!n->stopped && pthread_cond_timedwait(&n->moved, &n->lock, &until) != ETIMEDOUT)
        ;
    bool stopped = n->stopped;
    pthread_mutex_unlock(&n->lock);
    return stopped;
}

bool news_is_stopped(struct news *n)
{
    return news_pause(n, 0);
}
