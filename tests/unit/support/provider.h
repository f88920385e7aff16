/* A whole provider over memory: real keys, real applications, real sessions; and requests as browsers send
 * them. */
#ifndef ONEDOOR_TESTS_PROVIDER_H
#define ONEDOOR_TESTS_PROVIDER_H

#include "tests/unit/certs/fixture.h"
#include "tests/unit/support/memory_directory.h"
#include "tests/unit/support/memory_live.h"
#include "tests/unit/support/memory_store.h"

#include "authn/session.h"
#include "authn/transaction.h"
#include "clients/client_auth.h"
#include "server/oauth/endpoints.h"
#include "server/token/grant.h"

#include <stdio.h>
#include <unistd.h>

#define ISSUER       "https://sso.city.example"
#define PORTAL_URI   "https://portal.example/cb"
#define OFFICE_URI   "https://office.example/cb"
#define LEGACY_URI   "https://legacy.example/.onedoor/callback"
#define RECORDS      "https://records.example/"
#define SECRET       "x7Zq0b1u2v3w4x5y6z7A8B9C0D1E2F3G4H5I6J7K8L9M0N"
#define VERIFIER     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE    "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define AUDIT_FOLDER "/tmp/onedoor-audit-XXXXXX"

typedef void (*endpoint)(void *app, struct request *req, struct response *resp);

struct name_value {
    const char *name, *value;
};
/* An application in the words of its entry, ended by an empty row. */
typedef struct name_value registration[20];

static const registration registrations[] = {
    {{"onedoorClientId", "portal"},
     {"displayName", "Portal"},
     {"onedoorRedirectUri", PORTAL_URI},
     {"onedoorPostLogoutRedirectUri", "https://portal.example/bye"},
     {"onedoorGrantType", "authorization_code"},
     {"onedoorGrantType", "refresh_token"},
     {"onedoorScope", "openid"},
     {"onedoorScope", "profile"},
     {"onedoorScope", "offline_access"},
     {"onedoorAuthMethod", "client_secret_post"},
     {"onedoorMayRequest", RECORDS},
     {"onedoorConsent", "never"},
     {0}},
    {{"onedoorClientId", "office"},
     {"displayName", "Office"},
     {"onedoorRedirectUri", OFFICE_URI},
     {"onedoorGrantType", "authorization_code"},
     {"onedoorScope", "openid"},
     {"onedoorAuthMethod", "client_secret_post"},
     {"onedoorRequiredAcr", "substantial"},
     {"onedoorAccessTokenFormat", "opaque"},
     {"onedoorConsent", "required"},
     {0}},
    {{"onedoorClientId", "spa"},
     {"displayName", "Map"},
     {"onedoorRedirectUri", "https://map.example/cb"},
     {"onedoorGrantType", "authorization_code"},
     {"onedoorScope", "openid"},
     {"onedoorAuthMethod", "none"},
     {"onedoorConsent", "never"},
     {0}},
    {{"onedoorClientId", "robot"},
     {"displayName", "Robot"},
     {"onedoorGrantType", "client_credentials"},
     {"onedoorScope", "records.read"},
     {"onedoorScope", "openid"},
     {"onedoorAuthMethod", "client_secret_post"},
     {"onedoorMayRequest", RECORDS},
     {0}},
    {{"onedoorClientId", "desk"},
     {"displayName", "Desk"},
     {"onedoorRedirectUri", "https://desk.example/cb"},
     {"onedoorGrantType", "authorization_code"},
     {"onedoorScope", "openid"},
     {"onedoorAuthMethod", "client_secret_post"},
     {"onedoorMandates", "TRUE"},
     {"onedoorPermission", "case:submit acr=low"},
     {"onedoorConsent", "never"},
     {0}},
    {{"onedoorClientId", "legacy"},
     {"displayName", "Old application"},
     {"onedoorRedirectUri", LEGACY_URI},
     {"onedoorGrantType", "authorization_code"},
     {"onedoorScope", "openid"},
     {"onedoorScope", "email"},
     {"onedoorAuthMethod", "client_secret_basic"},
     {"onedoorForwardAuth", "TRUE"},
     {"onedoorConsent", "never"},
     {0}},
    {{"onedoorClientId", "records"},
     {"displayName", "Records"},
     {"onedoorGrantType", "client_credentials"},
     {"onedoorAuthMethod", "client_secret_post"},
     {"onedoorResource", RECORDS},
     {"onedoorIntrospection", "TRUE"},
     {0}},
};

