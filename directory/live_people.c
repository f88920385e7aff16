/*
 * What is known of people. The feed begins at the cookie that the watcher remembers, or at the present state,
 * so that it costs nothing however many there are. A change is first true for those who ask here, then told
 * to the watcher by a thread of its own: while that can't take it (its store is away), the feed goes on.
 */
#include "directory/live_parts.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/metric.h"

#include <strings.h>

enum { CHANGE_MEMORY = 1 << 20, COOKIE_MAX = 64 * 1024, WAITING_MOST = 10000, RETRY_MS = 200 };

/* The feed's side: puts one change on its way. The feed is lost, and comes again, when that fails. */
static enum result send_on(struct live *l, enum person_news what, struct str uuid, const struct person *p)
{
    const struct news_item item = {.change = {.news = what, .uuid = uuid, .person = p}};
    metric_add(METRIC_PEOPLE_CHANGES);
    return news_put(l->people.news, &item) ? RESULT_OK : RESULT_INTERNAL;
}

/* Of somebody of whom nothing is in memory. A store that is away is not asked about each of them. */
static bool may_hold_something(struct live *l, struct str uuid)
{
    const struct live_watcher *w = &l->watcher;
    struct people_part *part = &l->people;
    bool holds = true;
    if (!w->person_holds || clock_monotonic_ms() < part->ask_holds_at)
        return true;
    if (w->person_holds(w->arg, uuid, &holds) == RESULT_OK)
        return holds;
    part->ask_holds_at = clock_monotonic_ms() + RETRY_MS;
    return true;
}

/*
 * Whether it is believed that they are disabled or gone. The feed tells that as well of people who left long
 * ago and whose entry changes, and, after a break, of entries below the base that never were anybody.
 */
static bool leaving_is_believed(struct live *l, struct str entry_uuid, struct str uuid)
{
    enum known_before before = known_state(l->people.known, uuid);
    if (before == KNOWN_DISABLED || l->config.most_leavers == 0)
        return true;
    bool counts = before == KNOWN_ENABLED || may_hold_something(l, uuid);
    return leavers_judge(l->people.leavers, entry_uuid, counts);
}

static enum result person_is(struct live *l, struct str entry_uuid, const struct person *p)
{
    struct people_part *part = &l->people;
    struct subject s;
    if (!subject_of_person(p, &s))
        return RESULT_INTERNAL;
    if (!p->disabled)
        leavers_back(part->leavers, entry_uuid);
    else if (!leaving_is_believed(l, entry_uuid, p->uuid))
        return RESULT_OK;
    known_told(part->known, &s);
    return send_on(l, p->disabled ? PERSON_DISABLED : PERSON_CHANGED, p->uuid, p);
}

static enum result person_is_gone(struct live *l, struct str entry_uuid, struct str uuid)
{
    if (!leaving_is_believed(l, entry_uuid, uuid))
        return RESULT_OK;
    known_gone(l->people.known, uuid);
    return send_on(l, PERSON_GONE, uuid, NULL);
}

static enum result put(void *arg, struct str uuid, const struct entry *e)
{
    struct live *l = arg;
    struct person *p = NULL;
    struct arena *a = arena_new(CHANGE_MEMORY);
    enum result r = a ? person_of_entry(directory_config(l->directory), a, e, &p) : RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = person_is(l, uuid, p);
    arena_free(a);
    /* Logged already: such an entry is nobody, for those who ask the directory as well. */
    return r == RESULT_REFUSED ? RESULT_OK : r;
}

static enum result gone(void *arg, struct str uuid)
{
    struct live *l = arg;
    struct arena *a = arena_new(CHANGE_MEMORY);
    enum result r = RESULT_INTERNAL;
    if (a)
        r = person_is_gone(l, uuid, person_uuid_text(directory_config(l->directory), a, uuid));
    arena_free(a);
    return r;
}

static enum result present(void *arg, struct str uuid)
{
    struct live *l = arg;
    struct arena *a = arena_new(CHANGE_MEMORY);
    if (a)
        known_mark(l->people.known, person_uuid_text(directory_config(l->directory), a, uuid));
    arena_free(a);
    return a ? RESULT_OK : RESULT_INTERNAL;
}

static enum result refresh_begin(void *arg)
{
    struct live *l = arg;
    known_refresh_begin(l->people.known);
    return RESULT_OK;
}

static void begin_unsure(struct live *l)
{
    atomic_store(&l->people.unsure_before, clock_now() + 1);
    atomic_fetch_add(&l->version, 1);
}

