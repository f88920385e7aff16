/*
 * Following a directory that tells nothing of itself. What has changed is found by the mark of its last
 * change every poll_seconds; what is gone, by the list of all uuids, as often, unless that takes the
 * directory more than a tenth of the time.
 */
#include "directory/follow/feed.h"
#include "directory/follow/poll_mark.h"

#include "directory/uuid_set.h"
#include "server/base/clock.h"
#include "server/base/log.h"

#include <stdlib.h>
#include <string.h>

enum { MARK_MEMORY = 1 << 20, LIST_SHARE = 10, ATTRIBUTES_MAX = 40 };

/* What came with the last question: the overlap gives it again, changed or not. */
struct recent {
    struct {
        unsigned char uuid[UUID_SIZE];
        uint64_t content;
    } * v;
    size_t n, room;
};

struct poll {
    struct feed *feed;
    struct wire *wire;
    struct poll_mark mark;
    const char *names[ATTRIBUTES_MAX + 2]; /* the feed's attributes and the mark's */
    struct uuid_set there;                 /* who was there at the last list */
    struct uuid_set listed;                /* the list that is being made */
    struct uuid_set told;                  /* whom the last question for changes gave */
    struct recent last, now;
    int64_t list_due;
    bool anew; /* the list named somebody that no question gives: all must be read */
    bool news; /* something was told since the last settling */
};

