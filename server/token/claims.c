#include "server/token/claims.h"

#include "server/token/words.h"

#include <stddef.h>

/* Every scope the server knows by itself; an application's own scopes are named in its registration. */
static const struct str scopes = {"openid profile email phone organisation groups offline_access",
                                  sizeof "openid profile email phone organisation groups offline_access" - 1};

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

static const char *const always[] = {"iss", "sub",       "aud", "exp",         "iat",           "sid",
                                     "acr", "auth_time", "amr", "authn_level", "identity_level"};

/* The shape of `org` stands in the domain: where they belong first, and later where else. */
static void put_organisation(const struct person *person, json_t *out)
{
    json_t *org = person->organisation.len > 0 ? json_object() : NULL;
    if (!org)
        return;
    json_put_str(org, "primary", person->organisation);
    json_object_set_new(out, "org", org);
}

/* Whole names (DNs), because the last part alone may be the name of two groups. */
static void put_groups(const struct person *person, json_t *out)
{
    json_t *groups = json_array();
    for (size_t i = 0; groups && i < person->group_count; i++)
        json_array_append_new(groups, json_stringn(person->groups[i].p, person->groups[i].len));
    json_object_set_new(out, "groups", groups);
}

void claims_for_scope(const struct provider *p, struct arena *a, const struct person *person,
                      struct str scope, json_t *out)
{
    (void)p;
    (void)a;
    for (size_t i = 0; i < sizeof released / sizeof released[0]; i++)
        if (str_has_word(scope, str_of(released[i].scope)))
            json_put_str(out, released[i].claim,
                         *(const struct str *)((const char *)person + released[i].offset));
    if (str_has_word(scope, STR("organisation")))
        put_organisation(person, out);
    if (str_has_word(scope, STR("groups")))
        put_groups(person, out);
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

void claims_of_sign_in(const struct provider *p, const struct person *person, enum authn_level level,
                       struct str amr, int64_t auth_time, json_t *out)
{
    int64_t identity = identity_level(p, person->kind);
    json_put_str(out, "acr", str_of(acr_word(level)));
    words_put(out, "amr", amr);
    json_put_int(out, "auth_time", auth_time);
    json_put_int(out, "authn_level", level);
    if (identity > 0)
        json_put_int(out, "identity_level", identity);
}

struct str claims_scopes_supported(void)
{
    return scopes;
}

void claims_supported(json_t *array)
{
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        json_array_append_new(array, json_string(always[i]));
    for (size_t i = 0; i < sizeof released / sizeof released[0]; i++)
        json_array_append_new(array, json_string(released[i].claim));
    json_array_append_new(array, json_string("org"));
    json_array_append_new(array, json_string("groups"));
}

bool claims_scope_known(struct str word)
{
    return str_has_word(scopes, word);
}
