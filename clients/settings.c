#include "clients/settings.h"

#include "directory/model/grammar.h"

#include <string.h>
#include <strings.h>

/* name, attribute, repeats, reader, field of struct application, what is accepted */
#define SETTINGS(X)                                                                                          \
    X("name", "displayName", false, read_name, name, "1 to 128 bytes of plain text")                         \
    X("name-zh", "displayName;lang-zh", false, read_name, name_zh, "1 to 128 bytes of plain text")           \
    X("description", "description", false, read_description, description, "1 to 500 bytes of plain text")    \
    X("description-zh", "description;lang-zh", false, read_description, description_zh,                      \
      "1 to 500 bytes of plain text")                                                                        \
    X("redirect-uri", "onedoorRedirectUri", true, read_redirect, redirect_uris, REDIRECT_ACCEPTED)           \
    X("post-logout-redirect-uri", "onedoorPostLogoutRedirectUri", true, read_redirect,                       \
      post_logout_redirect_uris, REDIRECT_ACCEPTED)                                                          \
    X("grant", "onedoorGrantType", true, read_grant, grants,                                                 \
      "authorization_code, refresh_token or client_credentials")                                             \
    X("scope", "onedoorScope", true, read_scope, scopes, "one scope name without spaces; repeat for more")   \
    X("method", "onedoorAuthMethod", false, read_method, method,                                             \
      "client_secret_basic, client_secret_post or none")                                                     \
    X("acr", "onedoorRequiredAcr", false, read_level, required_level, "low, substantial or high")            \
    X("identity", "onedoorRequiredIdentity", false, read_identity, required_identity, "1 to 5")              \
    X("token-format", "onedoorAccessTokenFormat", false, read_format, opaque_tokens, "jwt or opaque")        \
    X("access-token-alg", "onedoorAccessTokenAlg", false, read_alg, access_token_alg, "ES256 or RS256")      \
    X("id-token-alg", "onedoorIdTokenAlg", false, read_alg, id_token_alg, "ES256 or RS256")                  \
    X("access-token-seconds", "onedoorAccessTokenSeconds", false, read_access_seconds, access_token_seconds, \
      "30 to 86400 seconds")                                                                                 \
    X("refresh-token-seconds", "onedoorRefreshTokenSeconds", false, read_refresh_seconds,                    \
      refresh_token_seconds, "60 to 31536000 seconds")                                                       \
    X("resource", "onedoorResource", true, read_resource, resources, RESOURCE_ACCEPTED)                      \
    X("may-request", "onedoorMayRequest", true, read_resource, may_request, RESOURCE_ACCEPTED)               \
    X("consent", "onedoorConsent", false, read_consent, consent_required, "required or never")               \
    X("home-uri", "onedoorHomeUri", false, read_page_address, home_uri, PAGE_ACCEPTED)                       \
    X("person-kind", "onedoorPersonKind", true, read_kind, person_kinds,                                     \
      "one kind of person, such as staff")                                                                   \
    X("allowed-group", "onedoorAllowedGroup", true, read_group, allowed_groups,                              \
      "the DN of a group, without spaces behind its commas")                                                 \
    X("contact", "onedoorContact", false, read_name, contact, "1 to 128 bytes of plain text")                \
    X("policy-uri", "onedoorPolicyUri", false, read_page_address, policy_uri, PAGE_ACCEPTED)                 \
    X("disabled", "onedoorDisabled", false, read_flag, disabled, "TRUE or FALSE")                            \
    X("introspection", "onedoorIntrospection", false, read_flag, may_introspect, "TRUE or FALSE")            \
    X("permission", "onedoorPermission", true, read_permission, permissions, PERMISSION_ACCEPTED)            \
    X("resource-type", "onedoorResourceType", true, read_resource_type, resource_types,                      \
      RESOURCE_TYPE_ACCEPTED)                                                                                \
    X("trusted-properties", "onedoorTrustedProperties", false, read_flag, trusted_properties,                \
      "TRUE or FALSE")                                                                                       \
    X("backchannel-logout-uri", "onedoorBackchannelLogoutUri", false, read_logout_address,                   \
      backchannel_logout_uri, "an https address without # and user name")                                    \
    X("mandates", "onedoorMandates", false, read_flag, takes_mandates, "TRUE or FALSE")                      \
    X("forward-auth", "onedoorForwardAuth", false, read_flag, forward_auth, "TRUE or FALSE")

