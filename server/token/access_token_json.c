#include "server/token/access_token_json.h"

#include "authn/record.h"
#include "server/token/acting.h"
#include "server/token/claims.h"

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

json_t *access_token_claims(const struct provider *p, struct arena *a, const struct access_token *t,
                            const struct person *person)
{
    json_t *claims = json_new(a);
    if (!claims)
        return NULL;
    json_put_str(claims, "iss", p->config.issuer);
    json_put_str(claims, "sub", t->subject);
    json_put_str(claims, "aud", t->audience);
    json_put_str(claims, "client_id", t->client_id);
    json_put_str(claims, "jti", t->jti);
    json_put_str(claims, "scope", t->scope);
    json_put_str(claims, "sid", t->sid);
    json_put_int(claims, "iat", t->issued);
    json_put_int(claims, "exp", t->expires);
    if (person)
        claims_of_sign_in(p, person, t->level, t->amr, t->auth_time, claims);
    return acting_put(claims, t->mandate, t->actor) ? claims : NULL;
}
