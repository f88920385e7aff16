/*
 * The feeds of the registry and of groups and organisations fill one content; a builder compiles it a moment
 * after it has changed, and puts the model in the place of the last one.
 */
#include "directory/live_parts.h"

#include "directory/dn.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"

#include <stdlib.h>
#include <string.h>

/* Changes come in handfuls: the first waits a little for the others. */
enum {
    COALESCE_MS = 25,
    COALESCE_MOST_MS = 300,
    RETRY_MS = 1000,
    JUDGE_MEMORY = 1 << 16,
    COOKIE_MAX = 64 * 1024
};

/* Accounts are many and none of the model's business; the heartbeat of the store even less. */
static const char registry_filter[] =
    "(|(objectClass=onedoorApplication)(objectClass=onedoorKey)(objectClass=onedoorRole)"
    "(objectClass=onedoorAssignment)(objectClass=onedoorResourceItem)(objectClass=onedoorMandate)"
    "(objectClass=onedoorChange)(&(objectClass=onedoorState)(cn=accept-loss)))";
static const char *const registry_attributes[] = {"*", NULL};
static const char *const group_attributes[] = {"objectClass", "cn",     "ou",           "o",           "dc",
                                               "description", "member", "uniqueMember", "displayName", NULL};

static enum result take_accept(struct live *l, const struct entry *e)
{
    struct model_part *m = &l->model;
    struct arena *a = arena_new(JUDGE_MEMORY);
    bool same =
        a &&
        dn_is_same(a, e->dn, dn_join(a, STR(LIVE_ACCEPT_RDN), directory_config(l->directory)->registry_base));
    struct str word = entry_value(e, "description");
    bool fresh = false;
    pthread_mutex_lock(&m->lock);
    if (same && !str_eq(m->accepted, word)) {
        fresh = m->loaded;
        free((char *)(uintptr_t)m->accepted.p);
        char *copy = malloc(word.len + 1);
        m->accepted = (struct str){copy, copy ? word.len : 0};
        if (copy && word.len > 0)
            memcpy(copy, word.p, word.len);
    }
    pthread_mutex_unlock(&m->lock);
    arena_free(a);
    if (fresh)
        live_accept_loss(l);
    return a ? RESULT_OK : RESULT_INTERNAL;
}

static bool is_a(const struct entry *e, struct str class)
{
    const struct attribute *classes = entry_attribute(e, "objectClass");
    for (size_t i = 0; classes && i < classes->count; i++)
        if (str_eq_nocase(classes->values[i], class))
            return true;
    return false;
}

static enum result put(void *arg, struct str uuid, const struct entry *e)
{
    struct model_feed *f = arg;
    struct model_part *m = &f->live->model;
    f->changed = true;
    if (f->source == CONTENT_REGISTRY && is_a(e, STR("onedoorState")))
        return take_accept(f->live, e);
    bool application = f->source == CONTENT_REGISTRY && is_a(e, STR("onedoorApplication"));
    bool key = f->source == CONTENT_REGISTRY && is_a(e, STR("onedoorKey"));
    f->others = f->others || application || key;
    if (key && !uuid_set_add(&f->keys, uuid))
        return RESULT_INTERNAL;
    if (application && f->reader)
        f->reader->application(f->reader->arg, e);
    pthread_mutex_lock(&m->lock);
    enum result r = content_put(m->content, f->source, uuid, e);
    pthread_mutex_unlock(&m->lock);
    return r;
}

/* A feed that goes on from a cookie names as gone whatever has changed meanwhile and is none of ours. */
static enum result gone(void *arg, struct str uuid)
{
    struct model_feed *f = arg;
    struct model_part *m = &f->live->model;
    pthread_mutex_lock(&m->lock);
    bool was_there = content_drop(m->content, f->source, uuid);
    pthread_mutex_unlock(&m->lock);
    was_there = uuid_set_remove(&f->keys, uuid) || was_there;
    f->changed = f->changed || was_there;
    f->others = f->others || was_there;
    return RESULT_OK;
}

static enum result present(void *arg, struct str uuid)
{
    struct model_feed *f = arg;
    struct model_part *m = &f->live->model;
    pthread_mutex_lock(&m->lock);
    content_present(m->content, f->source, uuid);
    pthread_mutex_unlock(&m->lock);
    return RESULT_OK;
}

