#include "clients/application.h"

#include "entry_support.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HASH "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE"

static int setup(void **state)
{
    *state = arena_new(1 << 20);
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static struct application *read_application(struct arena *a, const char *id, const char *const *pairs,
                                            struct str *why)
{
    struct entry e = entry_of(a, id, pairs);
    return application_from_entry(a, &e, why);
}

static void an_entry_becomes_an_application(void **state)
{
    struct arena *a = *state;
    struct str why;
    const struct application *app = read_application(
        a, "portal",
        PAIRS("displayName", "Portal", "displayName;lang-zh", "门户", "onedoorRedirectUri",
              "https://a.example/cb", "onedoorRedirectUri", "https://b.example/cb",
              "onedoorPostLogoutRedirectUri", "https://a.example/out", "onedoorGrantType",
              "authorization_code", "onedoorGrantType", "refresh_token", "onedoorScope", "openid",
              "onedoorScope", "profile", "onedoorScope", "openid", "onedoorAuthMethod", "client_secret_post",
              "onedoorSecretHash", HASH " 1700000000", "onedoorRequiredAcr", "substantial",
              "onedoorAccessTokenFormat", "opaque", "onedoorAccessTokenAlg", "RS256", "onedoorIdTokenAlg",
              "ES256", "onedoorAccessTokenSeconds", "300", "onedoorRefreshTokenSeconds", "86400",
              "onedoorResource", "https://api.example/", "onedoorMayRequest", "urn:x:y", "onedoorConsent",
              "never", "onedoorHomeUri", "https://a.example/", "onedoorPersonKind", "staff",
              "onedoorIntrospection", "TRUE"),
        &why);
    assert_non_null(app);
    assert_true(str_eq(app->client_id, STR("portal")));
    assert_true(str_eq(app->name_zh, STR("门户")));
    assert_int_equal(app->redirect_uris.n, 2);
    assert_true(str_eq(app->redirect_uris.v[1], STR("https://b.example/cb")));
    assert_int_equal(app->grants, GRANT_AUTHORIZATION_CODE | GRANT_REFRESH_TOKEN);
    assert_true(str_eq(app->scopes, STR("openid profile")));
    assert_int_equal(app->method, CLIENT_SECRET_POST);
    assert_int_equal(app->secret_hashes.n, 1);
    assert_true(str_eq(app->secret_hashes.v[0], STR(HASH)));
    assert_int_equal(app->required_level, AUTHN_SUBSTANTIAL);
    assert_true(app->opaque_tokens);
    assert_int_equal(app->access_token_alg, JWS_RS256);
    assert_int_equal(app->access_token_seconds, 300);
    assert_true(str_eq(app->may_request, STR("urn:x:y")));
    assert_false(app->consent_required);
    assert_true(app->may_introspect);
    assert_false(app->disabled);
}

static void what_is_not_said_is_the_cautious_thing(void **state)
{
    struct str why;
    const struct application *app =
        read_application(*state, "x", PAIRS("onedoorRedirectUri", "https://a.example/cb"), &why);
    assert_non_null(app);
    assert_true(str_eq(app->name, STR("x")));
    assert_true(str_eq(app->name_zh, STR("x")));
    assert_int_equal(app->grants, GRANT_AUTHORIZATION_CODE);
    assert_int_equal(app->method, CLIENT_SECRET_BASIC);
    assert_int_equal(app->secret_hashes.n, 0);
    assert_int_equal(app->required_level, AUTHN_LOW);
    assert_true(app->consent_required);
    assert_false(app->may_introspect);
    assert_false(app->opaque_tokens);
}

static void an_invalid_value_is_refused_by_name(void **state)
{
    static const struct {
        const char *attribute, *value, *named;
    } bad[] = {
        {"displayName", "a\nb", "name (displayName)"},
        {"displayName", "", "name (displayName)"},
        {"displayName",
         "a\xE2\x80\xAE"
         "b",
         "name (displayName)"},
        {"onedoorRedirectUri", "https://a.example/*", "byte for byte"},
        {"onedoorRedirectUri", "javascript:alert(1)", "redirect-uri (onedoorRedirectUri)"},
        {"onedoorRedirectUri", "https://a.example/#x", "has a fragment"},
        {"onedoorRedirectUri", "org.example.app:/cb", "method=none"},
        {"onedoorPostLogoutRedirectUri", "data:text/html,x", "post-logout-redirect-uri"},
        {"onedoorGrantType", "implicit", "authorization_code, refresh_token or client_credentials"},
        {"onedoorGrantType", "password", "grant (onedoorGrantType)"},
        {"onedoorScope", "open id", "scope (onedoorScope)"},
        {"onedoorScope", "a\"b", "scope (onedoorScope)"},
        {"onedoorAuthMethod", "private_key_jwt", "method (onedoorAuthMethod)"},
        {"onedoorRequiredAcr", "2", "low, substantial or high"},
        {"onedoorAccessTokenFormat", "JWT", "jwt or opaque"},
        {"onedoorAccessTokenAlg", "none", "ES256 or RS256"},
        {"onedoorIdTokenAlg", "HS256", "id-token-alg"},
        {"onedoorRequiredIdentity", "0", "1 to 5"},
        {"onedoorRequiredIdentity", "6", "1 to 5"},
        {"onedoorAccessTokenSeconds", "29", "30 to 86400"},
        {"onedoorAccessTokenSeconds", "86401", "30 to 86400"},
        {"onedoorAccessTokenSeconds", "-5", "30 to 86400"},
        {"onedoorRefreshTokenSeconds", "1e9", "60 to 31536000"},
        {"onedoorResource", "https://a.example/#f", "resource (onedoorResource)"},
        {"onedoorMayRequest", "two words:x", "may-request"},
        {"onedoorConsent", "sometimes", "required or never"},
        {"onedoorHomeUri", "javascript:alert(1)", "home-uri"},
        {"onedoorPolicyUri", "org.example.app:/x", "policy-uri"},
        {"onedoorAllowedGroup", "staff", "allowed-group"},
        {"onedoorAllowedGroup", "cn=a, dc=b", "space behind a comma"},
        {"onedoorDisabled", "yes", "TRUE or FALSE"},
        {"onedoorIntrospection", "1", "TRUE or FALSE"},
        {"onedoorSecretHash", "secret", "onedoorSecretHash"},
        {"onedoorSecretHash", HASH " x", "onedoorSecretHash"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct arena *a = arena_new(1 << 20);
        struct str why = STR_EMPTY;
        struct entry e = entry_of(a, "x", PAIRS("onedoorRedirectUri", "https://a.example/cb"));
        entry_put(a, &e, bad[i].attribute, bad[i].value);
        if (application_from_entry(a, &e, &why))
            fail_msg("%s=%s is accepted", bad[i].attribute, bad[i].value);
        assert_non_null(why.p);
        if (!strstr(why.p, bad[i].named))
            fail_msg("%s is not named in: %s", bad[i].named, why.p);
        arena_free(a);
    }
    (void)state;
}

static void a_single_setting_given_twice_is_refused(void **state)
{
    struct str why;
    assert_null(read_application(*state, "x",
                                 PAIRS("onedoorRedirectUri", "https://a.example/cb", "onedoorDisabled",
                                       "TRUE", "onedoorDisabled", "FALSE"),
                                 &why));
    assert_non_null(strstr(why.p, "1 at most"));
}

static void too_many_values_are_refused(void **state)
{
    struct str why;
    struct entry e = entry_of(*state, "x", NULL);
    for (int i = 0; i < 257; i++)
        entry_put(*state, &e, "onedoorRedirectUri", "https://a.example/cb");
    assert_null(application_from_entry(*state, &e, &why));
    assert_non_null(strstr(why.p, "256 at most"));
}

static void a_client_id_has_no_character_that_separates_anything(void **state)
{
    static const char *const bad[] = {"", "a b", "a,b", "a=b", "a/b", "-a", ".a", "a\"", "ä", "a:b"};
    struct str why;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(
            read_application(*state, bad[i], PAIRS("onedoorRedirectUri", "https://a.example/"), &why));
    char longest[66];
    memset(longest, 'a', 65);
    longest[65] = '\0';
    assert_null(read_application(*state, longest, PAIRS("onedoorRedirectUri", "https://a.example/"), &why));
    longest[64] = '\0';
    assert_non_null(
        read_application(*state, longest, PAIRS("onedoorRedirectUri", "https://a.example/"), &why));
}

static void settings_that_contradict_each_other_are_refused(void **state)
{
    struct str why;
    assert_null(read_application(*state, "x", PAIRS("onedoorGrantType", "authorization_code"), &why));
    assert_non_null(strstr(why.p, "redirect-uri"));
    assert_null(read_application(
        *state, "x", PAIRS("onedoorGrantType", "client_credentials", "onedoorGrantType", "refresh_token"),
        &why));
    assert_null(read_application(
        *state, "x", PAIRS("onedoorGrantType", "client_credentials", "onedoorAuthMethod", "none"), &why));
    assert_null(read_application(*state, "x",
                                 PAIRS("onedoorRedirectUri", "https://a.example/cb", "onedoorAuthMethod",
                                       "none", "onedoorIntrospection", "TRUE"),
                                 &why));
    assert_non_null(strstr(why.p, "RFC 7662"));
}

static void a_public_application_may_have_a_scheme_and_any_loopback_port(void **state)
{
    struct str why;
    const struct application *app =
        read_application(*state, "app",
                         PAIRS("onedoorAuthMethod", "none", "onedoorRedirectUri", "org.example.app:/cb",
                               "onedoorRedirectUri", "http://127.0.0.1/cb", "onedoorSecretHash", HASH),
                         &why);
    assert_non_null(app);
    assert_int_equal(app->secret_hashes.n, 0);
    assert_true(application_redirect_matches(app, STR("org.example.app:/cb")));
    assert_true(application_redirect_matches(app, STR("http://127.0.0.1:50123/cb")));
    assert_false(application_redirect_matches(app, STR("http://127.0.0.1:50123/cb/")));
}

static void a_confidential_application_has_its_very_port(void **state)
{
    struct str why;
    const struct application *app =
        read_application(*state, "app", PAIRS("onedoorRedirectUri", "http://127.0.0.1:7000/cb"), &why);
    assert_non_null(app);
    assert_true(application_redirect_matches(app, STR("http://127.0.0.1:7000/cb")));
    assert_false(application_redirect_matches(app, STR("http://127.0.0.1:7001/cb")));
    assert_false(application_redirect_matches(app, STR_EMPTY));
}

static void sign_out_goes_to_registered_addresses_only(void **state)
{
    struct str why;
    const struct application *app =
        read_application(*state, "app",
                         PAIRS("onedoorRedirectUri", "https://a.example/cb", "onedoorPostLogoutRedirectUri",
                               "https://a.example/out"),
                         &why);
    assert_true(application_logout_redirect_matches(app, STR("https://a.example/out")));
    assert_false(application_logout_redirect_matches(app, STR("https://a.example/cb")));
    assert_false(application_logout_redirect_matches(app, STR("https://a.example/out/")));
}

static void the_kind_says_who_is_admitted(void **state)
{
    struct str why;
    const struct application *everybody =
        read_application(*state, "a", PAIRS("onedoorRedirectUri", "https://a.example/cb"), &why);
    const struct application *clerks = read_application(
        *state, "b", PAIRS("onedoorRedirectUri", "https://a.example/cb", "onedoorPersonKind", "staff"), &why);
    assert_true(application_admits_kind(everybody, STR("citizen")));
    assert_true(application_admits_kind(everybody, STR_EMPTY));
    assert_true(application_admits_kind(clerks, STR("staff")));
    assert_false(application_admits_kind(clerks, STR("citizen")));
    assert_false(application_admits_kind(clerks, STR_EMPTY));
}

static void a_full_arena_gives_no_half_application(void **state)
{
    struct arena *big = *state;
    struct entry e = entry_of(big, "x", PAIRS("onedoorRedirectUri", "https://a.example/cb"));
    for (size_t size = 0; size < 2000; size += 64) {
        struct arena *a = arena_new(size);
        struct str why;
        const struct application *app = application_from_entry(a, &e, &why);
        assert_true(!app || str_eq(app->name_zh, STR("x")));
        arena_free(a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_entry_becomes_an_application, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_said_is_the_cautious_thing, setup, teardown),
        cmocka_unit_test(an_invalid_value_is_refused_by_name),
        cmocka_unit_test_setup_teardown(a_single_setting_given_twice_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_values_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_client_id_has_no_character_that_separates_anything, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(settings_that_contradict_each_other_are_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_public_application_may_have_a_scheme_and_any_loopback_port, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_confidential_application_has_its_very_port, setup, teardown),
        cmocka_unit_test_setup_teardown(sign_out_goes_to_registered_addresses_only, setup, teardown),
        cmocka_unit_test_setup_teardown(the_kind_says_who_is_admitted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_full_arena_gives_no_half_application, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
