#include "directory/live_parts.h"

#include "directory/dn.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/random.h"

#include <signal.h>
#include <stdlib.h>

enum { STACK_BYTES = 512 * 1024, OWN_MEMORY = 1 << 20, ACCEPT_MEMORY = 1 << 14, ACCEPT_RANDOM = 9 };

bool live_thread(pthread_t *out, void *(*run)(void *), void *arg)
{
    pthread_attr_t attributes;
    sigset_t all, before;
    if (pthread_attr_init(&attributes) != 0)
        return false;
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = pthread_create(out, &attributes, run, arg) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&attributes);
    return started;
}

struct live *live_new(struct directory *d, const struct live_config *config)
{
    struct live *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->directory = d;
    l->config = *config;
    l->arena = arena_new(OWN_MEMORY);
    if (l->arena && live_model_setup(l) && live_people_setup(l))
        return l;
    live_free(l);
    return NULL;
}

void live_free(struct live *l)
{
    if (!l)
        return;
    live_people_clear(l);
    live_model_clear(l);
    arena_free(l->arena);
    free(l);
}

bool live_start(struct live *l, const struct live_watcher *watcher)
{
    l->watcher = watcher ? *watcher : (struct live_watcher){0};
    if (live_model_start(l) && live_people_start(l))
        return true;
    live_stop(l);
    return false;
}

void live_stop(struct live *l)
{
    if (!l)
        return;
    live_people_stop(l);
    live_model_stop(l);
}

static void take_heard(const struct follow *f, int64_t heard, struct live_state *out)
{
    if (f && heard < out->last_heard)
        out->last_heard = heard;
}

struct live_state live_state(struct live *l)
{
    struct live_state s = {.last_heard = INT64_MAX,
                           .model_built = atomic_load(&l->model.built),
                           .known_people = known_count(l->people.known),
                           .lags = news_is_full(l->people.news)};
    pthread_mutex_lock(&l->model.lock);
    s.loss_held = l->model.held;
    pthread_mutex_unlock(&l->model.lock);
    s.loss_held = s.loss_held || leavers_held(l->people.leavers) > 0;
    s.following = atomic_load(&l->people.following) && follow_is_live(l->people.follow);
    for (int i = 0; i < CONTENT_SOURCE_COUNT; i++) {
        struct follow *f = l->model.feeds[i].follow;
        s.following = s.following && f && follow_is_live(f);
        if (f)
            take_heard(f, follow_heard(f), &s);
    }
    if (atomic_load(&l->people.following))
        take_heard(l->people.follow, follow_heard(l->people.follow), &s);
    if (s.last_heard == INT64_MAX)
        s.last_heard = 0;
    return s;
}

void live_accept_loss(struct live *l)
{
    live_model_accept(l);
    live_people_accept(l);
}

enum result live_tell_accept_loss(struct directory *d)
{
    struct str class = STR("onedoorState"), cn = STR("accept-loss"), words[2];
    struct arena *a = arena_new(ACCEPT_MEMORY);
    if (!a)
        return RESULT_INTERNAL;
    char when[25];
    clock_format(when);
    words[0] = random_token(a, ACCEPT_RANDOM);
    words[1] = arena_printf(a, "%s " STR_FMT, when, STR_ARG(words[0]));
    const struct attribute said = {.name = "description", .values = &words[1], .count = 1};
    const struct attribute all[] = {{.name = "objectClass", .values = &class, .count = 1},
                                    {.name = "cn", .values = &cn, .count = 1},
                                    said};
    const struct change change = {.kind = CHANGE_REPLACE, .attribute = said};
    enum result r = words[0].len > 0 && words[1].len > 0 ? RESULT_OK : RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = registry_modify(d, STR(LIVE_ACCEPT_RDN), &change, 1);
    if (r == RESULT_NOT_FOUND)
        r = registry_add(d, STR(LIVE_ACCEPT_RDN), all, 3);
    arena_free(a);
    return r;
}

int64_t live_unsure_before(struct live *l)
{
    return atomic_load(&l->people.unsure_before);
}

uint64_t live_version(const struct live *l)
{
    return atomic_load(&l->version);
}

const struct model *live_model(struct live *l, struct arena *a)
{
    return swap_read(l->model.now, a);
}