static uint64_t mix(uint64_t h, struct str s)
{
    h = (h ^ s.len) * 0x100000001b3;
    for (size_t i = 0; i < s.len; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3;
    return h;
}

static uint64_t content_of(const struct entry *e)
{
    uint64_t h = mix(0xcbf29ce484222325, e->dn);
    for (size_t i = 0; i < e->count; i++) {
        h = mix(h, str_of(e->attributes[i].name));
        for (size_t v = 0; v < e->attributes[i].count; v++)
            h = mix(h, e->attributes[i].values[v]);
    }
    return h;
}

/* Whether the last question gave the same; it is remembered for the next. False without memory as well. */
static bool is_old(struct poll *p, struct str uuid, const struct entry *e)
{
    uint64_t content = content_of(e);
    struct recent *now = &p->now;
    if (now->n == now->room) {
        size_t room = now->room ? 2 * now->room : 16;
        void *v = realloc(now->v, room * sizeof *now->v);
        if (!v)
            return false;
        now->v = v;
        now->room = room;
    }
    memcpy(now->v[now->n].uuid, uuid.p, UUID_SIZE);
    now->v[now->n++].content = content;
    for (size_t i = 0; i < p->last.n; i++)
        if (p->last.v[i].content == content && memcmp(p->last.v[i].uuid, uuid.p, UUID_SIZE) == 0)
            return true;
    return false;
}

static enum result take_changed(void *arg, struct arena *a, struct str uuid, const struct entry *e)
{
    struct poll *p = arg;
    poll_mark_see(&p->mark, e);
    if (!uuid_set_add(&p->told, uuid) || !uuid_set_add(&p->there, uuid))
        return RESULT_INTERNAL;
    if (is_old(p, uuid, e))
        return RESULT_OK;
    p->news = true;
    return feed_put(p->feed, a, uuid, e);
}

static enum result take_listed(void *arg, struct arena *a, struct str uuid, const struct entry *e)
{
    struct poll *p = arg;
    (void)a;
    poll_mark_see(&p->mark, e);
    return uuid_set_add(&p->listed, uuid) ? RESULT_OK : RESULT_INTERNAL;
}

static enum result ask_changes(struct poll *p, const char *filter)
{
    free(p->last.v);
    p->last = p->now;
    p->now = (struct recent){0};
    uuid_set_free(&p->told);
    return feed_list(p->feed, p->wire, filter, p->names, take_changed, p);
}

static enum result list_all(struct poll *p)
{
    const char *const names[] = {p->mark.attribute, NULL};
    int64_t begun = clock_monotonic_ms();
    uuid_set_free(&p->listed);
    enum result r = feed_list(p->feed, p->wire, p->feed->config.filter, names, take_listed, p);
    int64_t end = clock_monotonic_ms();
    p->list_due = end + LIST_SHARE * (end - begun);
    return r;
}

/* Who was there and is not in the list. */
static enum result tell_gone(struct poll *p)
{
    size_t at = 0;
    struct str uuid;
    enum result r = RESULT_OK;
    while (r == RESULT_OK && uuid_set_next(&p->there, &at, &uuid))
        if (!uuid_set_has(&p->listed, uuid)) {
            p->news = true;
            r = p->feed->to.gone(p->feed->to.arg, uuid);
        }
    return r;
}

/* Somebody in the new list who is not in the old one must be among the changes: else a branch was moved here.
 */
static bool all_are_told(const struct poll *p, const struct uuid_set *before)
{
    size_t at = 0;
    struct str uuid;
    while (uuid_set_next(&p->there, &at, &uuid))
        if (!uuid_set_has(before, uuid) && !uuid_set_has(&p->told, uuid))
            return false;
    return true;
}

static enum result settle(struct poll *p)
{
    if (!p->news)
        return RESULT_OK;
    struct arena *a = arena_new(MARK_MEMORY);
    struct str cookie = a ? poll_mark_cookie(&p->mark, a) : STR_EMPTY;
    enum result r = cookie.len > 0 ? feed_settle(p->feed, cookie) : RESULT_INTERNAL;
    p->news = false;
    arena_free(a);
    return r;
}

static enum result ask_changes_since(struct poll *p, const struct poll_mark *mark)
{
    struct arena *a = arena_new(MARK_MEMORY);
    struct str filter = a ? poll_mark_filter(mark, a, p->feed->config.filter) : STR_EMPTY;
    enum result r = filter.len > 0 ? ask_changes(p, filter.p) : RESULT_INTERNAL;
    arena_free(a);
    return r;
}

/* The list first, so that who comes between it and the question is in the answer. */
static enum result list_and_ask(struct poll *p, const struct poll_mark *since)
{
    enum result r = list_all(p);
    if (r == RESULT_OK)
        r = tell_gone(p);
    if (r != RESULT_OK)
        return r;
    struct uuid_set before = p->there;
    p->there = p->listed;
    p->listed = (struct uuid_set){0};
    r = ask_changes_since(p, since);
    p->anew = r == RESULT_OK && !all_are_told(p, &before);
    uuid_set_free(&before);
    return r;
}

static enum result go_around(struct poll *p)
{
    const struct poll_mark since = p->mark;
    bool lists = clock_monotonic_ms() >= p->list_due;
    enum result r = lists ? list_and_ask(p, &since) : ask_changes_since(p, &since);
    return r == RESULT_OK ? settle(p) : r;
}

/* Everything, as one refresh. */
static enum result read_all(struct poll *p)
{
    const struct follower *to = &p->feed->to;
    uuid_set_free(&p->there);
    enum result r = to->refresh_begin(to->arg);
    if (r == RESULT_OK)
        r = ask_changes(p, p->feed->config.filter);
    if (r == RESULT_OK)
        r = to->refresh_end(to->arg, true);
    p->news = true;
    p->anew = false;
    return r == RESULT_OK ? settle(p) : r;
}

static enum result tell_present(struct poll *p)
{
    size_t at = 0;
    struct str uuid;
    enum result r = RESULT_OK;
    while (r == RESULT_OK && uuid_set_next(&p->there, &at, &uuid))
        r = p->feed->to.present(p->feed->to.arg, uuid);
    return r;
}

/* What changed since the mark of a cookie, and by name who else is there; from now: only who is there. */
static enum result take_up(struct poll *p, bool from_now)
{
    const struct follower *to = &p->feed->to;
    const struct poll_mark since = p->mark;
    enum result r = from_now && to->began_now ? to->began_now(to->arg) : RESULT_OK;
    if (r == RESULT_OK)
        r = list_all(p);
    p->there = p->listed;
    p->listed = (struct uuid_set){0};
    if (r == RESULT_OK)
        r = to->refresh_begin(to->arg);
    if (r == RESULT_OK && !from_now)
        r = ask_changes_since(p, &since);
    if (r == RESULT_OK && !from_now)
        r = tell_present(p);
    if (r == RESULT_OK)
        r = to->refresh_end(to->arg, !from_now);
    p->news = true;
    return r == RESULT_OK ? settle(p) : r;
}

static enum result begin(struct poll *p)
{
    struct feed *f = p->feed;
    struct arena *a = arena_new(MARK_MEMORY);
    bool good = a && poll_mark_begin(&p->mark, p->wire, a);
    size_t n = 0;
    for (; good && f->config.attributes[n] && n < ATTRIBUTES_MAX; n++)
        p->names[n] = f->config.attributes[n];
    p->names[n] = p->mark.attribute;
    bool has_mark = good && poll_mark_from_cookie(&p->mark, buf_str(&f->cookie));
    arena_free(a);
    if (!good)
        return RESULT_UNAVAILABLE;
    enum result r = has_mark || f->config.from_now ? take_up(p, !has_mark) : read_all(p);
    if (r == RESULT_OK)
        LOG(LOG_LEVEL_INFO, "follow.refreshed", LOG_Z("feed", f->config.name), LOG_Z("by", "polling"),
            LOG_INT("entries", p->there.n));
    return r;
}

static enum feed_end go_round_and_round(struct poll *p)
{
    struct feed *f = p->feed;
    int64_t seconds = f->config.poll_seconds ? f->config.poll_seconds : FEED_POLL_SECONDS;
    for (enum result r = begin(p); r == RESULT_OK; r = p->anew ? read_all(p) : go_around(p)) {
        LDAPMessage *none = NULL;
        feed_is_live(f, p->wire);
        enum wire_news news = p->anew ? WIRE_QUIET : wire_next(p->wire, seconds * 1000, &none);
        if (news == WIRE_MESSAGE)
            ldap_msgfree(none);
        if (news == WIRE_STOP)
            return FEED_STOPPED;
        if (news == WIRE_LOST)
            return FEED_LOST;
    }
    return FEED_LOST;
}

enum feed_end poll_run(struct feed *f, struct wire *w)
{
    struct poll p = {.feed = f, .wire = w};
    enum feed_end end = go_round_and_round(&p);
    uuid_set_free(&p.there);
    uuid_set_free(&p.listed);
    uuid_set_free(&p.told);
    free(p.last.v);
    free(p.now.v);
    return end;
}
