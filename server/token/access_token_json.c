#include "server/token/access_token_json.h"

#include "authn/record.h"
#include "server/token/acting.h"
#include "server/token/claims.h"

#include <stddef.h>

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct access_token, name)                                                     \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, jti),      FIELD(FIELD_NEEDED, client_id), FIELD(FIELD_NEEDED, subject),
    FIELD(FIELD_NEEDED, audience), FIELD(FIELD_TEXT, scope),       FIELD(FIELD_TEXT, gid),
    FIELD(FIELD_TEXT, sid),        FIELD(FIELD_LEVEL, level),      FIELD(FIELD_NUMBER, identity_level),
    FIELD(FIELD_TEXT, amr),        FIELD(FIELD_TEXT, username),    FIELD(FIELD_NUMBER, auth_time),
    FIELD(FIELD_NUMBER, issued),   FIELD(FIELD_NUMBER, expires),   FIELD(FIELD_TEXT, mandate),
    FIELD(FIELD_TEXT, actor),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

struct str access_token_text(struct arena *a, const struct access_token *t)
{
    json_t *object = json_new(a);
    return record_write(object, t, fields, FIELD_COUNT) ? json_text(a, object) : STR_EMPTY;
}

struct access_token *access_token_parse(struct arena *a, struct str value, struct str record)
{
    struct access_token *t = arena_alloc(a, sizeof *t);
    const json_t *object = json_parse(a, record);
    if (!t || !object || !record_read(a, object, t, fields, FIELD_COUNT))
        return NULL;
    t->value = value;
    return t;
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