/* Who was known and is not named any more is gone. Of those who were not known here, nobody can tell. */
static enum result refresh_end(void *arg, bool complete)
{
    struct live *l = arg;
    enum result r = RESULT_OK;
    for (bool more = complete; more && r == RESULT_OK;) {
        unsigned char bytes[UUID_SIZE];
        struct arena *a = arena_new(CHANGE_MEMORY);
        struct str uuid = a ? known_unmarked(l->people.known, a) : STR_EMPTY;
        more = uuid.len > 0;
        if (more && uuid_of_text(uuid, bytes))
            r = person_is_gone(l, (struct str){(const char *)bytes, UUID_SIZE}, uuid);
        arena_free(a);
    }
    if (complete)
        begin_unsure(l);
    if (r == RESULT_OK)
        atomic_store(&l->people.lost_at, 0);
    return r;
}

static void lost(void *arg)
{
    struct live *l = arg;
    long long never = 0;
    atomic_compare_exchange_strong(&l->people.lost_at, &never, clock_monotonic_ms());
}

static enum result began_now(void *arg)
{
    struct live *l = arg;
    known_clear(l->people.known);
    begin_unsure(l);
    LOG(LOG_LEVEL_INFO, "people.followed_from_now");
    return RESULT_OK;
}

static enum result settled(void *arg, struct str cookie)
{
    struct live *l = arg;
    const struct news_item item = {.cookie = true, .text = cookie};
    return cookie.len == 0 || news_put(l->people.news, &item) ? RESULT_OK : RESULT_INTERNAL;
}

/* The teller's side: once more until it is OK; false when it is time to stop. */
static bool tell(struct live *l, const struct person_change *change)
{
    const struct live_watcher *w = &l->watcher;
    for (bool told = false; w->person_changed; told = true) {
        enum result r = w->person_changed(w->arg, change);
        if (r == RESULT_OK)
            return true;
        if (!told)
            LOG(LOG_LEVEL_WARN, "people.change_waits", LOG_Z("result", result_name(r)));
        if (news_pause(l->people.news, RETRY_MS))
            return false;
    }
    return true;
}

static bool save(struct live *l, struct str cookie)
{
    const struct live_watcher *w = &l->watcher;
    while (w->save_cookie && w->save_cookie(w->arg, cookie) != RESULT_OK) {
        if (news_pause(l->people.news, RETRY_MS))
            return false;
    }
    return true;
}

/* While leavers are held back, a server that starts again must hear of them again. */
static bool take_cookie(struct live *l, struct str cookie)
{
    struct buf *held = &l->people.held_cookie;
    buf_free(held);
    buf_init(held, COOKIE_MAX);
    if (leavers_held(l->people.leavers) == 0)
        return save(l, cookie);
    buf_add(held, cookie);
    return true;
}

/* What is true now of somebody who was held back. */
static bool tell_present(struct live *l, struct arena *a, struct str uuid)
{
    struct person *p = NULL;
    for (;;) {
        enum result r = person_by_uuid(l->directory, a, uuid, &p);
        if (r == RESULT_OK || r == RESULT_NOT_FOUND)
            break;
        if (news_pause(l->people.news, RETRY_MS))
            return false;
    }
    enum person_news what = !p ? PERSON_GONE : p->disabled ? PERSON_DISABLED : PERSON_CHANGED;
    known_gone(l->people.known, uuid);
    return tell(l, &(struct person_change){.news = what, .uuid = uuid, .person = p});
}

/* The loss was accepted: the held are told of, then the cookie that waited for them may be remembered. */
static bool release_held(struct live *l)
{
    struct uuid_set held = leavers_accept(l->people.leavers);
    struct str bytes;
    size_t at = 0;
    bool goes_on = true;
    while (goes_on && uuid_set_next(&held, &at, &bytes)) {
        struct arena *a = arena_new(CHANGE_MEMORY);
        goes_on = a && tell_present(l, a, person_uuid_text(directory_config(l->directory), a, bytes));
        arena_free(a);
    }
    uuid_set_free(&held);
    struct str cookie = buf_str(&l->people.held_cookie);
    return goes_on && (cookie.len == 0 || save(l, cookie));
}

static bool take_news(struct live *l)
{
    const struct news_item *item = news_next(l->people.news);
    if (atomic_exchange(&l->people.accepted, false) && !release_held(l))
        return false;
    if (!item)
        return !news_is_stopped(l->people.news);
    bool goes_on = item->cookie ? take_cookie(l, item->text) : tell(l, &item->change);
    if (goes_on)
        news_done(l->people.news);
    return goes_on;
}

