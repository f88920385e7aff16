/*
 * RFC 4533 refreshAndPersist on one connection. libldap's ldap_sync_init would wait for the whole refresh
 * without a deadline, could not be stopped, and shares its handle with nobody: the messages are read here one
 * by one, so that the wire's own questions may go between.
 */
#include "directory/follow/feed.h"
#include "directory/follow/sync_value.h"

#include "server/base/clock.h"
#include "server/base/log.h"

#include <string.h>

/* Settled at least this often when changes never pause. */
enum { SETTLE_MS = 100, CONTROL_VALUE_MAX = 1 << 20 };

struct sync {
    struct feed *feed;
    struct wire *wire;
    int id;
    bool from_nothing;  /* the search bore no cookie: what is not named does not exist */
    bool refreshed;     /* the refresh is over */
    bool present_phase; /* what was not named in it is gone */
    bool unsettled;     /* something came since the last settling */
    int64_t settled_at;
    struct buf cookie; /* the newest one that came */
};

static void keep_cookie(struct sync *s, bool has, struct str cookie)
{
    if (!has)
        return;
    size_t max = s->cookie.max;
    buf_free(&s->cookie);
    buf_init(&s->cookie, max);
    buf_add(&s->cookie, cookie);
}

static void forget_cookie(struct feed *f)
{
    size_t max = f->cookie.max;
    buf_free(&f->cookie);
    buf_init(&f->cookie, max);
}

static enum result settle(struct sync *s)
{
    if (!s->refreshed || !s->unsettled)
        return RESULT_OK;
    s->unsettled = false;
    s->settled_at = clock_monotonic_ms();
    return s->cookie.failed ? RESULT_INTERNAL : feed_settle(s->feed, buf_str(&s->cookie));
}

static enum result end_refresh(struct sync *s)
{
    struct feed *f = s->feed;
    if (s->refreshed)
        return RESULT_OK;
    enum result r = f->to.refresh_end(f->to.arg, s->from_nothing || s->present_phase);
    if (r != RESULT_OK)
        return r;
    s->refreshed = s->unsettled = true;
    r = settle(s);
    if (r != RESULT_OK)
        return r;
    feed_is_live(f, s->wire);
    LOG(LOG_LEVEL_INFO, "follow.refreshed", LOG_Z("feed", f->config.name),
        LOG_Z("by", s->from_nothing    ? "reading"
                    : s->present_phase ? "what is there"
                                       : "what changed"));
    return r;
}

/* The value of the control of that name. */
static bool control_value(struct wire *w, LDAPMessage *message, struct arena *a, const char *oid,
                          struct str *out)
{
    LDAPControl **controls = NULL;
    if (ldap_get_entry_controls(w->handle, message, &controls) != LDAP_SUCCESS)
        return false;
    const LDAPControl *found = ldap_control_find(oid, controls, NULL);
    if (found)
        *out = arena_copy(a, (struct str){found->ldctl_value.bv_val, found->ldctl_value.bv_len});
    ldap_controls_free(controls);
    return found && !arena_failed(a);
}

static enum result take_entry(struct sync *s, LDAPMessage *message, struct arena *a)
{
    struct feed *f = s->feed;
    struct str value;
    struct sync_entry is;
    struct entry e;
    if (!control_value(s->wire, message, a, LDAP_CONTROL_SYNC_STATE, &value) ||
        !sync_entry_read(a, value, &is))
        return RESULT_UNAVAILABLE;
    enum result r;
    if (is.state == SYNC_PRESENT)
        r = f->to.present(f->to.arg, is.uuid);
    else if (is.state == SYNC_DELETE)
        r = f->to.gone(f->to.arg, is.uuid);
    else if (entry_of_message(s->wire->handle, message, a, &e) == LDAP_SUCCESS)
        r = feed_put(f, a, is.uuid, &e);
    else
        r = RESULT_INTERNAL;
    if (r == RESULT_OK)
        keep_cookie(s, is.has_cookie, is.cookie);
    return r;
}

static enum result take_id_set(struct sync *s, const struct sync_info *info)
{
    const struct follower *to = &s->feed->to;
    enum result r = RESULT_OK;
    for (size_t i = 0; i < info->uuid_count && r == RESULT_OK; i++)
        r = (info->refresh_deletes ? to->gone : to->present)(to->arg, info->uuids[i]);
    return r;
}

static enum result take_info(struct sync *s, LDAPMessage *message, struct arena *a)
{
    char *oid = NULL;
    struct berval *data = NULL;
    struct sync_info info;
    if (ldap_parse_intermediate(s->wire->handle, message, &oid, &data, NULL, 0) != LDAP_SUCCESS)
        return RESULT_UNAVAILABLE;
    bool ours = str_eq(str_of(oid), STR(LDAP_SYNC_INFO)) && data;
    bool read = ours && sync_info_read(a, (struct str){data->bv_val, data->bv_len}, &info);
    ldap_memfree(oid);
    ber_bvfree(data);
    if (!ours)
        return RESULT_OK;
    enum result r = read ? RESULT_OK : RESULT_UNAVAILABLE;
    if (r == RESULT_OK && info.kind == SYNC_ID_SET)
        r = take_id_set(s, &info);
    if (r != RESULT_OK)
        return r;
    keep_cookie(s, info.has_cookie, info.cookie);
    if (info.kind == SYNC_REFRESH_PRESENT)
        s->present_phase = true;
    if ((info.kind == SYNC_REFRESH_PRESENT || info.kind == SYNC_REFRESH_DELETE) && info.refresh_done)
        return end_refresh(s);
    return RESULT_OK;
}