#define PAGE_ACCEPTED "an https address, or http on 127.0.0.1, [::1] or localhost"
#define REDIRECT_ACCEPTED                                                                                    \
    "an https address without * and #, http on 127.0.0.1, [::1] or localhost, or (method none) a scheme "    \
    "of your own with a dot in it, such as org.example.app:/signed-in"
#define RESOURCE_ACCEPTED "an absolute URI without fragment, such as https://api.example/records"

const struct application_setting application_settings[] = {
#define X(name, attribute, repeats, reader, field, accepted) {name, attribute, repeats, accepted},
    SETTINGS(X)
#undef X
};

enum { SETTING_COUNT = sizeof application_settings / sizeof application_settings[0] };

const size_t application_setting_count = SETTING_COUNT;

static const struct {
    setting_reader *read;
    size_t field, attribute_len;
} readers[] = {
#define X(name, attribute, repeats, reader, field, accepted)                                                 \
    {reader, offsetof(struct application, field), sizeof attribute - 1},
    SETTINGS(X)
#undef X
};

const struct application_setting *setting_find(struct str name)
{
    for (size_t i = 0; i < application_setting_count; i++)
        if (str_eq(name, str_of(application_settings[i].name)))
            return &application_settings[i];
    return NULL;
}

struct str setting_shown(struct arena *a, struct str value)
{
    enum { SHOWN = 100 };
    if (!str_is_plain_text(value))
        return STR("(no plain text)");
    if (value.len <= SHOWN)
        return arena_printf(a, "\"" STR_FMT "\"", STR_ARG(value));
    size_t cut = SHOWN;
    while (cut > 0 && ((unsigned char)value.p[cut] & 0xC0) == 0x80)
        cut--;
    return arena_printf(a, "\"" STR_FMT "…\"", STR_ARG(str_sub(value, 0, cut)));
}

static bool refuse(struct arena *a, const struct application_setting *s, struct str value, const char *reason,
                   struct str *why)
{
    struct str shown = setting_shown(a, value);
    *why = arena_printf(a, "%s (%s): " STR_FMT " %s; accepted: %s", s->name, s->attribute, STR_ARG(shown),
                        reason[0] ? reason : "is not accepted", s->accepted);
    return false;
}

static bool read_setting(struct arena *a, size_t row, const struct attribute *at, struct application *app,
                         struct str *why)
{
    const struct application_setting *s = &application_settings[row];
    size_t most = s->repeats ? SETTING_VALUES_MAX : 1;
    if (at->count > most) {
        *why = arena_printf(a, "%s (%s): %zu values, %zu at most", s->name, s->attribute, at->count, most);
        return false;
    }
    for (size_t i = 0; i < at->count; i++) {
        struct setting_value v = {a, (char *)app + readers[row].field, at->values[i], at->count};
        const char *reason = readers[row].read(&v);
        if (reason)
            return refuse(a, s, v.text, reason, why);
    }
    return true;
}

/* The attribute of each setting, or NULL: one walk over the entry, and few names of the same length to
 * compare. */
static void find_attributes(const struct entry *e, const struct attribute *found[SETTING_COUNT])
{
    for (size_t i = 0; i < e->count; i++) {
        size_t len = strlen(e->attributes[i].name);
        for (size_t row = 0; row < SETTING_COUNT; row++)
            if (readers[row].attribute_len == len && !found[row] &&
                strcasecmp(e->attributes[i].name, application_settings[row].attribute) == 0)
                found[row] = &e->attributes[i];
    }
}

bool settings_read(struct arena *a, const struct entry *e, struct application *app, struct str *why)
{
    const struct attribute *found[SETTING_COUNT] = {NULL};
    find_attributes(e, found);
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (found[i] && !read_setting(a, i, found[i], app, why))
            return false;
    return true;
}
