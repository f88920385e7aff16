#include "server/token/access_token_json.h"

#include "server/token/claims.h"

#include <stddef.h>

/* One row a member, for both ways. */
static const struct {
    const char *name;
    size_t offset;
} words[] =
    {
        {"jti", offsetof(struct access_token, jti)},
        {"client_id", offsetof(struct access_token, client_id)},
        {"sub", offsetof(struct access_token, subject)},
        {"aud", offsetof(struct access_token, audience)},
        {"scope", offsetof(struct access_token, scope)},
        {"gid", offsetof(struct access_token, gid)},
        {"sid", offsetof(struct access_token, sid)},
        {"amr", offsetof(struct access_token, amr)},
        {"name", offsetof(struct access_token, username)},
},
  numbers[] = {
      {"identity_level", offsetof(struct access_token, identity_level)},
      {"auth_time", offsetof(struct access_token, auth_time)},
      {"issued", offsetof(struct access_token, issued)},
      {"expires", offsetof(struct access_token, expires)},
};
enum { WORDS = sizeof words / sizeof words[0], NUMBERS = sizeof numbers / sizeof numbers[0] };

struct str access_token_text(struct arena *a, const struct access_token *t)
{
    json_t *o = json_new(a);
    if (!o)
        return STR_EMPTY;
    for (size_t i = 0; i < WORDS; i++)
        json_put_str(o, words[i].name, *(const struct str *)((const char *)t + words[i].offset));
    for (size_t i = 0; i < NUMBERS; i++)
        json_put_int(o, numbers[i].name, *(const int64_t *)((const char *)t + numbers[i].offset));
    json_put_str(o, "level", str_of(acr_word(t->level)));
    return json_text(a, o);
}

struct access_token *access_token_parse(struct arena *a, struct str value, struct str record)
{
    json_t *o = record.p ? json_parse(a, record) : NULL;
    struct access_token *t = arena_alloc(a, sizeof *t);
    if (!o || !t)
        return NULL;
    t->value = value;
    t->level = acr_level(json_get_str(o, "level"));
    for (size_t i = 0; i < WORDS; i++)
        *(struct str *)((char *)t + words[i].offset) = json_get_str(o, words[i].name);
    for (size_t i = 0; i < NUMBERS; i++)
        if (!json_get_int(o, numbers[i].name, (int64_t *)((char *)t + numbers[i].offset)))
            return NULL;
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
    return claims;
}
