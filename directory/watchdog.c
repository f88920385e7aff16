/*
 * LDAP_OPT_NETWORK_TIMEOUT does not cover the TLS handshake, and a read within a half-received record waits
 * for ever: a socket that is shut down ends both. One thread sleeps until the earliest deadline; deadlines
 * come mostly in order, so that arming wakes it only seldom.
 */
#include "directory/watchdog.h"

#include "server/base/clock.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

struct watchdog {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t thread;
    bool running, stopping;
    int64_t asleep_until; /* INT64_MAX: until woken */
    struct watch *first;
};

static struct timespec timespec_of(int64_t ms)
{
    return (struct timespec){.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
}

/* Fires what is due and returns the earliest deadline that is left. */
static int64_t fire_due(struct watchdog *dog, int64_t now)
{
    int64_t earliest = INT64_MAX;
    for (struct watch *w = dog->first; w; w = w->next) {
        if (w->fired)
            continue;
        if (w->deadline <= now) {
            shutdown(w->fd, SHUT_RDWR);
            w->fired = true;
        } else if (w->deadline < earliest) {
            earliest = w->deadline;
        }
    }
    return earliest;
}

static void *watch_all(void *arg)
{
    struct watchdog *dog = arg;
    pthread_mutex_lock(&dog->lock);
    while (!dog->stopping) {
        dog->asleep_until = fire_due(dog, clock_monotonic_ms());
        if (dog->asleep_until == INT64_MAX) {
            pthread_cond_wait(&dog->wake, &dog->lock);
        } else {
            struct timespec until = timespec_of(dog->asleep_until);
            pthread_cond_timedwait(&dog->wake, &dog->lock, &until);
        }
    }
    pthread_mutex_unlock(&dog->lock);
    return NULL;
}

struct watchdog *watchdog_new(void)
{
    struct watchdog *dog = calloc(1, sizeof *dog);
    if (!dog)
        return NULL;
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&dog->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&dog->lock, NULL);
    dog->asleep_until = INT64_MAX;
    return dog;
}

/* Signals stay with the threads that expect them. */
static bool start_thread(struct watchdog *dog)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    dog->running = pthread_create(&dog->thread, NULL, watch_all, dog) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return dog->running;
}

bool watchdog_arm(struct watchdog *dog, struct watch *w, int fd, int64_t deadline)
{
    pthread_mutex_lock(&dog->lock);
    bool running = dog->running || start_thread(dog);
    if (running) {
        *w = (struct watch){.fd = fd, .deadline = deadline, .next = dog->first, .armed = true};
        dog->first = w;
        if (deadline < dog->asleep_until)
            pthread_cond_signal(&dog->wake);
    }
    pthread_mutex_unlock(&dog->lock);
    return running;
}

bool watchdog_disarm(struct watchdog *dog, struct watch *w)
{
    if (!w->armed)
        return false;
    pthread_mutex_lock(&dog->lock);
    struct watch **at = &dog->first;
    while (*at && *at != w)
        at = &(*at)->next;
    if (*at)
        *at = w->next;
    w->armed = false;
    bool fired = w->fired;
    pthread_mutex_unlock(&dog->lock);
    return fired;
}

void watchdog_free(struct watchdog *dog)
{
    if (!dog)
        return;
    pthread_mutex_lock(&dog->lock);
    bool running = dog->running;
    dog->stopping = true;
    pthread_cond_signal(&dog->wake);
    pthread_mutex_unlock(&dog->lock);
    if (running)
        pthread_join(dog->thread, NULL);
    pthread_cond_destroy(&dog->wake);
    pthread_mutex_destroy(&dog->lock);
    free(dog);
}
