/* What the authorization endpoint answers, request by request. */
#include "tests/unit/support/provider.h"

#define PKCE   "&code_challenge=" CHALLENGE "&code_challenge_method=S256"
#define CLIENT "client_id=portal&redirect_uri=" PORTAL_URI
#define WHOLE  CLIENT "&response_type=code&scope=openid&state=st%22%3C&nonce=n" PKCE
#define OFFICE "client_id=office&redirect_uri=" OFFICE_URI "&response_type=code&scope=openid&state=s" PKCE

static void ask(const char *query)
{
    get(oauth_authorize, query);
}

/* An error in the address of the application, with what every answer bears. */
static void assert_error(const char *expected)
{
    assert_int_equal(status(), 303);
    assert_true(sent_to(PORTAL_URI "?"));
    assert_str(sent("error"), expected);
    assert_str(sent("iss"), ISSUER);
    assert_str(sent("state"), "st\"<");
    assert_int_equal(sent("code").len, 0);
}

static void assert_page(const char *problem)
{
    assert_int_equal(status(), 400);
    assert_string_equal(city->resp.view, "error");
    assert_str(json_get_str(city->resp.view_data, "problem"), problem);
    assert_int_equal(header("Location").len, 0);
}

static void an_unknown_application_gets_a_page(void **state)
{
    (void)state;
    ask("client_id=nobody&redirect_uri=https://evil.example/&response_type=token&state=x");
    assert_page("unknown_client");
    ask("redirect_uri=" PORTAL_URI);
    assert_page("unknown_client");
}

static void a_redirect_uri_that_differs_in_one_byte_gets_a_page(void **state)
{
    (void)state;
    static const char *const uris[] = {"",
                                       "https://portal.example/cb/",
                                       "https://portal.example/cB",
                                       "https://portal.example/cb%3Ffoo=bar",
                                       "https://portal.example/%2563b",
                                       "https://portal.example/a/../cb",
                                       "https://u@portal.example/cb",
                                       "https://portal.example:444/cb",
                                       "http://portal.example/cb",
                                       "javascript:alert(1)",
                                       "https://portal.example/cb%23",
                                       NULL};
    for (size_t i = 0; i < COUNT(uris) - 1; i++) {
        ask(text("client_id=portal&redirect_uri=%s&response_type=code&scope=openid" PKCE, uris[i]));
        assert_page("invalid_redirect_uri");
    }
    ask("client_id=portal&response_type=code&scope=openid" PKCE);
    assert_page("invalid_redirect_uri");
}

