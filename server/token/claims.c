#include "server/token/claims.h"

#include "server/token/rights.h"
#include "server/token/words.h"

#include <stddef.h>

/* Every scope the server knows by itself; an application's own scopes are named in its registration. */
#define SCOPES "openid profile email phone organisation groups roles offline_access"

/* Which claim which scope releases: userinfo, discovery and the consent page follow this table. */
static const struct {
    const char *scope, *claim;
    size_t offset;
} released[] = {
    {"profile", "name", offsetof(struct person, display_name)},
    {"profile", "given_name", offsetof(struct person, given_name)},
    {"profile", "family_name", offsetof(struct person, family_name)},
    {"email", "email", offsetof(struct person, mail)},
    {"phone", "phone_number", offsetof(struct person, mobile)},
};

static const char *const always[] = {
    "iss", "sub",    "aud", "exp", "iat", "sid", "acr", "auth_time", "amr", "authn_level", "identity_level",
    "act", "mandate"};

void claims_for_scope(const struct person *person, struct str scope, json_t *out)
{
    for (size_t i = 0; i < sizeof released / sizeof released[0]; i++)
        if (str_has_word(scope, str_of(released[i].scope)))
            json_put_str(out, released[i].claim,
                         *(const struct str *)((const char *)person + released[i].offset));
}

int64_t identity_level(const struct provider *p, struct str kind)
{
    struct str rows = p->config.identity_levels, row, name;
    uint64_t level;
    while (str_word(&rows, &row)) {
        str_cut(&row, '=', &name);
        if (kind.len > 0 && str_eq(name, kind) && str_to_u64(row, 9, &level))
            return (int64_t)level;
    }
    return 0;
}

int64_t identity_level_of(const struct provider *p, struct str kind, int64_t own)
{
    return own > 0 ? own : identity_level(p, kind);
}

void claims_of_sign_in(const struct provider *p, const struct person *person, enum authn_level level,
                       struct str amr, int64_t auth_time, json_t *out)
{
    int64_t identity = identity_level_of(p, person->kind, person->identity_level);
    json_put_str(out, "acr", str_of(acr_word(level)));
    words_put(out, "amr", amr);
    json_put_int(out, "auth_time", auth_time);
    json_put_int(out, "authn_level", level);
    if (identity > 0)
        json_put_int(out, "identity_level", identity);
}

struct str claims_scopes_supported(void)
{
    return STR(SCOPES);
}

void claims_supported(json_t *array)
{
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        json_array_append_new(array, json_string(always[i]));
    for (size_t i = 0; i < sizeof released / sizeof released[0]; i++)
        json_array_append_new(array, json_string(released[i].claim));
    rights_claims_supported(array);
}

bool claims_scope_known(struct str word)
{
    return str_has_word(STR(SCOPES), word);
}