static enum result refresh_begin(void *arg)
{
    struct model_feed *f = arg;
    struct model_part *m = &f->live->model;
    pthread_mutex_lock(&m->lock);
    content_refresh_begin(m->content, f->source);
    pthread_mutex_unlock(&m->lock);
    return f->reader ? f->reader->begin(f->reader->arg) : RESULT_OK;
}

static enum result refresh_end(void *arg, bool complete)
{
    struct model_feed *f = arg;
    struct model_part *m = &f->live->model;
    if (!complete)
        return RESULT_OK;
    f->changed = f->others = true;
    pthread_mutex_lock(&m->lock);
    content_refresh_end(m->content, f->source);
    pthread_mutex_unlock(&m->lock);
    return RESULT_OK;
}

static enum result settled_again(void *arg, struct str cookie)
{
    (void)arg, (void)cookie;
    return RESULT_OK;
}

static struct follower follower_of(struct model_feed *f);

/* After a branch was renamed: what the feed still has to tell comes on top of it. */
static enum result read_again(struct model_feed *f)
{
    struct model_part *m = &f->live->model;
    pthread_mutex_lock(&m->lock);
    bool stale = content_is_stale(m->content, f->source);
    pthread_mutex_unlock(&m->lock);
    if (!stale)
        return RESULT_OK;
    struct follower reader = follower_of(f);
    reader.settled = settled_again;
    return follow_read(f->live->directory, &f->config, &reader);
}

static enum result settled(void *arg, struct str cookie)
{
    struct model_feed *f = arg;
    struct live *l = f->live;
    (void)cookie;
    if (!f->changed)
        return RESULT_OK;
    enum result r = read_again(f);
    if (r != RESULT_OK)
        return r;
    f->changed = false;
    pthread_mutex_lock(&l->model.lock);
    bool renamed = content_take_renamed(l->model.content);
    l->model.dirty = true;
    pthread_cond_signal(&l->model.wake);
    pthread_mutex_unlock(&l->model.lock);
    /* The feed of people tells nothing of those below the unit. */
    if (renamed)
        known_clear(l->people.known);
    if (f->source == CONTENT_REGISTRY && f->others && l->watcher.registry_changed)
        l->watcher.registry_changed(l->watcher.arg);
    f->others = false;
    return RESULT_OK;
}

/* Of a reading at the start: where the follow goes on. All of it has been taken in by then. */
static enum result settled_first(void *arg, struct str cookie)
{
    struct model_feed *f = arg;
    f->changed = f->others = false;
    buf_free(&f->cookie);
    buf_init(&f->cookie, COOKIE_MAX);
    buf_add(&f->cookie, cookie);
    return f->cookie.failed ? RESULT_INTERNAL : RESULT_OK;
}

static struct follower follower_of(struct model_feed *f)
{
    return (struct follower){.arg = f,
                             .refresh_begin = refresh_begin,
                             .put = put,
                             .present = present,
                             .gone = gone,
                             .refresh_end = refresh_end,
                             .settled = settled};
}

/* Whether the content may become the model; a change of the answer is told. Under the lock. */
static bool is_believed(struct model_part *m)
{
    struct str why = STR_EMPTY;
    struct arena *a = arena_new(JUDGE_MEMORY);
    bool believed = !a || content_judge(m->content, a, &why) != RESULT_REFUSED;
    if (!believed && !m->held) {
        metric_add(METRIC_LOSSES_HELD);
        LOG(LOG_LEVEL_ERROR, "model.loss_held", LOG_STR("why", why),
            LOG_Z("to_accept", "onedoor registry accept-loss"));
    }
    if (believed && m->held)
        LOG(LOG_LEVEL_WARN, "model.loss_over");
    m->held = !believed;
    arena_free(a);
    return believed;
}

