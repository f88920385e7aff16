#include "server/token/access_token_json.h"

#include "authn/record.h"
#include "server/base/json_write.h"

#include <stddef.h>

/*
 * The record says what its grant does not: a token of a grant has subject, application, level and all that
 * from there (access_token_of_grant). `jti` is what stands behind "<gid>.".
 */
#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct access_token, name)                                                     \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, jti),      FIELD(FIELD_TEXT, gid),   FIELD(FIELD_TEXT, sid),
    FIELD(FIELD_NEEDED, audience), FIELD(FIELD_TEXT, scope), FIELD(FIELD_NUMBER, issued),
    FIELD(FIELD_NUMBER, expires),
};
static const struct field without_grant[] = {FIELD(FIELD_NEEDED, client_id), FIELD(FIELD_NEEDED, subject)};
enum {
    FIELD_COUNT = sizeof fields / sizeof fields[0],
    WITHOUT_GRANT_COUNT = sizeof without_grant / sizeof without_grant[0],
    CLAIMS_MAX = 1 << 20,
    USUAL = 1000,
    FORMAT = 1 /* another one whenever the tables change */
};

/* "<gid>.<random>" to "<random>" */
static struct str without_gid(const struct access_token *t)
{
    size_t head = t->gid.len > 0 ? t->gid.len + 1 : 0;
    return str_starts(t->jti, t->gid) ? str_sub(t->jti, head, t->jti.len) : STR_EMPTY;
}

struct str access_token_text(struct arena *a, const struct access_token *t)
{
    struct access_token packed = *t;
    struct buf out;
    packed.jti = without_gid(t);
    record_begin(&out, FORMAT);
    bool whole = record_pack(&out, a, &packed, fields, FIELD_COUNT);
    if (whole && t->gid.len == 0)
        whole = record_pack(&out, a, &packed, without_grant, WITHOUT_GRANT_COUNT);
    return record_end(&out, a, whole);
}

struct access_token *access_token_parse(struct arena *a, struct str value, struct str record)
{
    struct access_token *t = arena_alloc(a, sizeof *t);
    struct str rest;
    if (!t || !record_open(record, FORMAT, &rest) || !record_unpack(a, &rest, t, fields, FIELD_COUNT))
        return NULL;
    if (t->gid.len == 0 && !record_unpack(a, &rest, t, without_grant, WITHOUT_GRANT_COUNT))
        return NULL;
    if (t->gid.len > 0)
        t->jti = arena_join(a, (struct str[]){t->gid, STR("."), t->jti}, 3);
    t->value = value;
    return rest.len == 0 && t->jti.len > 0 ? t : NULL;
}

bool access_token_of_grant(struct access_token *t, struct grant *g)
{
    if (!str_eq(t->gid, g->gid) || !str_eq(t->sid, g->sid))
        return false;
    t->grant = g;
    t->client_id = g->client_id;
    t->subject = g->subject;
    t->level = g->level;
    t->amr = g->amr;
    t->auth_time = g->auth_time;
    t->mandate = g->mandate;
    t->actor = g->mandate.len > 0 ? g->person.subject : STR_EMPTY;
    return true;
}

struct str access_token_claims(const struct provider *p, struct arena *a, const struct access_token *t,
                               const json_t *more)
{
    struct buf out;
    buf_init_of(&out, CLAIMS_MAX, USUAL);
    json_add_str(&out, "iss", p->config.issuer);
    json_add_str(&out, "sub", t->subject);
    json_add_str(&out, "aud", t->audience);
    json_add_str(&out, "client_id", t->client_id);
    json_add_str(&out, "jti", t->jti);
    json_add_str(&out, "scope", t->scope);
    json_add_str(&out, "sid", t->sid);
    json_add_int(&out, "iat", t->issued);
    json_add_int(&out, "exp", t->expires);
    bool whole = !more || json_add_members(&out, more);
    buf_add_char(&out, '}');
    struct str text = whole ? arena_copy(a, buf_str(&out)) : STR_EMPTY;
    buf_free(&out);
    return text;
}
