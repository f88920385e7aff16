#include "directory/follow/feed.h"

#include "server/base/clock.h"
#include "server/base/log.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { STACK_BYTES = 256 * 1024, COOKIE_MAX = 64 * 1024, PAUSE_LEAST_MS = 100, PAUSE_MOST_MS = 500 };

struct follow {
    struct feed feed;
    pthread_t thread;
    int wake;
};

/* Waits; true when it is time to stop. */
static bool stops_within(struct follow *f, int ms)
{
    struct pollfd look = {.fd = f->wake, .events = POLLIN};
    return poll(&look, 1, ms) > 0;
}

static enum feed_end follow_once(struct follow *f, bool *was_live)
{
    struct feed *feed = &f->feed;
    struct wire w;
    *was_live = false;
    if (!wire_open(&w, feed->directory, f->wake))
        return FEED_LOST;
    bool syncs = !feed->config.polls && feed_server_has(&w, LDAP_CONTROL_SYNC);
    atomic_store(&feed->polls, !syncs);
    enum feed_end end = syncs ? sync_run(feed, &w) : poll_run(feed, &w);
    wire_close(&w);
    *was_live = atomic_exchange(&feed->live, false);
    if (end == FEED_LOST && feed->to.lost)
        feed->to.lost(feed->to.arg);
    return end;
}

static void *follow_all(void *arg)
{
    struct follow *f = arg;
    int pause = PAUSE_LEAST_MS;
    for (bool told = false;;) {
        bool was_live;
        if (follow_once(f, &was_live) == FEED_STOPPED)
            return NULL;
        if (!told || was_live)
            LOG(LOG_LEVEL_WARN, "follow.lost", LOG_Z("feed", f->feed.config.name));
        told = !was_live;
        pause = was_live ? PAUSE_LEAST_MS : pause * 2;
        if (pause > PAUSE_MOST_MS)
            pause = PAUSE_MOST_MS;
        if (stops_within(f, pause))
            return NULL;
    }
}

static bool start_thread(struct follow *f)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    /* Signals stay with the threads that expect them. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(&f->thread, &attributes, follow_all, f) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

static void feed_init(struct feed *feed, struct directory *d, const struct follow_config *config,
                      const struct follower *follower)
{
    feed->directory = d;
    feed->config = *config;
    feed->to = *follower;
    buf_init(&feed->cookie, COOKIE_MAX);
    buf_add(&feed->cookie, config->cookie);
    atomic_init(&feed->live, false);
    atomic_init(&feed->heard, 0);
}

struct follow *follow_start(struct directory *d, const struct follow_config *config,
                            const struct follower *follower)
{
    struct follow *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    feed_init(&f->feed, d, config, follower);
    f->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (f->wake >= 0 && start_thread(f))
        return f;
    if (f->wake >= 0)
        close(f->wake);
    buf_free(&f->feed.cookie);
    free(f);
    return NULL;
}

void follow_stop(struct follow *f)
{
    if (!f)
        return;
    eventfd_write(f->wake, 1);
    pthread_join(f->thread, NULL);
    close(f->wake);
    buf_free(&f->feed.cookie);
    free(f);
}

bool follow_is_live(struct follow *f)
{
    return atomic_load(&f->feed.live);
}

bool follow_polls(struct follow *f)
{
    return atomic_load(&f->feed.polls);
}

int64_t follow_heard(struct follow *f)
{
    return atomic_load(&f->feed.heard);
}

enum result follow_read(struct directory *d, const struct follow_config *config,
                        const struct follower *follower)
{
    struct feed feed;
    struct wire w;
    feed_init(&feed, d, config, follower);
    enum result r = wire_open(&w, d, -1) ? feed_read(&feed, &w) : RESULT_UNAVAILABLE;
    wire_close(&w);
    buf_free(&feed.cookie);
    return r;
}