/* Under the lock, which is free while others take the new model. */
static enum result build(struct live *l)
{
    struct model_part *m = &l->model;
    m->dirty = false;
    if (!is_believed(m))
        return RESULT_OK;
    struct model *made = content_compile(m->content);
    if (!made)
        return RESULT_INTERNAL;
    pthread_mutex_unlock(&m->lock);
    bool put_in = swap_put(m->now, made);
    atomic_fetch_add(&l->version, 1);
    atomic_store(&m->built, clock_now());
    metric_add(METRIC_MODELS_BUILT);
    pthread_mutex_lock(&m->lock);
    return put_in ? RESULT_OK : RESULT_INTERNAL;
}

/* Under the lock; wakes early only to stop. */
static void wait_ms(struct model_part *m, int64_t ms)
{
    int64_t end = clock_monotonic_ms() + ms;
    struct timespec until = {.tv_sec = (time_t)(end / 1000), .tv_nsec = (long)(end % 1000) * 1000000};
    while (!m->stop && clock_monotonic_ms() < end)
        pthread_cond_timedwait(&m->wake, &m->lock, &until);
}

/* How long to wait before the next: a large model takes its time, and is not built for more than half of it.
 */
static int64_t build_timed(struct live *l)
{
    struct model_part *m = &l->model;
    int64_t begun = clock_monotonic_ms();
    if (build(l) != RESULT_OK) {
        LOG(LOG_LEVEL_ERROR, "model.not_built", LOG_Z("why", "no memory"));
        m->dirty = true;
        return RETRY_MS;
    }
    int64_t took = clock_monotonic_ms() - begun;
    return took < COALESCE_MS ? COALESCE_MS : took > COALESCE_MOST_MS ? COALESCE_MOST_MS : took;
}

static void *build_always(void *arg)
{
    struct live *l = arg;
    struct model_part *m = &l->model;
    int64_t pause = COALESCE_MS;
    pthread_mutex_lock(&m->lock);
    while (!m->stop) {
        while (!m->dirty && !m->stop)
            pthread_cond_wait(&m->wake, &m->lock);
        wait_ms(m, pause);
        if (m->stop)
            break;
        pause = build_timed(l);
    }
    pthread_mutex_unlock(&m->lock);
    return NULL;
}

static struct str or_filter(struct arena *a, const char *one, const char *other)
{
    return arena_printf(a, "(|%s%s)", one ? one : "", other ? other : "");
}

static const char *base_or_people(const struct directory_config *d, const char *base)
{
    return base && *base ? base : d->people_base;
}

static void setup_feeds(struct live *l)
{
    const struct directory_config *d = directory_config(l->directory);
    const struct follow_config common = {.poll_seconds = l->config.poll_seconds, .polls = l->config.polls};
    struct model_feed *registry = &l->model.feeds[CONTENT_REGISTRY],
                      *groups = &l->model.feeds[CONTENT_GROUPS];
    registry->config = groups->config = common;
    registry->config.name = "registry";
    registry->config.base = d->registry_base;
    registry->config.filter = registry_filter;
    registry->config.attributes = registry_attributes;
    groups->config.name = "groups";
    groups->config.base = arena_cstr(l->arena, dn_common(l->arena, str_of(base_or_people(d, d->groups_base)),
                                                         str_of(base_or_people(d, d->organisations_base))));
    groups->config.filter = or_filter(l->arena, l->config.group_filter, l->config.organisation_filter).p;
    groups->config.attributes = group_attributes;
    groups->config.without = d->registry_base;
}

bool live_model_setup(struct live *l)
{
    struct model_part *m = &l->model;
    const struct directory_config *d = directory_config(l->directory);
    const struct content_config config = {.registry_base = d->registry_base,
                                          .organisations_base = base_or_people(d, d->organisations_base),
                                          .groups_base = base_or_people(d, d->groups_base),
                                          .most_lost_percent = l->config.most_lost_percent};
    pthread_condattr_t monotonic;
    pthread_mutex_init(&m->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&m->wake, &monotonic);
    pthread_condattr_destroy(&monotonic);
    m->now = swap_new(model_free);
    m->content = content_new(&config);
    for (int i = 0; i < CONTENT_SOURCE_COUNT; i++) {
        m->feeds[i].live = l;
        m->feeds[i].source = (enum content_source)i;
        buf_init(&m->feeds[i].cookie, COOKIE_MAX);
    }
    setup_feeds(l);
    struct model_feed *groups = &m->feeds[CONTENT_GROUPS];
    return m->now && m->content && groups->config.base && groups->config.filter;
}

