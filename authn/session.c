#include "authn/session.h"

#include "authn/notice.h"
#include "authn/record.h"
#include "authn/session_index.h"
#include "server/base/clock.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/log.h"
#include "server/base/random.h"

#include <stddef.h>

enum { COOKIE_BYTES = 32, COOKIE_CHARACTERS = 43, SID_BYTES = 16, CSRF_BYTES = 16, WRITE_BACK_SECONDS = 30 };

/* From the password to the token: what the directory said when that was checked. */
enum { ONE_SIGN_IN_SECONDS = 10 };

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct session, name)                                                          \
    }
static const struct field fields[] = {
    FIELD(FIELD_LEVEL, level),    FIELD(FIELD_NEEDED, amr),  FIELD(FIELD_NUMBER, auth_time),
    FIELD(FIELD_NUMBER, started), FIELD(FIELD_NUMBER, seen), FIELD(FIELD_NUMBER, person_read),
    FIELD(FIELD_TEXT, inherited), FIELD(FIELD_NEEDED, csrf), FIELD(FIELD_TEXT, acts),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0], FORMAT = 1 };

/* The sid of a cookie: whoever reads it in a token can't come back to the cookie. */
static struct str sid_of(struct arena *a, struct str cookie)
{
    unsigned char digest[DIGEST_SIZE];
    struct str parts[] = {STR("onedoor sid"), cookie};
    if (!sha256(parts, 2, digest))
        return STR_EMPTY;
    return base64url_encode(a, (struct str){(const char *)digest, SID_BYTES});
}

int64_t session_ends(const struct authn *au, const struct session *s)
{
    int64_t idle = s->seen + au->config.session_idle_seconds;
    int64_t absolute = s->started + au->config.session_absolute_seconds;
    return idle < absolute ? idle : absolute;
}

/* How long it may live from now on without being used; 0 or less when it is over. */
static int64_t seconds_left(const struct authn *au, const struct session *s)
{
    return session_ends(au, s) - clock_now();
}

static struct str record_of(struct arena *a, const struct session *s)
{
    struct buf out;
    record_begin(&out, FORMAT);
    bool whole = record_pack(&out, a, s, fields, FIELD_COUNT) && person_pack(&out, a, &s->person);
    return record_end(&out, a, whole);
}

/*
 * The account may be disabled between the reading of the person and the storing of the session. Then either
 * the notice is there by now, and is seen here; or it is written from now on, and ends what began before it.
 * So none slips through. A notice that still says "disabled" of somebody who was enabled a moment ago is not
 * believed against the directory.
 */
static enum result look_again(struct authn *au, struct arena *a, const struct session *s,
                              const struct str found[NOTICE_RECORDS])
{
    struct notice n;
    struct person *now;
    if (!notice_parse(a, found, &n))
        return RESULT_INTERNAL;
    if (!notice_ends(&n, s->started))
        return RESULT_OK;
    if (n.ended >= s->started)
        return RESULT_NOT_FOUND;
    enum result r = person_by_uuid(au->directory, a, s->person.uuid, &now);
    if (r == RESULT_OK && now->disabled)
        return RESULT_NOT_FOUND;
    return r == RESULT_OK ? notice_person(au, a, now) : r;
}

static enum result store_session(struct authn *au, struct arena *a, const struct session *s,
                                 const struct store_steps *more)
{
    struct str found[NOTICE_RECORDS], record = record_of(a, s);
    if (s->sid.len == 0 || record.len == 0)
        return RESULT_INTERNAL;
    enum result r = session_index_store(au, a, s, record, seconds_left(au, s), more, found);
    if (r != RESULT_OK)
        return r;
    r = look_again(au, a, s, found);
    if (r != RESULT_OK && session_end(au, a, s->sid) != RESULT_OK)
        LOG(LOG_LEVEL_WARN, "authn.session_not_ended", LOG_STR("sid", s->sid)); /* nobody has its cookie */
    return r;
}

