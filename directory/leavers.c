#include "directory/leavers.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"

#include <pthread.h>
#include <stdlib.h>

enum { WINDOW_SECONDS = 60 };

struct leavers {
    pthread_mutex_t lock;
    unsigned most;
    unsigned counts[WINDOW_SECONDS];
    int64_t second; /* of the newest count */
    struct uuid_set held;
};

struct leavers *leavers_new(unsigned most)
{
    struct leavers *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->most = most;
    pthread_mutex_init(&l->lock, NULL);
    return l;
}

void leavers_free(struct leavers *l)
{
    if (!l)
        return;
    uuid_set_free(&l->held);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

static unsigned count_one(struct leavers *l)
{
    int64_t now = clock_monotonic_ms() / 1000;
    unsigned sum = 0;
    if (now - l->second > WINDOW_SECONDS)
        l->second = now - WINDOW_SECONDS;
    while (l->second < now)
        l->counts[++l->second % WINDOW_SECONDS] = 0;
    l->counts[now % WINDOW_SECONDS]++;
    for (int i = 0; i < WINDOW_SECONDS; i++)
        sum += l->counts[i];
    return sum;
}

static void alarm_once(const struct leavers *l)
{
    if (l->held.n > 0)
        return;
    metric_add(METRIC_LOSSES_HELD);
    LOG(LOG_LEVEL_ERROR, "people.loss_held", LOG_INT("most_leavers", l->most),
        LOG_Z("why", "more people were disabled or gone within a minute than most_leavers"),
        LOG_Z("to_accept", "onedoor registry accept-loss"));
}

/* Once some are held back, all that follow are. Without memory to hold one back, it is believed. */
bool leavers_judge(struct leavers *l, struct str uuid, bool counts)
{
    if (l->most == 0)
        return true;
    pthread_mutex_lock(&l->lock);
    bool hold = (counts && count_one(l) > l->most) || l->held.n > 0;
    if (hold) {
        alarm_once(l);
        hold = uuid_set_add(&l->held, uuid);
    }
    pthread_mutex_unlock(&l->lock);
    return !hold;
}

bool leavers_back(struct leavers *l, struct str uuid)
{
    pthread_mutex_lock(&l->lock);
    bool last = uuid_set_remove(&l->held, uuid) && l->held.n == 0;
    if (last)
        LOG(LOG_LEVEL_WARN, "people.loss_over");
    pthread_mutex_unlock(&l->lock);
    return last;
}

bool leavers_holds(struct leavers *l, struct str uuid)
{
    pthread_mutex_lock(&l->lock);
    bool holds = uuid_set_has(&l->held, uuid);
    pthread_mutex_unlock(&l->lock);
    return holds;
}

size_t leavers_held(struct leavers *l)
{
    pthread_mutex_lock(&l->lock);
    size_t n = l->held.n;
    pthread_mutex_unlock(&l->lock);
    return n;
}

struct uuid_set leavers_accept(struct leavers *l)
{
    pthread_mutex_lock(&l->lock);
    struct uuid_set held = l->held;
    l->held = (struct uuid_set){0};
    if (held.n > 0) {
        LOG(LOG_LEVEL_WARN, "people.loss_accepted", LOG_INT("people", held.n));
        for (int i = 0; i < WINDOW_SECONDS; i++)
            l->counts[i] = 0;
    }
    pthread_mutex_unlock(&l->lock);
    return held;
}
