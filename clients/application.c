#include "clients/application.h"

#include "clients/redirect.h"
#include "clients/settings.h"
#include "server/base/encode.h"

static const char *const method_names[CLIENT_METHOD_COUNT] = {
    [CLIENT_NONE] = "none",
    [CLIENT_SECRET_BASIC] = "client_secret_basic",
    [CLIENT_SECRET_POST] = "client_secret_post",
};

const char *client_method_name(enum client_method m)
{
    return method_names[m];
}

bool client_method_parse(struct str name, enum client_method *out)
{
    for (int m = 0; m < CLIENT_METHOD_COUNT; m++)
        if (str_eq(name, str_of(method_names[m]))) {
            *out = (enum client_method)m;
            return true;
        }
    return false;
}

/* Letters, digits, dots, dashes and underscores: no separator of any list or DN that holds one. */
static bool is_client_id(struct str id)
{
    for (size_t i = 0; i < id.len; i++) {
        char c = id.p[i];
        bool alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!alnum && (i == 0 || (c != '.' && c != '-' && c != '_')))
            return false;
    }
    return id.len > 0 && id.len <= 64;
}

static bool read_client_id(struct arena *a, const struct entry *e, struct application *app, struct str *why)
{
    const struct attribute *at = entry_attribute(e, "onedoorClientId");
    if (!at || at->count != 1 || !is_client_id(at->values[0])) {
        *why = STR("onedoorClientId: not accepted; accepted: one value of 1 to 64 letters, digits, - _ and "
                   ". beginning with a letter or digit");
        return false;
    }
    app->client_id = arena_copy(a, at->values[0]);
    return true;
}

/* "hash seconds": the digits say when it was made, so that the older of two can be told. */
static bool read_hash(struct arena *a, struct str value, struct str *hash)
{
    struct str bytes, rest = value;
    uint64_t made;
    if (!str_cut(&rest, ' ', hash) || hash->len != 43 || !base64url_decode(a, *hash, &bytes))
        return false;
    if (rest.len > 0 && !str_to_u64(rest, INT64_MAX, &made))
        return false;
    *hash = arena_copy(a, *hash);
    return true;
}

static bool read_secret_hashes(struct arena *a, const struct entry *e, struct application *app,
                               struct str *why)
{
    const struct attribute *at = entry_attribute(e, "onedoorSecretHash");
    if (!at || app->method == CLIENT_NONE)
        return true;
    if (at->count > SECRETS_MAX) {
        *why = STR("onedoorSecretHash: more than two values");
        return false;
    }
    app->secret_hashes.v = arena_alloc(a, at->count * sizeof *app->secret_hashes.v);
    for (size_t i = 0; app->secret_hashes.v && i < at->count; i++) {
        if (!read_hash(a, at->values[i], &app->secret_hashes.v[i])) {
            *why = STR(
                "onedoorSecretHash: accepted is the base64url of a SHA-256, made by `onedoor app secret`");
            return false;
        }
        app->secret_hashes.n++;
    }
    return true;
}

static bool has_private_scheme(const struct str_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (redirect_is_private(list->v[i]))
            return true;
    return false;
}

static bool has_no_redirect(const struct application *app)
{
    return (app->grants & GRANT_AUTHORIZATION_CODE) && app->redirect_uris.n == 0;
}

static bool refreshes_nothing(const struct application *app)
{
    return (app->grants & GRANT_REFRESH_TOKEN) && !(app->grants & GRANT_AUTHORIZATION_CODE);
}

static bool is_web_with_private_scheme(const struct application *app)
{
    return app->method != CLIENT_NONE &&
           (has_private_scheme(&app->redirect_uris) || has_private_scheme(&app->post_logout_redirect_uris));
}

static bool is_public_with_credentials(const struct application *app)
{
    return app->method == CLIENT_NONE && (app->grants & GRANT_CLIENT_CREDENTIALS);
}

static bool is_public_introspector(const struct application *app)
{
    return app->method == CLIENT_NONE && app->may_introspect;
}

/* What no single setting can tell. */
static const struct {
    bool (*wrong)(const struct application *app);
    const char *why;
} whole_checks[] = {
    {has_no_redirect, "redirect-uri (onedoorRedirectUri): missing; grant=authorization_code needs one"},
    {refreshes_nothing, "grant (onedoorGrantType): refresh_token needs authorization_code beside it"},
    {is_web_with_private_scheme, "redirect-uri (onedoorRedirectUri): a scheme of one's own is for "
                                 "public applications only (method=none)"},
    {is_public_with_credentials, "grant (onedoorGrantType): client_credentials needs a method with a "
                                 "secret (RFC 6749 section 4.4)"},
    {is_public_introspector, "introspection (onedoorIntrospection): needs a method with a secret "
                             "(RFC 7662 section 2.1)"},
};

static bool check_whole(const struct application *app, struct str *why)
{
    for (size_t i = 0; i < sizeof whole_checks / sizeof whole_checks[0]; i++)
        if (whole_checks[i].wrong(app)) {
            *why = str_of(whole_checks[i].why);
            return false;
        }
    return true;
}

static void fill_in(struct application *app)
{
    if (app->name.len == 0)
        app->name = app->client_id;
    if (app->name_zh.len == 0)
        app->name_zh = app->name;
    if (app->description_zh.len == 0)
        app->description_zh = app->description;
}

struct application *application_from_entry(struct arena *a, const struct entry *e, struct str *why)
{
    struct application *app = arena_alloc(a, sizeof *app);
    *why = STR("out of memory");
    if (!app)
        return NULL;
    app->method = CLIENT_SECRET_BASIC;
    app->required_level = AUTHN_LOW;
    app->consent_required = true;
    if (!read_client_id(a, e, app, why) || !settings_read(a, e, app, why))
        return NULL;
    if (app->grants == 0)
        app->grants = GRANT_AUTHORIZATION_CODE;
    if (!read_secret_hashes(a, e, app, why) || !check_whole(app, why))
        return NULL;
    fill_in(app);
    return arena_failed(a) ? NULL : app;
}

bool application_redirect_matches(const struct application *app, struct str redirect_uri)
{
    /* Native applications are public ones (RFC 8252 section 8.4): only they may ask for a port of the moment.
     */
    bool any_port = app->method == CLIENT_NONE;
    for (size_t i = 0; i < app->redirect_uris.n; i++)
        if (redirect_matches(app->redirect_uris.v[i], redirect_uri, any_port))
            return true;
    return false;
}

bool application_logout_redirect_matches(const struct application *app, struct str uri)
{
    for (size_t i = 0; i < app->post_logout_redirect_uris.n; i++)
        if (str_eq(app->post_logout_redirect_uris.v[i], uri))
            return true;
    return false;
}

static bool list_holds_nocase(const struct str_list *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq_nocase(list->v[i], s))
            return true;
    return false;
}

bool application_admits_kind(const struct application *app, struct str kind)
{
    return app->person_kinds.n == 0 || list_holds_nocase(&app->person_kinds, kind);
}