/* What is wrong, and what it is called, with everything else right. */
static void whatever_else_is_wrong_is_told_to_the_application(void **state)
{
    (void)state;
    static const struct name_value wrong[] = {
        {"response_type=code&response_mode=fragment" PKCE, "invalid_request"},
        {"response_type=code&request=x" PKCE, "request_not_supported"},
        {"response_type=code&request_uri=https://evil.example/" PKCE, "request_uri_not_supported"},
        {"response_type=code&registration=x" PKCE, "registration_not_supported"},
        {"scope=openid" PKCE, "invalid_request"},
        {"response_type=token" PKCE, "unsupported_response_type"},
        {"response_type=code%20id_token" PKCE, "unsupported_response_type"},
        {"response_type=id_token" PKCE, "unsupported_response_type"},
        {"response_type=code", "invalid_request"},
        {"response_type=code&code_challenge=" CHALLENGE, "invalid_request"},
        {"response_type=code&code_challenge_method=plain&code_challenge=" VERIFIER, "invalid_request"},
        {"response_type=code&code_challenge_method=S256&code_challenge=short", "invalid_request"},
        {"response_type=code&scope=openid%20admin" PKCE, "invalid_scope"},
        {"response_type=code&resource=https://else.example/" PKCE, "invalid_target"},
        {"response_type=code&resource=" RECORDS "%23x" PKCE, "invalid_target"},
        {"response_type=code&prompt=none%20login" PKCE, "invalid_request"},
        {"response_type=code&prompt=create" PKCE, "invalid_request"},
        {"response_type=code&max_age=-1" PKCE, "invalid_request"},
        {"response_type=code&max_age=1e3" PKCE, "invalid_request"},
        {"response_type=code&acr_values=high" PKCE, "unmet_authentication_requirements"},
        {"response_type=code&id_token_hint=x.y.z" PKCE, "invalid_request"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        ask(text(CLIENT "&state=st%%22%%3C&%s", wrong[i].name));
        assert_error(wrong[i].value);
    }
}

static void state_and_nonce_have_their_limits(void **state)
{
    (void)state;
    char many[514] = {0};
    memset(many, 'x', 513);
    ask(text(CLIENT "&response_type=code" PKCE "&state=%s", many));
    assert_str(sent("error"), "invalid_request");
    assert_int_equal(sent("state").len, 0);
    ask(text(CLIENT "&response_type=code&state=st%%22%%3C" PKCE "&nonce=%s", many));
    assert_error("invalid_request");
    many[512] = 0;
    sign_in(AUTHN_LOW);
    ask(text(CLIENT "&response_type=code" PKCE "&state=%s&nonce=%s", many, many));
    assert_str(sent("state"), many);
    assert_true(sent("code").len > 0);
}

static void offline_access_needs_refresh_tokens(void **state)
{
    (void)state;
    sign_in(AUTHN_SUBSTANTIAL);
    ask(CLIENT "&response_type=code&scope=openid%20offline_access" PKCE);
    assert_true(sent("code").len > 0);
    ask("client_id=spa&redirect_uri=https://map.example/"
        "cb&response_type=code&scope=openid%20offline_access" PKCE);
    assert_str(sent("error"), "invalid_scope");
}

static void nobody_signed_in_is_sent_to_sign_in_with_the_request_stored(void **state)
{
    (void)state;
    ask(WHOLE);
    assert_true(sent_to("/signin?t="));
    assert_true(str_starts(header("Set-Cookie"), STR(BROWSER_COOKIE "=")));
    assert_int_equal(memory_count(&city->store, STORE_TRANSACTION), 1);
    assert_int_equal(memory_count(&city->store, STORE_CODE), 0);
}

static void a_session_that_suffices_gives_a_code_at_once(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    ask(WHOLE);
    assert_true(sent_to(PORTAL_URI "?code=odc_"));
    assert_str(sent("iss"), ISSUER);
    assert_str(sent("state"), "st\"<");
    assert_int_equal(memory_count(&city->store, STORE_TRANSACTION), 0);
    assert_int_equal(audited("code_issued"), 1);
}

static void the_form_post_mode_answers_with_a_form(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    ask(WHOLE "&response_mode=form_post");
    assert_int_equal(status(), 200);
    assert_string_equal(city->resp.view, "form_post");
    assert_str(json_get_str(city->resp.view_data, "action"), PORTAL_URI);
    assert_int_equal(json_array_size(json_object_get(city->resp.view_data, "fields")), 3);
    assert_str(city->resp.form_targets, "https://portal.example");
    ask(CLIENT "&response_mode=form_post&state=s&response_type=token");
    assert_string_equal(city->resp.view, "form_post");
}

static void prompt_none_never_shows_a_page(void **state)
{
    (void)state;
    ask(WHOLE "&prompt=none");
    assert_error("login_required");
    sign_in(AUTHN_LOW);
    ask(WHOLE "&prompt=none");
    assert_true(sent("code").len > 0);
    ask(OFFICE "&prompt=none");
    assert_str(sent("error"), "login_required");
    sign_in(AUTHN_SUBSTANTIAL);
    ask(OFFICE "&prompt=none");
    assert_str(sent("error"), "consent_required");
}

static void a_session_too_weak_or_too_old_does_not_do(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    ask(OFFICE);
    assert_true(sent_to("/signin?t="));
    ask(WHOLE "&prompt=login");
    assert_true(sent_to("/signin?t="));
    ask(WHOLE "&max_age=0");
    assert_true(sent_to("/signin?t="));
    ask(WHOLE "&acr_values=x%20substantial%20low");
    assert_true(sent_to("/signin?t="));
    ask(WHOLE "&acr_values=low%20substantial&max_age=100");
    assert_true(sent("code").len > 0);
    fixture_time += 101;
    ask(WHOLE "&max_age=100");
    assert_true(sent_to("/signin?t="));
}

static void an_impossible_wish_yields_to_a_possible_one(void **state)
{
    (void)state;
    sign_in(AUTHN_SUBSTANTIAL);
    ask(WHOLE "&acr_values=high%20substantial");
    assert_true(sent("code").len > 0);
}

static void a_disabled_person_is_signed_out_by_the_next_application(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    city->person.disabled = true;
    ask(WHOLE "&prompt=none");
    assert_error("login_required");
    assert_int_equal(memory_count(&city->store, STORE_SESSION), 0);
}

static void a_directory_away_is_survived_for_its_grace_only(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    city->directory.away = true;
    ask(WHOLE);
    assert_true(sent("code").len > 0);
    fixture_time += 301;
    ask(WHOLE);
    assert_int_equal(status(), 503);
    assert_int_equal(header("Location").len, 0);
}

static void a_store_away_is_503_and_grants_nothing(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    int i = 0;
    for (city->store.away_after = 0; i < 10; city->store.away_after = ++i) {
        ask(WHOLE);
        if (status() == 303)
            break;
        assert_int_equal(status(), 503);
        assert_int_equal(header("Location").len, 0);
    }
    assert_true(i >= 4 && i < 10); /* every operation on the way was the one that failed */
    assert_true(sent("code").len > 0);
}

static void a_full_disk_grants_nothing(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    const char *why;
    audit_close(city->provider.audit);
    city->provider.audit = audit_open("/dev/full", &why);
    assert_non_null(city->provider.audit);
    ask(WHOLE);
    assert_int_equal(status(), 503);
    assert_int_equal(header("Location").len, 0);
}

static void looking_with_head_gives_no_code(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    send_request(oauth_authorize, HTTP_HEAD, "/authorize", WHOLE, "");
    assert_int_equal(status(), 405);
    assert_int_equal(memory_count(&city->store, STORE_CODE), 0);
}

static void a_form_of_another_site_is_asked_again_with_our_cookies(void **state)
{
    (void)state;
    struct arena *a = city->arena;
    city->req =
        (struct request){.arena = a, .method = HTTP_POST, .path = STR("/authorize"), .issuer = STR(ISSUER)};
    city->resp = (struct response){.arena = a};
    assert_true(pairs_parse_form(&city->req.form, a, STR(WHOLE)));
    assert_true(pairs_add(&city->req.headers, a, STR("Origin"), STR("https://portal.example")));
    oauth_authorize(&city->provider, &city->req, &city->resp);
    assert_int_equal(status(), 303);
    assert_true(sent_to("/authorize?client_id=portal&redirect_uri=https%3A%2F%2Fportal.example%2Fcb&"));
    assert_str(sent("state"), "st\"<");
    post(oauth_authorize, WHOLE "&prompt=none");
    assert_error("login_required");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(an_unknown_application_gets_a_page),
        TEST(a_redirect_uri_that_differs_in_one_byte_gets_a_page),
        TEST(whatever_else_is_wrong_is_told_to_the_application),
        TEST(state_and_nonce_have_their_limits),
        TEST(offline_access_needs_refresh_tokens),
        TEST(nobody_signed_in_is_sent_to_sign_in_with_the_request_stored),
        TEST(a_session_that_suffices_gives_a_code_at_once),
        TEST(the_form_post_mode_answers_with_a_form),
        TEST(prompt_none_never_shows_a_page),
        TEST(a_session_too_weak_or_too_old_does_not_do),
        TEST(an_impossible_wish_yields_to_a_possible_one),
        TEST(a_disabled_person_is_signed_out_by_the_next_application),
        TEST(a_directory_away_is_survived_for_its_grace_only),
        TEST(a_store_away_is_503_and_grants_nothing),
        TEST(a_full_disk_grants_nothing),
        TEST(looking_with_head_gives_no_code),
        TEST(a_form_of_another_site_is_asked_again_with_our_cookies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