/* Everything of one test. */
struct city {
    struct arena *arena;
    struct store store;
    struct directory directory;
    struct live live;
    struct person person;
    struct provider provider;
    char audit_folder[64], audit_file[96];
    struct request req;
    struct response resp;
    struct str cookie; /* of the browser's session; empty: signed out */
    struct str browser;
    struct session *session;
};

static struct city *city;

static inline void add_value(struct entry *e, struct arena *a, const char *name, struct str value)
{
    for (size_t i = 0; i < e->count; i++)
        if (strcmp(e->attributes[i].name, name) == 0) {
            e->attributes[i].values[e->attributes[i].count++] = value;
            return;
        }
    struct attribute *at = &e->attributes[e->count++];
    *at = (struct attribute){name, arena_alloc(a, 8 * sizeof(struct str)), 1};
    at->values[0] = value;
}

static inline void register_applications(struct arena *a, struct entries *out)
{
    struct str hash = sha256_base64url(a, STR(SECRET));
    out->v = arena_alloc(a, COUNT(registrations) * sizeof *out->v);
    for (size_t i = 0; i < COUNT(registrations); i++) {
        struct entry *e = &out->v[out->n++];
        const struct name_value *row = registrations[i];
        e->attributes = arena_alloc(a, 24 * sizeof *e->attributes);
        e->dn = STR("onedoorClientId=x,ou=applications");
        for (; row->name; row++)
            add_value(e, a, row->name, str_of(row->value));
        if (!str_eq(entry_value(e, "onedoorAuthMethod"), STR("none")))
            add_value(e, a, "onedoorSecretHash", hash);
    }
}

/* ES256 alone: an RSA key takes longer to make than all the rest of a test. */
static inline struct keyring *es256_keyring(void)
{
    struct key_set *set = key_set_new(4);
    assert_non_null(set);
    add_key(set, JWS_ES256, 1, KEY_ACTIVE, fixture_time);
    return new_keyring(set);
}

static inline void set_up_provider(struct city *c)
{
    struct provider *p = &c->provider;
    const char *why = "";
    p->config = (struct provider_config){.issuer = STR(ISSUER),
                                         .code_seconds = 60,
                                         .access_token_seconds = 600,
                                         .id_token_seconds = 600,
                                         .refresh_token_seconds = 86400,
                                         .outage_grace_seconds = 300,
                                         .rights_bytes = 4096,
                                         .identity_levels = STR("staff=4 citizen=3")};
    p->store = &c->store;
    p->directory = &c->directory;
    live_begin(&c->live);
    p->live = &c->live;
    p->audit = audit_open(c->audit_file, &why);
    assert_non_null(p->audit);
    p->keyring = es256_keyring();
    p->applications = applications_new(&c->directory);
    assert_int_equal(applications_refresh(p->applications), RESULT_OK);
    p->authn = (struct authn){.config = {.transaction_seconds = 600,
                                         .session_idle_seconds = 900,
                                         .session_absolute_seconds = 36000,
                                         .logout_give_up_seconds = 86400,
                                         .logout_queue = 1000},
                              .directory = &c->directory,
                              .store = &c->store,
                              .audit = p->audit};
}

static inline int city_begin(void **state)
{
    (void)state;
    fixture_time = 1800000000;
    clock_replace(fixture_clock);
    city = calloc(1, sizeof *city);
    assert_non_null(city);
    city->arena = arena_new(FIXTURE_ARENA);
    city->store.away_after = -1;
    city->person = (struct person){.dn = STR("uid=s-1,ou=staff,dc=city"),
                                   .uuid = STR("00000000-0000-0000-0000-000000000001"),
                                   .subject = STR("s-1"),
                                   .kind = STR("staff"),
                                   .display_name = STR("Li Wei")};
    city->directory.person = &city->person;
    register_applications(city->arena, &city->directory.applications);
    strcpy(city->audit_folder, AUDIT_FOLDER);
    assert_non_null(mkdtemp(city->audit_folder));
    snprintf(city->audit_file, sizeof city->audit_file, "%s/audit.log", city->audit_folder);
    set_up_provider(city);
    return 0;
}

