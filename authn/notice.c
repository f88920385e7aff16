#include "authn/notice.h"

#include "authn/record.h"
#include "server/base/clock.h"
#include "server/base/digest.h"
#include "server/base/encode.h"

#include <stddef.h>

/*
 * Two records, because several servers write at once: facts are overwritten by whoever hears last, but that
 * an account ended must not be overwritten by a server that is only then hearing of something older.
 */
enum { FACTS, ENDED };

enum {
    TAG_BYTES = 16,
    /* No offline grant lives longer: the longest lifetimes that settings allow are a year and a day. */
    ENDED_SECONDS = 400 * 86400,
    /* Facts are needed while somebody holds older ones: an access token's longest life, or a session's. */
    FACTS_SECONDS = 86400 + 600,
    /* Servers' clocks and the way of a change through the directory may differ by so much. */
    SKEW_SECONDS = 5,
    /* As long as a change takes from the directory to us, at most; a sign-in right behind it is not hit. */
    LAG_SECONDS = 2
};

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct notice, name)                                                           \
    }
static const struct field facts[] = {
    FIELD(FIELD_NUMBER, changed),    FIELD(FIELD_FLAG, disabled),      FIELD(FIELD_TEXT, dn),
    FIELD(FIELD_TEXT, subject),      FIELD(FIELD_TEXT, kind),          FIELD(FIELD_TEXT, mail),
    FIELD(FIELD_TEXT, organisation), FIELD(FIELD_TEXT, organisations), FIELD(FIELD_NUMBER, identity_level),
};
static const struct field ending[] = {FIELD(FIELD_NUMBER, ended)};
enum { FACT_COUNT = sizeof facts / sizeof facts[0] };

struct str person_tag(struct arena *a, struct str uuid)
{
    unsigned char digest[DIGEST_SIZE];
    struct str parts[] = {STR("onedoor person"), uuid};
    if (!sha256(parts, 2, digest))
        return STR_EMPTY;
    return base64url_encode(a, (struct str){(const char *)digest, TAG_BYTES});
}

bool notice_keys(struct arena *a, struct str tag, struct store_key out[NOTICE_RECORDS])
{
    out[FACTS] = (struct store_key){STORE_NOTICE, tag};
    out[ENDED] = (struct store_key){STORE_NOTICE, arena_join(a, (struct str[]){tag, STR(" ended")}, 2)};
    return tag.len == PERSON_TAG && out[ENDED].id.len > 0;
}

static bool read_record(struct arena *a, struct str record, struct notice *out, const struct field *fields,
                        size_t n)
{
    if (!record.p)
        return true;
    const json_t *object = json_parse(a, record);
    return object && record_read(a, object, out, fields, n);
}

bool notice_parse(struct arena *a, const struct str found[NOTICE_RECORDS], struct notice *out)
{
    *out = (struct notice){0};
    return read_record(a, found[FACTS], out, facts, FACT_COUNT) &&
           read_record(a, found[ENDED], out, ending, 1);
}

enum result notice_find(struct authn *au, struct arena *a, struct str uuid, struct notice *out)
{
    struct store_key keys[NOTICE_RECORDS];
    struct str found[NOTICE_RECORDS];
    *out = (struct notice){0};
    if (!notice_keys(a, person_tag(a, uuid), keys))
        return RESULT_INTERNAL;
    enum result r = store_get_many(au->store, a, keys, NOTICE_RECORDS, found);
    if (r != RESULT_OK)
        return r;
    return notice_parse(a, found, out) ? RESULT_OK : RESULT_INTERNAL;
}

bool notice_ends(const struct notice *n, int64_t began)
{
    return n->disabled || (n->ended > 0 && began <= n->ended);
}

/*
 * Every change is noted, so the notice is right as long as somebody listens; what was read from the directory
 * itself is only surer when it is newer by more than clocks differ.
 */
bool notice_renew(const struct notice *n, struct person *p, int64_t *read)
{
    if (n->changed == 0 || n->disabled || *read > n->changed + SKEW_SECONDS)
        return true;
    bool same = str_eq(p->subject, n->subject);
    p->dn = n->dn;
    p->subject = n->subject;
    p->kind = n->kind;
    p->mail = n->mail;
    p->organisation = n->organisation;
    p->organisations = n->organisations;
    p->identity_level = n->identity_level;
    if (n->changed > *read)
        *read = n->changed;
    return same;
}

static enum result write_record(struct authn *au, struct arena *a, struct str tag, int which,
                                const struct notice *n)
{
    struct store_key keys[NOTICE_RECORDS];
    json_t *object = json_new(a);
    int64_t ttl = ENDED_SECONDS;
    if (which == FACTS)
        ttl = au->config.session_absolute_seconds > FACTS_SECONDS ? au->config.session_absolute_seconds
                                                                  : FACTS_SECONDS;
    if (!object || !notice_keys(a, tag, keys) ||
        !record_write(object, n, which == FACTS ? facts : ending, which == FACTS ? FACT_COUNT : 1))
        return RESULT_INTERNAL;
    struct str text = json_text(a, object);
    return text.len > 0 ? store_put(au->store, a, STORE_NOTICE, keys[which].id, text, ttl) : RESULT_INTERNAL;
}

/* That it ended is written first: it alone must never be missing. */
static enum result write_notice(struct authn *au, struct arena *a, struct str uuid, struct notice *n,
                                int64_t ended)
{
    struct notice before;
    struct str tag = person_tag(a, uuid);
    enum result r = notice_find(au, a, uuid, &before);
    if (r == RESULT_UNAVAILABLE)
        return r;
    /* One that cannot be read is overwritten. Until the account was enabled, it was disabled. */
    if (!n->disabled && before.disabled)
        ended = n->changed - LAG_SECONDS;
    n->ended = ended > before.ended ? ended : before.ended;
    r = n->ended > before.ended ? write_record(au, a, tag, ENDED, n) : RESULT_OK;
    return r == RESULT_OK ? write_record(au, a, tag, FACTS, n) : r;
}

enum result notice_person(struct authn *au, struct arena *a, const struct person *p)
{
    struct notice n = {.changed = clock_now(),
                       .disabled = p->disabled,
                       .dn = p->dn,
                       .subject = p->subject,
                       .kind = p->kind,
                       .mail = p->mail,
                       .organisation = p->organisation,
                       .organisations = p->organisations,
                       .identity_level = p->identity_level};
    return write_notice(au, a, p->uuid, &n, p->disabled ? n.changed : 0);
}

enum result notice_gone(struct authn *au, struct arena *a, struct str uuid)
{
    struct notice n = {.changed = clock_now(), .disabled = true};
    return write_notice(au, a, uuid, &n, n.changed);
}
