#include "server/watcher.h"

#include "authn/notice.h"
#include "authn/session.h"
#include "server/base/log.h"

enum {
    NEWS_BYTES = 1 << 20,
    LIST_BYTES = 64 << 20,
    SESSION_BYTES = 1 << 20,
    COOKIE_SECONDS = 400 * 86400,
    LEFT_SECONDS = 120 /* twice as long as leavers are counted */
};

static const struct str feed = {"people", sizeof "people" - 1};

/* It stands, whether or not the line could be written. */
static void note_end(struct provider *p, const struct session *s, enum person_news news)
{
    enum result r = audit_write(
        p->audit, AUDIT_SESSION_ENDED,
        &(struct audit_entry){.subject = s->person.subject,
                              .sid = s->sid,
                              .detail = news == PERSON_GONE ? STR("account gone") : STR("account disabled")});
    if (r != RESULT_OK)
        LOG(LOG_LEVEL_ERROR, "audit.unavailable", LOG_STR("sid", s->sid));
}

static enum result end_session(struct provider *p, struct str sid, enum person_news news)
{
    struct session *ended;
    struct arena *a = arena_new(SESSION_BYTES);
    enum result r = a ? session_end_once(&p->authn, a, sid, &ended) : RESULT_INTERNAL;
    if (r == RESULT_OK && ended)
        note_end(p, ended, news);
    arena_free(a);
    return r;
}

/* That they had a session when they left, for servers that hear of it later and count leavers as well. */
static struct str left_id(struct arena *a, struct str uuid)
{
    return arena_join(a, (struct str[]){STR("left "), uuid}, 2);
}

static enum result note_left(struct provider *p, struct arena *a, struct str uuid)
{
    struct str id = left_id(a, uuid);
    return id.len > 0 ? store_put(p->store, a, STORE_FEED, id, STR("1"), LEFT_SECONDS) : RESULT_INTERNAL;
}

static enum result end_sessions(struct provider *p, struct str uuid, enum person_news news)
{
    struct str *sids;
    size_t n;
    struct arena *a = arena_new(LIST_BYTES);
    enum result r = a ? session_list(&p->authn, a, uuid, &sids, &n) : RESULT_INTERNAL;
    if (r == RESULT_OK && n > 0)
        r = note_left(p, a, uuid);
    for (size_t i = 0; r == RESULT_OK && i < n; i++)
        r = end_session(p, sids[i], news);
    if (r == RESULT_OK && n > 0)
        LOG(LOG_LEVEL_INFO, "watcher.sessions_ended", LOG_INT("sessions", n));
    arena_free(a);
    return r;
}

/* The notice first: from then on nothing of theirs holds, on any server, however long the rest takes. */
enum result watcher_hear(struct provider *p, const struct person_change *change)
{
    bool gone = change->news == PERSON_GONE || !change->person;
    bool leaves = gone || change->news == PERSON_DISABLED || change->person->disabled;
    struct arena *a = arena_new(NEWS_BYTES);
    if (!a)
        return RESULT_INTERNAL;
    enum result r =
        gone ? notice_gone(&p->authn, a, change->uuid) : notice_person(&p->authn, a, change->person);
    if (r == RESULT_OK && leaves)
        r = end_sessions(p, change->uuid, change->news);
    arena_free(a);
    return r;
}

static enum result find_left(struct provider *p, struct arena *a, struct str uuid, bool *left)
{
    struct str id = left_id(a, uuid), value;
    enum result r = id.len > 0 ? store_get(p->store, a, STORE_FEED, id, &value) : RESULT_INTERNAL;
    *left = r == RESULT_OK;
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

enum result watcher_person_holds(struct provider *p, struct str uuid, bool *holds)
{
    struct str *sids;
    size_t n;
    struct arena *a = arena_new(LIST_BYTES);
    enum result r = a ? session_list(&p->authn, a, uuid, &sids, &n) : RESULT_INTERNAL;
    *holds = r == RESULT_OK && n > 0;
    if (r == RESULT_OK && n == 0)
        r = find_left(p, a, uuid, holds);
    arena_free(a);
    return r;
}

enum result watcher_load_cookie(struct provider *p, struct arena *a, struct str *cookie)
{
    return store_get(p->store, a, STORE_FEED, feed, cookie);
}

enum result watcher_save_cookie(struct provider *p, struct str cookie)
{
    struct arena *a = arena_new(NEWS_BYTES);
    enum result r = a ? store_put(p->store, a, STORE_FEED, feed, cookie, COOKIE_SECONDS) : RESULT_INTERNAL;
    arena_free(a);
    return r;
}

static enum result hear(void *arg, const struct person_change *change)
{
    return watcher_hear(((struct watcher *)arg)->provider, change);
}

static enum result holds_something(void *arg, struct str uuid, bool *holds)
{
    return watcher_person_holds(((struct watcher *)arg)->provider, uuid, holds);
}

static enum result load(void *arg, struct arena *a, struct str *cookie)
{
    return watcher_load_cookie(((struct watcher *)arg)->provider, a, cookie);
}

static enum result save(void *arg, struct str cookie)
{
    return watcher_save_cookie(((struct watcher *)arg)->provider, cookie);
}

static void registry_changed(void *arg)
{
    housekeeping_registry_changed(((struct watcher *)arg)->housekeeping);
}

struct live_watcher watcher_of(struct watcher *w)
{
    return (struct live_watcher){.arg = w,
                                 .person_changed = hear,
                                 .person_holds = holds_something,
                                 .load_cookie = load,
                                 .save_cookie = save,
                                 .registry_changed = registry_changed};
}