static inline int city_end(void **state)
{
    (void)state;
    struct provider *p = &city->provider;
    arena_free(city->arena); /* holds the applications that it has read */
    applications_free(p->applications);
    keyring_close(p->keyring);
    audit_close(p->audit);
    unlink(city->audit_file);
    rmdir(city->audit_folder);
    live_end(&city->live);
    memory_free(&city->store);
    free(city);
    clock_replace(NULL);
    return 0;
}

/* Signs the person in, as the pages do. */
static inline void sign_in(enum authn_level level)
{
    struct str amr = level >= AUTHN_SUBSTANTIAL ? STR("pwd otp") : STR("pwd");
    assert_int_equal(session_start(&city->provider.authn, city->arena, &city->person, level, amr, NULL,
                                   &city->session, &city->cookie),
                     RESULT_OK);
}

/* Where handlers run in the tests that follow. */
static enum run_where place = RUN_DIR;

/* Sends a request; parameters in a query string's form, headers after it. */
static inline void send_request(endpoint to, enum http_method method, const char *path, const char *query,
                                const char *form)
{
    struct arena *a = city->arena;
    city->req = (struct request){.arena = a,
                                 .method = method,
                                 .path = str_of(path),
                                 .query_raw = str_of(query),
                                 .place = place,
                                 .source = STR("192.0.2.1"),
                                 .reference = STR("REFERENCE1"),
                                 .issuer = STR(ISSUER)};
    city->resp = (struct response){.arena = a};
    assert_true(pairs_parse_form(&city->req.query, a, str_of(query)));
    assert_true(pairs_parse_form(&city->req.form, a, str_of(form)));
    if (city->cookie.len > 0)
        pairs_add(&city->req.cookies, a, STR(SESSION_COOKIE), city->cookie);
    if (city->browser.len > 0)
        pairs_add(&city->req.cookies, a, STR(BROWSER_COOKIE), city->browser);
    to(&city->provider, &city->req, &city->resp);
    assert_false(arena_failed(a));
}

static inline void get(endpoint to, const char *query)
{
    send_request(to, HTTP_GET, "/x", query, "");
}

static inline void post(endpoint to, const char *form)
{
    send_request(to, HTTP_POST, "/x", "", form);
}

static inline int status(void)
{
    return city->resp.problem ? city->resp.problem->status : city->resp.status;
}

static inline struct str header(const char *name)
{
    return pairs_get_nocase(&city->resp.headers, name);
}

/* A parameter of the address that the browser is sent to; STR_EMPTY without one. */
static inline struct str sent(const char *name)
{
    struct str rest = header("Location"), address;
    struct pairs list = {0};
    str_cut(&rest, '?', &address);
    assert_true(pairs_parse_form(&list, city->arena, rest));
    return pairs_get(&list, name);
}

static inline bool sent_to(const char *address)
{
    return str_starts(header("Location"), str_of(address));
}

/* A member of the JSON answer. */
static inline struct str told(const char *name)
{
    json_t *body = json_parse(city->arena, city->resp.body);
    assert_non_null(body);
    return json_get_str(body, name);
}

static inline const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline const char *text(const char *format, ...)
{
    char *out = arena_alloc(city->arena, 8192);
    va_list args;
    va_start(args, format);
    vsnprintf(out, 8192, format, args);
    va_end(args);
    return out;
}

/* How often the audit log names the event. */
static inline int audited(const char *event)
{
    char line[2048];
    int n = 0;
    FILE *f = fopen(city->audit_file, "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f))
        n += strstr(line, text("\"%s\"", event)) != NULL;
    fclose(f);
    return n;
}

#endif