enum result session_start(struct authn *au, struct arena *a, const struct person *person,
                          enum authn_level level, struct str amr, const struct store_steps *more,
                          struct session **out, struct str *cookie)
{
    struct session *s = arena_alloc(a, sizeof *s);
    *cookie = random_token(a, COOKIE_BYTES);
    if (!s || cookie->len == 0)
        return RESULT_INTERNAL;
    *s = (struct session){.sid = sid_of(a, *cookie),
                          .person = *person,
                          .level = level,
                          .amr = amr,
                          .csrf = random_token(a, CSRF_BYTES)};
    s->auth_time = s->started = s->seen = s->person_read = clock_now();
    *out = s;
    return store_session(au, a, s, more);
}

struct session *session_parse(struct authn *au, struct arena *a, struct str sid, struct str record)
{
    struct session *s = arena_alloc(a, sizeof *s);
    struct str rest;
    if (!s || !record_open(record, FORMAT, &rest) || !record_unpack(a, &rest, s, fields, FIELD_COUNT) ||
        !person_unpack(a, &rest, &s->person) || rest.len > 0) {
        LOG(LOG_LEVEL_ERROR, "authn.session_unreadable", LOG_STR("sid", sid));
        return NULL;
    }
    s->sid = arena_copy(a, sid);
    return seconds_left(au, s) > 0 && s->sid.len > 0 ? s : NULL;
}

enum result session_stored(struct authn *au, struct arena *a, struct str sid, struct session **out)
{
    struct str record;
    enum result r = store_get(au->store, a, STORE_SESSION, sid, &record);
    if (r != RESULT_OK)
        return r;
    *out = session_parse(au, a, sid, record);
    if (arena_failed(a))
        return RESULT_INTERNAL;
    return *out ? RESULT_OK : RESULT_NOT_FOUND;
}

/* The notice that came with the record, when the session was whose it was thought to be. */
static enum result find_notice(struct authn *au, struct arena *a, const struct session *s, struct str uuid,
                               const struct str found[NOTICE_RECORDS], struct notice *out)
{
    if (uuid.len == 0 || !str_eq(uuid, s->person.uuid))
        return notice_find(au, a, s->person.uuid, out);
    return notice_parse(a, found, out) ? RESULT_OK : RESULT_INTERNAL;
}

enum result session_by_sid(struct authn *au, struct arena *a, struct str sid, struct session **out)
{
    return session_of_person(au, a, sid, STR_EMPTY, out);
}

enum result session_open(struct authn *au, struct arena *a, struct str sid, struct str record,
                         struct str uuid, const struct str notices[], struct session **out)
{
    struct notice n;
    struct session *s = session_parse(au, a, sid, record);
    if (!s)
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_NOT_FOUND;
    enum result r = find_notice(au, a, s, uuid, notices, &n);
    if (r != RESULT_OK)
        return r;
    if (notice_ends(&n, s->started) || !notice_renew(&n, &s->person, &s->person_read))
        return RESULT_NOT_FOUND;
    *out = s;
    return RESULT_OK;
}

enum result session_of_person(struct authn *au, struct arena *a, struct str sid, struct str uuid,
                              struct session **out)
{
    struct store_key keys[1 + NOTICE_RECORDS] = {{STORE_SESSION, sid}};
    struct str found[1 + NOTICE_RECORDS];
    bool guessed = uuid.len > 0;
    if (guessed && !notice_keys(a, person_tag(a, uuid), keys + 1))
        return RESULT_INTERNAL;
    enum result r = store_get_many(au->store, a, keys, guessed ? 1 + NOTICE_RECORDS : 1, found);
    if (r == RESULT_OK && !found[0].p)
        return RESULT_NOT_FOUND;
    return r == RESULT_OK ? session_open(au, a, sid, found[0], uuid, found + 1, out) : r;
}

static bool is_cookie(struct arena *a, struct str cookie)
{
    struct str bytes;
    return cookie.len == COOKIE_CHARACTERS && base64url_decode(a, cookie, &bytes);
}

/* Its use is written back now and then only, more often when the idle limit is short. */
static bool is_written_lately(const struct authn *au, const struct session *s)
{
    int64_t tenth = au->config.session_idle_seconds / 10;
    return clock_now() - s->seen < (tenth < WRITE_BACK_SECONDS ? tenth : WRITE_BACK_SECONDS);
}