/*
 * The search is over, which it never is of itself. A cookie that the server can't take, or not any more, is
 * forgotten: e-syncRefreshRequired, or whatever it says to a cookie of another time or of another server.
 */
static enum result take_end(struct sync *s, LDAPMessage *message)
{
    int code = wire_code(s->wire, message, s->feed->config.name);
    bool refused = code == LDAP_PROTOCOL_ERROR || code == LDAP_UNWILLING_TO_PERFORM || code == LDAP_OTHER;
    if (code == LDAP_SYNC_REFRESH_REQUIRED || (refused && !s->refreshed && s->feed->cookie.len > 0)) {
        LOG(LOG_LEVEL_WARN, "follow.cookie_refused", LOG_Z("feed", s->feed->config.name),
            LOG_INT("code", code));
        forget_cookie(s->feed);
    }
    return RESULT_UNAVAILABLE;
}

static enum result take(struct sync *s, LDAPMessage *message)
{
    if (ldap_msgid(message) != s->id)
        return RESULT_OK;
    struct arena *a = arena_new(FEED_ENTRY_MEMORY);
    enum result r = a ? RESULT_OK : RESULT_INTERNAL;
    int type = ldap_msgtype(message);
    s->unsettled = true;
    if (a && type == LDAP_RES_SEARCH_ENTRY)
        r = take_entry(s, message, a);
    else if (a && type == LDAP_RES_INTERMEDIATE)
        r = take_info(s, message, a);
    else if (a && type == LDAP_RES_SEARCH_RESULT)
        r = take_end(s, message);
    arena_free(a);
    return r;
}

static int send_request(struct sync *s, struct arena *a, struct str cookie)
{
    struct feed *f = s->feed;
    struct str value = sync_request_value(a, cookie);
    LDAPControl control = {.ldctl_oid = (char[]){LDAP_CONTROL_SYNC},
                           .ldctl_value = {.bv_len = value.len, .bv_val = (char *)(uintptr_t)value.p},
                           .ldctl_iscritical = 1};
    LDAPControl *controls[] = {&control, NULL};
    const struct search search = {.base = str_of(f->config.base),
                                  .scope = LDAP_SCOPE_SUBTREE,
                                  .filter = f->config.filter,
                                  .attributes = f->config.attributes};
    return value.len > 0 ? wire_search(s->wire, &search, controls) : -1;
}

/*
 * The cookie that was settled last. Not one of poll.c, and none of OpenLDAP's that says nothing of what was
 * seen: it would answer that with everything, without saying that the rest is gone.
 */
static struct str cookie_to_send(const struct feed *f)
{
    struct str cookie = buf_str(&f->cookie);
    bool unfit = str_starts(cookie, STR(FEED_POLL_COOKIE)) ||
                 (str_starts(cookie, STR("rid=")) && !memmem(cookie.p, cookie.len, ",csn=", 5));
    return unfit ? STR_EMPTY : cookie;
}

/* With that cookie, or else the one of this moment, or none. */
static bool begin(struct sync *s)
{
    struct feed *f = s->feed;
    struct arena *a = arena_new(CONTROL_VALUE_MAX);
    struct str cookie = cookie_to_send(f);
    bool good = a != NULL;
    if (good && cookie.len == 0 && f->config.from_now) {
        good = feed_present_cookie(s->wire, a, f->config.base, &cookie);
        if (good && f->to.began_now)
            good = f->to.began_now(f->to.arg) == RESULT_OK;
    }
    s->from_nothing = cookie.len == 0;
    keep_cookie(s, true, cookie);
    good = good && f->to.refresh_begin(f->to.arg) == RESULT_OK;
    s->id = good ? send_request(s, a, cookie) : -1;
    arena_free(a);
    return s->id > 0;
}

/* Settles when there is a pause, or when there has been none for long. */
static enum result pause_if_due(struct sync *s, bool quiet)
{
    if (quiet && s->refreshed)
        feed_is_live(s->feed, s->wire);
    return quiet || clock_monotonic_ms() - s->settled_at >= SETTLE_MS ? settle(s) : RESULT_OK;
}

static enum feed_end follow(struct sync *s)
{
    for (;;) {
        LDAPMessage *message = NULL;
        enum wire_news news = wire_next(s->wire, s->unsettled ? 0 : 1000, &message);
        enum result r = RESULT_OK;
        if (news == WIRE_STOP)
            return FEED_STOPPED;
        if (news == WIRE_LOST)
            return FEED_LOST;
        if (news == WIRE_MESSAGE) {
            r = take(s, message);
            ldap_msgfree(message);
        }
        if (r == RESULT_OK)
            r = pause_if_due(s, news == WIRE_QUIET);
        if (r != RESULT_OK)
            return FEED_LOST;
        if (news == WIRE_QUIET && !s->refreshed)
            s->unsettled = false;
    }
}

enum feed_end sync_run(struct feed *f, struct wire *w)
{
    struct sync s = {.feed = f, .wire = w};
    buf_init(&s.cookie, f->cookie.max);
    enum feed_end end = begin(&s) ? follow(&s) : FEED_LOST;
    buf_free(&s.cookie);
    return end;
}