void live_model_clear(struct live *l)
{
    struct model_part *m = &l->model;
    for (int i = 0; i < CONTENT_SOURCE_COUNT; i++) {
        buf_free(&m->feeds[i].cookie);
        uuid_set_free(&m->feeds[i].keys);
    }
    content_free(m->content);
    swap_free(m->now);
    free((char *)(uintptr_t)m->accepted.p);
    pthread_cond_destroy(&m->wake);
    pthread_mutex_destroy(&m->lock);
}

/* A feed's first reading. */
struct first_reading {
    struct model_feed *feed;
    enum result result;
    pthread_t thread;
};

static void *read_first(void *arg)
{
    struct first_reading *reading = arg;
    struct model_feed *f = reading->feed;
    struct follower reader = follower_of(f);
    reader.settled = settled_first;
    reading->result = follow_read(f->live->directory, &f->config, &reader);
    if (reading->result == RESULT_NOT_FOUND) {
        LOG(LOG_LEVEL_ERROR, "model.base_missing", LOG_Z("dn", f->config.base));
        reading->result = RESULT_UNAVAILABLE;
    }
    return NULL;
}

/* All at once: the directory needs longer to answer each than we need to take it in. */
static enum result read_feeds(struct model_part *m)
{
    struct first_reading readings[CONTENT_SOURCE_COUNT];
    bool apart[CONTENT_SOURCE_COUNT] = {false};
    enum result r = RESULT_OK;
    for (int i = 0; i < CONTENT_SOURCE_COUNT; i++) {
        readings[i] = (struct first_reading){.feed = &m->feeds[i]};
        apart[i] = i > 0 && live_thread(&readings[i].thread, read_first, &readings[i]);
    }
    for (int i = 0; i < CONTENT_SOURCE_COUNT; i++) {
        if (apart[i])
            pthread_join(readings[i].thread, NULL);
        else
            read_first(&readings[i]);
        if (r == RESULT_OK)
            r = readings[i].result;
    }
    return r;
}

enum result live_load(struct live *l, const struct live_reader *reader)
{
    struct model_part *m = &l->model;
    m->feeds[CONTENT_REGISTRY].reader = reader;
    enum result r = read_feeds(m);
    m->feeds[CONTENT_REGISTRY].reader = NULL;
    pthread_mutex_lock(&m->lock);
    m->loaded = m->loaded || r == RESULT_OK;
    if (r == RESULT_OK)
        r = build(l);
    pthread_mutex_unlock(&m->lock);
    return r;
}

void live_each_fault(struct live *l, void (*tell)(void *arg, struct str dn, struct str why), void *arg)
{
    pthread_mutex_lock(&l->model.lock);
    content_each_fault(l->model.content, tell, arg);
    pthread_mutex_unlock(&l->model.lock);
}

bool live_model_start(struct live *l)
{
    struct model_part *m = &l->model;
    m->stop = false;
    m->started = live_thread(&m->builder, build_always, l);
    for (int i = 0; i < CONTENT_SOURCE_COUNT && m->started; i++) {
        struct model_feed *f = &m->feeds[i];
        struct follower follower = follower_of(f);
        f->config.cookie = buf_str(&f->cookie);
        f->follow = follow_start(l->directory, &f->config, &follower);
        if (!f->follow)
            return false;
    }
    return m->started;
}

void live_model_stop(struct live *l)
{
    struct model_part *m = &l->model;
    for (int i = 0; i < CONTENT_SOURCE_COUNT; i++) {
        follow_stop(m->feeds[i].follow);
        m->feeds[i].follow = NULL;
    }
    if (!m->started)
        return;
    pthread_mutex_lock(&m->lock);
    m->stop = true;
    pthread_cond_signal(&m->wake);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->builder, NULL);
    m->started = false;
}

void live_model_accept(struct live *l)
{
    struct model_part *m = &l->model;
    pthread_mutex_lock(&m->lock);
    if (m->held) {
        content_accept_loss(m->content);
        m->dirty = true;
        LOG(LOG_LEVEL_WARN, "model.loss_accepted");
        pthread_cond_signal(&m->wake);
    }
    pthread_mutex_unlock(&m->lock);
}