enum result session_touch(struct authn *au, struct arena *a, struct session *s)
{
    if (is_written_lately(au, s))
        return RESULT_OK;
    s->seen = clock_now();
    return session_save(au, a, s);
}

enum result session_find(struct authn *au, struct arena *a, struct str cookie, struct session **out)
{
    return session_find_of(au, a, cookie, STR_EMPTY, out);
}

enum result session_find_of(struct authn *au, struct arena *a, struct str cookie, struct str uuid,
                            struct session **out)
{
    if (!is_cookie(a, cookie))
        return RESULT_NOT_FOUND;
    struct str sid = sid_of(a, cookie);
    if (sid.len == 0)
        return RESULT_INTERNAL;
    enum result r = session_of_person(au, a, sid, uuid, out);
    return r == RESULT_OK ? session_touch(au, a, *out) : r;
}

enum result session_saving(struct authn *au, struct arena *a, const struct session *s,
                           struct store_steps *steps)
{
    /* Only what is there: a session that was ended meanwhile stays ended. */
    const struct store_step save = {.act = STEP_UPDATE,
                                    .kind = STORE_SESSION,
                                    .id = s->sid,
                                    .value = record_of(a, s),
                                    .ttl = seconds_left(au, s)};
    if (save.value.len == 0 || !store_steps_add(steps, save))
        return RESULT_INTERNAL;
    return save.ttl > 0 ? RESULT_OK : RESULT_NOT_FOUND;
}

enum result session_save(struct authn *au, struct arena *a, const struct session *s)
{
    struct store_steps one = {.n = 0};
    enum result r = session_saving(au, a, s, &one);
    return r == RESULT_OK ? store_together(au->store, a, &one) : r;
}

/* The notice ends whatever else they have; this session is ended at once, so that its applications are told.
 */
static enum result end_of_person(struct authn *au, struct arena *a, const struct session *s,
                                 enum result noted)
{
    enum result r = session_end(au, a, s->sid);
    if (noted != RESULT_OK || r != RESULT_OK)
        LOG(LOG_LEVEL_WARN, "authn.leaver_not_ended", LOG_STR("sid", s->sid),
            LOG_Z("noted", result_name(noted)), LOG_Z("ended", result_name(r)));
    return RESULT_NOT_FOUND;
}

static struct str packed(struct arena *a, const struct person *p)
{
    struct buf out;
    record_begin(&out, FORMAT);
    return record_end(&out, a, person_pack(&out, a, p));
}

/*
 * Renewing a person's tokens is use: who works in an application all morning is not idle. What the session
 * says already is not written again at once; the store then calls the person's facts a little older than they
 * are, which only shortens the grace.
 */
static enum result take_person(struct authn *au, struct arena *a, struct session *s, const struct person *p)
{
    struct str before = packed(a, &s->person), now = packed(a, p);
    bool known = before.len > 0 && str_eq(before, now) && is_written_lately(au, s);
    s->person = *p;
    s->person_read = clock_now();
    if (known)
        return RESULT_OK;
    s->seen = s->person_read;
    return session_save(au, a, s);
}

enum result session_refresh_person(struct authn *au, struct arena *a, struct session *s, int64_t grace)
{
    struct person *p = NULL;
    enum result r = person_by_uuid(au->directory, a, s->person.uuid, &p);
    switch (r) {
    case RESULT_OK:
        if (p->disabled || !str_eq(p->subject, s->person.subject))
            return end_of_person(au, a, s, notice_person(au, a, p));
        return take_person(au, a, s, p);
    case RESULT_NOT_FOUND:
        return end_of_person(au, a, s, notice_gone(au, a, s->person.uuid));
    case RESULT_UNAVAILABLE:
        return clock_now() - s->person_read <= grace ? RESULT_OK : RESULT_UNAVAILABLE;
    case RESULT_REFUSED:
    case RESULT_USED:
    case RESULT_INTERNAL:
        break;
    }
    return RESULT_INTERNAL;
}

bool session_person_is_fresh(const struct authn *au, const struct session *s)
{
    bool lately = clock_now() - s->person_read <= ONE_SIGN_IN_SECONDS;
    return lately && au->live && live_has_told_since(au->live, s->person_read);
}
