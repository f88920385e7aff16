#include "server/housekeeping.h"

#include "server/base/log.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/*
 * The registry's feed tells of every change of an application: reading them all now and then is a safety net,
 * and is dear with thousands of them. What failed is tried again soon.
 */
enum { BEAT_MS = 500, APPLICATIONS_MS = 60000, KEYS_MS = 10000, RETRY_MS = 1000 };

/* A thing done again and again; each has its own thread, so that a silent directory never delays the
 * heartbeat. */
struct chore {
    struct housekeeping *h;
    bool (*run)(struct provider *p); /* false: to be tried again */
    int64_t every_ms;
    bool of_registry; /* due when the registry has changed */
    pthread_t thread;
    bool started, due, failed;
};

static bool beat(struct provider *p)
{
    store_beat(p->store);
    return true;
}

static bool read_applications(struct provider *p)
{
    enum result r = applications_refresh(p->applications);
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_DEBUG, "applications.not_refreshed", LOG_Z("result", result_name(r)));
    return r == RESULT_OK;
}

static bool read_keys(struct provider *p)
{
    enum result r = keyring_refresh(p->keyring);
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_DEBUG, "keys.not_refreshed", LOG_Z("result", result_name(r)));
    return r == RESULT_OK;
}

enum { CHORES = 3 };

struct housekeeping {
    struct provider *provider;
    pthread_mutex_t lock;
    pthread_cond_t woken;
    bool stop;
    struct chore chores[CHORES];
};

/* Waits for the interval, or until it is due; true when it is time to end. */
static bool wait_for_stop(struct chore *c)
{
    struct housekeeping *h = c->h;
    int64_t ms = c->failed && c->every_ms > RETRY_MS ? RETRY_MS : c->every_ms;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_mutex_lock(&h->lock);
    while (!h->stop && !c->due && pthread_cond_timedwait(&h->woken, &h->lock, &until) == 0)
        ;
    c->due = false;
    bool stop = h->stop;
    pthread_mutex_unlock(&h->lock);
    return stop;
}

static void *run_chore(void *arg)
{
    struct chore *c = arg;
    while (!wait_for_stop(c))
        c->failed = !c->run(c->h->provider);
    return NULL;
}

static bool start_chore(struct chore *c, struct housekeeping *h)
{
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, 256 * 1024);
    c->h = h;
    c->started = pthread_create(&c->thread, &attributes, run_chore, c) == 0;
    pthread_attr_destroy(&attributes);
    return c->started;
}

struct housekeeping *housekeeping_start(struct provider *p)
{
    struct housekeeping *h = calloc(1, sizeof *h);
    if (h == NULL)
        return NULL;
    h->provider = p;
    h->chores[0] = (struct chore){.run = beat, .every_ms = BEAT_MS};
    h->chores[1] = (struct chore){.run = read_applications, .every_ms = APPLICATIONS_MS, .of_registry = true};
    h->chores[2] = (struct chore){.run = read_keys, .every_ms = KEYS_MS, .of_registry = true};
    pthread_condattr_t clock;
    pthread_condattr_init(&clock);
    pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->woken, &clock);
    pthread_condattr_destroy(&clock);
    for (int i = 0; i < CHORES; i++) {
        if (!start_chore(&h->chores[i], h)) {
            housekeeping_stop(h);
            return NULL;
        }
    }
    return h;
}

void housekeeping_registry_changed(struct housekeeping *h)
{
    pthread_mutex_lock(&h->lock);
    for (int i = 0; i < CHORES; i++)
        h->chores[i].due = h->chores[i].of_registry;
    pthread_cond_broadcast(&h->woken);
    pthread_mutex_unlock(&h->lock);
}

void housekeeping_stop(struct housekeeping *h)
{
    if (h == NULL)
        return;
    pthread_mutex_lock(&h->lock);
    h->stop = true;
    pthread_cond_broadcast(&h->woken);
    pthread_mutex_unlock(&h->lock);
    for (int i = 0; i < CHORES; i++) {
        if (h->chores[i].started)
            pthread_join(h->chores[i].thread, NULL);
    }
    pthread_cond_destroy(&h->woken);
    pthread_mutex_destroy(&h->lock);
    free(h);
}