/* The cookie that was remembered; empty: there is none. False when it is time to stop. */
static bool load_cookie(struct live *l, struct arena *a, struct str *cookie)
{
    const struct live_watcher *w = &l->watcher;
    *cookie = STR_EMPTY;
    for (bool told = false; w->load_cookie; told = true) {
        enum result r = w->load_cookie(w->arg, a, cookie);
        if (r == RESULT_OK || r == RESULT_NOT_FOUND)
            return true;
        if (!told)
            LOG(LOG_LEVEL_WARN, "people.cookie_not_read", LOG_Z("result", result_name(r)));
        if (news_pause(l->people.news, RETRY_MS))
            return false;
    }
    return true;
}

static bool start_follow(struct live *l)
{
    const struct directory_config *d = directory_config(l->directory);
    const struct follower follower = {.arg = l,
                                      .refresh_begin = refresh_begin,
                                      .put = put,
                                      .present = present,
                                      .gone = gone,
                                      .refresh_end = refresh_end,
                                      .settled = settled,
                                      .began_now = began_now,
                                      .lost = lost};
    struct follow_config config = {.name = "people",
                                   .base = d->people_base,
                                   .filter = d->person_filter,
                                   .attributes = l->people.attributes,
                                   .without = d->registry_base,
                                   .from_now = true,
                                   .poll_seconds = l->config.poll_seconds,
                                   .polls = l->config.polls};
    struct arena *a = arena_new(COOKIE_MAX * 2);
    bool loaded = a && load_cookie(l, a, &config.cookie);
    l->people.follow = loaded ? follow_start(l->directory, &config, &follower) : NULL;
    arena_free(a);
    if (loaded && !l->people.follow)
        LOG(LOG_LEVEL_ERROR, "people.not_followed", LOG_Z("why", "no memory or no thread"));
    atomic_store(&l->people.following, l->people.follow != NULL);
    return l->people.follow != NULL;
}

static void *tell_all(void *arg)
{
    struct live *l = arg;
    while (!start_follow(l))
        if (news_pause(l->people.news, RETRY_MS))
            return NULL;
    while (take_news(l))
        ;
    return NULL;
}

/* A feed that has nothing to tell is asked whether it lives every two seconds. */
bool live_has_told_since(struct live *l, int64_t since)
{
    enum { HEARD_SECONDS = 3 };
    struct people_part *p = &l->people;
    return atomic_load(&p->following) && atomic_load(&p->lost_at) == 0 && follow_is_live(p->follow) &&
           !follow_polls(p->follow) && clock_now() - follow_heard(p->follow) <= HEARD_SECONDS &&
           atomic_load(&p->unsure_before) <= since && leavers_held(p->leavers) == 0 && news_is_empty(p->news);
}

bool live_people_setup(struct live *l)
{
    struct people_part *p = &l->people;
    buf_init(&p->held_cookie, COOKIE_MAX);
    p->known = known_new(l->config.known_people);
    p->news = news_new(WAITING_MOST);
    p->leavers = leavers_new(l->config.most_leavers);
    p->attributes = person_attributes(directory_config(l->directory), l->arena);
    return p->known && p->news && p->leavers && p->attributes;
}

void live_people_clear(struct live *l)
{
    known_free(l->people.known);
    news_free(l->people.news);
    leavers_free(l->people.leavers);
    buf_free(&l->people.held_cookie);
}

bool live_people_start(struct live *l)
{
    news_start(l->people.news);
    lost(l);
    if (!person_uuid_is_followed(directory_config(l->directory)))
        LOG(LOG_LEVEL_WARN, "people.uuid_not_followed",
            LOG_Z("uuid", directory_config(l->directory)->map.uuid),
            LOG_Z("why", "who is deleted is heard of by entryUUID, nsUniqueId or objectGUID alone"));
    l->people.started = live_thread(&l->people.teller, tell_all, l);
    return l->people.started;
}

void live_people_stop(struct live *l)
{
    struct people_part *p = &l->people;
    if (!p->started)
        return;
    news_stop(p->news);
    pthread_join(p->teller, NULL);
    atomic_store(&p->following, false);
    follow_stop(p->follow);
    p->follow = NULL;
    p->started = false;
}

void live_people_accept(struct live *l)
{
    if (leavers_held(l->people.leavers) == 0)
        return;
    atomic_store(&l->people.accepted, true);
    news_wake(l->people.news);
}
