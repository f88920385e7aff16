/* The token endpoint and what its tokens are worth afterwards. */
#include "certs/jws.h"
#include "tests/unit/support/provider.h"

#define PKCE   "&code_challenge=" CHALLENGE "&code_challenge_method=S256"
#define PORTAL "client_id=portal&client_secret=" SECRET
#define OFFICE "client_id=office&client_secret=" SECRET
#define ROBOT  "client_id=robot&client_secret=" SECRET

/* A code for the portal, as the authorization endpoint gives it to somebody signed in. */
static struct str new_code(const char *scope, const char *more)
{
    if (city->cookie.len == 0)
        sign_in(AUTHN_LOW);
    get(oauth_authorize,
        text("client_id=portal&redirect_uri=" PORTAL_URI "&response_type=code&nonce=n&scope=%s%s" PKCE, scope,
             more));
    assert_true(sent("code").len > 0);
    return sent("code");
}

static void redeem_with(const char *client, struct str code, const char *rest)
{
    post(oauth_token,
         text("grant_type=authorization_code&%s&code=" STR_FMT "%s", client, STR_ARG(code), rest));
}

#define RIGHT "&redirect_uri=" PORTAL_URI "&code_verifier=" VERIFIER

static void redeem(struct str code)
{
    redeem_with(PORTAL, code, RIGHT);
}

static void refresh_with(const char *client, struct str token, const char *more)
{
    post(oauth_token,
         text("grant_type=refresh_token&%s&refresh_token=" STR_FMT "%s", client, STR_ARG(token), more));
}

static void refresh(struct str token)
{
    refresh_with(PORTAL, token, "");
}

static void assert_error(int expected, const char *code)
{
    assert_int_equal(status(), expected);
    assert_str(told("error"), code);
}

static json_t *claims_of(struct str token, const char *typ)
{
    json_t *claims;
    assert_int_equal(jws_verify(city->provider.keyring, city->arena, token, typ, &claims), RESULT_OK);
    return claims;
}

static bool is_active(struct str token)
{
    struct response kept = city->resp;
    post(oauth_introspect, text(PORTAL "&token=" STR_FMT, STR_ARG(token)));
    assert_int_equal(city->resp.status, 200);
    bool active = !str_eq(city->resp.body, STR("{\"active\":false}"));
    city->resp = kept;
    return active;
}

static void a_code_gives_the_three_tokens(void **state)
{
    (void)state;
    redeem(new_code("openid%20profile", ""));
    assert_int_equal(status(), 200);
    assert_str(told("token_type"), "Bearer");
    assert_str(told("scope"), "openid profile");
    json_t *access = claims_of(told("access_token"), "at+jwt"), *id = claims_of(told("id_token"), "JWT");
    assert_str(json_get_str(access, "iss"), ISSUER);
    assert_str(json_get_str(access, "aud"), "portal");
    assert_str(json_get_str(access, "client_id"), "portal");
    assert_str(json_get_str(access, "sub"), "s-1");
    assert_str(json_get_str(access, "acr"), "low");
    int64_t level = 0;
    assert_true(json_get_int(access, "identity_level", &level) && level == 4);
    assert_true(json_get_int(access, "authn_level", &level) && level == 1);
    assert_true(json_is_array(json_object_get(access, "amr")));
    assert_true(str_eq(json_get_str(access, "sid"), city->session->sid));
    assert_str(json_get_str(id, "aud"), "portal");
    assert_str(json_get_str(id, "nonce"), "n");
    assert_int_equal(json_get_str(id, "at_hash").len, 22);
    assert_true(str_starts(told("refresh_token"), STR("odr_")));
    assert_true(is_active(told("access_token")));
    assert_int_equal(audited("token_issued"), 1);
}

static void without_openid_there_is_no_id_token(void **state)
{
    (void)state;
    redeem(new_code("profile", ""));
    assert_int_equal(status(), 200);
    assert_int_equal(told("id_token").len, 0);
}

static void a_code_twice_ends_what_it_gave(void **state)
{
    (void)state;
    struct str code = new_code("openid", "");
    redeem(code);
    struct str access = told("access_token"), again = told("refresh_token");
    assert_true(is_active(access));
    redeem(code);
    assert_error(400, "invalid_grant");
    assert_false(is_active(access));
    refresh(again);
    assert_error(400, "invalid_grant");
    assert_int_equal(audited("code_reused"), 1);
    assert_int_equal(audited("token_issued"), 1);
}

static void a_code_replayed_after_its_time_still_ends_what_it_gave(void **state)
{
    (void)state;
    struct str code = new_code("openid", "");
    redeem(code);
    struct str access = told("access_token");
    fixture_time += 300;
    assert_true(is_active(access));
    redeem(code);
    assert_error(400, "invalid_grant");
    assert_false(is_active(access));
}

static void a_wrong_attempt_does_not_burn_the_code(void **state)
{
    (void)state;
    struct str code = new_code("openid", "");
    static const char *const wrong[] = {
        "",
        "&redirect_uri=" PORTAL_URI,
        "&code_verifier=" VERIFIER,
        "&redirect_uri=" PORTAL_URI "/&code_verifier=" VERIFIER,
        "&redirect_uri=" PORTAL_URI "&code_verifier=" CHALLENGE,
        "&redirect_uri=" PORTAL_URI "&code_verifier=short",
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        redeem_with(PORTAL, code, wrong[i]);
        assert_error(400, "invalid_grant");
    }
    redeem_with(OFFICE, code, RIGHT);
    assert_error(400, "invalid_grant");
    redeem_with("client_id=spa", code, RIGHT);
    assert_error(400, "invalid_grant");
    redeem(code);
    assert_int_equal(status(), 200);
}

static void a_late_code_is_worth_nothing(void **state)
{
    (void)state;
    struct str code = new_code("openid", "");
    fixture_time += 61;
    redeem(code);
    assert_error(400, "invalid_grant");
}

static void a_code_dies_with_the_session(void **state)
{
    (void)state;
    struct str code = new_code("openid", "");
    assert_int_equal(session_end(&city->provider.authn, city->arena, city->session->sid), RESULT_OK);
    redeem(code);
    assert_error(400, "invalid_grant");
}

static void refreshing_rotates_and_a_spent_token_ends_the_family(void **state)
{
    (void)state;
    redeem(new_code("openid", ""));
    struct str first = told("refresh_token");
    refresh(first);
    assert_int_equal(status(), 200);
    struct str second = told("refresh_token"), access = told("access_token");
    assert_false(str_eq(first, second));
    assert_int_equal(json_get_str(claims_of(told("id_token"), "JWT"), "nonce").len, 0);
    refresh(first);
    assert_error(400, "invalid_grant");
    assert_int_equal(audited("refresh_reused"), 1);
    assert_false(is_active(access));
    refresh(second);
    assert_error(400, "invalid_grant");
}

static void a_refresh_token_is_its_applications_alone(void **state)
{
    (void)state;
    redeem(new_code("openid", ""));
    struct str token = told("refresh_token");
    refresh_with(OFFICE, token, "");
    assert_error(400, "unauthorized_client");
    refresh(token);
    assert_int_equal(status(), 200);
}

static void scope_gets_narrower_never_wider(void **state)
{
    (void)state;
    redeem(new_code("openid%20profile", ""));
    struct str token = told("refresh_token");
    refresh_with(PORTAL, token, "&scope=openid%20offline_access");
    assert_error(400, "invalid_scope");
    refresh_with(PORTAL, token, "&scope=profile");
    assert_str(told("scope"), "profile");
    assert_int_equal(told("id_token").len, 0);
    refresh(told("refresh_token"));
    assert_str(told("scope"), "openid profile");
}

static void a_disabled_account_refreshes_no_more(void **state)
{
    (void)state;
    redeem(new_code("openid%20offline_access", ""));
    struct str token = told("refresh_token"), access = told("access_token");
    city->person.disabled = true;
    refresh(token);
    assert_error(400, "invalid_grant");
    assert_false(is_active(access));
    city->person.disabled = false;
    refresh(token);
    assert_error(400, "invalid_grant");
}

static void only_an_offline_grant_outlives_its_session(void **state)
{
    (void)state;
    redeem(new_code("openid", ""));
    struct str bound = told("refresh_token"), bound_access = told("access_token");
    redeem(new_code("openid%20offline_access", ""));
    struct str offline = told("refresh_token"), offline_access = told("access_token");
    assert_int_equal(session_end(&city->provider.authn, city->arena, city->session->sid), RESULT_OK);
    assert_false(is_active(bound_access));
    assert_true(is_active(offline_access));
    refresh(bound);
    assert_error(400, "invalid_grant");
    refresh(offline);
    assert_int_equal(status(), 200);
    city->person.disabled = true; /* with no session left to be ended for it */
    refresh(told("refresh_token"));
    assert_error(400, "invalid_grant");
}

/* Nobody waits for the directory twice in one sign-in, as long as its feed would have told of a change. */
static void the_end_of_a_sign_in_asks_the_directory_only_without_its_feed(void **state)
{
    (void)state;
    city->provider.config.outage_grace_seconds = -1;
    city->provider.authn.live = &city->live;
    struct str first = new_code("openid", ""), second = new_code("openid", "");
    city->directory.away = true;
    redeem(first);
    assert_int_equal(status(), 200);
    refresh(told("refresh_token"));
    assert_int_equal(status(), 503);
    city->live.silent = true;
    redeem(second);
    assert_int_equal(status(), 503);
}

static void an_offline_grant_survives_the_directory_for_its_grace(void **state)
{
    (void)state;
    redeem(new_code("openid%20offline_access", ""));
    struct str token = told("refresh_token");
    assert_int_equal(session_end(&city->provider.authn, city->arena, city->session->sid), RESULT_OK);
    city->directory.away = true;
    refresh(token);
    assert_int_equal(status(), 200);
    token = told("refresh_token");
    fixture_time += 301;
    refresh(token);
    assert_int_equal(status(), 503);
    city->directory.away = false;
    refresh(token);
    assert_int_equal(status(), 200);
}

static void rotation_does_not_make_a_family_older_than_a_first_token(void **state)
{
    (void)state;
    redeem(new_code("openid%20offline_access", ""));
    for (int i = 0; i < 3; i++) {
        fixture_time += 28000;
        refresh(told("refresh_token"));
        assert_int_equal(status(), 200);
    }
    struct str access = told("access_token"), last = told("refresh_token");
    fixture_time += 500;
    assert_true(is_active(access)); /* the grant outlives its last access token */
    fixture_time += 86400 - 3 * 28000 - 500;
    refresh(last);
    assert_error(400, "invalid_grant");
}

static void one_kind_of_token_is_not_taken_in_anothers_place(void **state)
{
    (void)state;
    redeem(new_code("openid", ""));
    struct str access = told("access_token"), id = told("id_token"), again = told("refresh_token");
    struct str code = new_code("openid", "");
    refresh(id);
    assert_error(400, "invalid_grant");
    refresh(access);
    assert_error(400, "invalid_grant");
    refresh(code);
    assert_error(400, "invalid_grant");
    redeem(again);
    assert_error(400, "invalid_grant");
    redeem(access);
    assert_error(400, "invalid_grant");
    assert_false(is_active(id));
    assert_false(is_active(code));
}

static void a_resource_is_the_audience(void **state)
{
    (void)state;
    struct str code = new_code("openid", "&resource=" RECORDS);
    redeem_with(PORTAL, code, RIGHT "&resource=https://else.example/");
    assert_error(400, "invalid_target");
    redeem(code);
    assert_str(json_get_str(claims_of(told("access_token"), "at+jwt"), "aud"), RECORDS);
    refresh(told("refresh_token"));
    assert_str(json_get_str(claims_of(told("access_token"), "at+jwt"), "aud"), RECORDS);
    redeem_with(PORTAL, new_code("openid", ""), RIGHT "&resource=" RECORDS);
    assert_str(json_get_str(claims_of(told("access_token"), "at+jwt"), "aud"), RECORDS);
    redeem_with(PORTAL, new_code("openid", ""), RIGHT "&resource=https://else.example/");
    assert_error(400, "invalid_target");
}

static void a_service_gets_a_token_of_its_own_and_no_more(void **state)
{
    (void)state;
    post(oauth_token, "grant_type=client_credentials&" ROBOT "&scope=records.read&resource=" RECORDS);
    assert_int_equal(status(), 200);
    json_t *claims = claims_of(told("access_token"), "at+jwt");
    assert_str(json_get_str(claims, "sub"), "robot");
    assert_str(json_get_str(claims, "aud"), RECORDS);
    assert_null(json_object_get(claims, "sid"));
    assert_null(json_object_get(claims, "acr"));
    assert_int_equal(told("refresh_token").len, 0);
    assert_int_equal(told("id_token").len, 0);
    post(oauth_token, "grant_type=client_credentials&" ROBOT);
    assert_str(json_get_str(claims_of(told("access_token"), "at+jwt"), "aud"), "robot");
    post(oauth_token, "grant_type=client_credentials&" ROBOT "&scope=openid");
    assert_error(400, "invalid_scope");
    post(oauth_token, "grant_type=client_credentials&" ROBOT "&scope=records.write");
    assert_error(400, "invalid_scope");
    post(oauth_token, "grant_type=client_credentials&" ROBOT "&resource=https://else.example/");
    assert_error(400, "invalid_target");
    post(oauth_token, "grant_type=client_credentials&" PORTAL);
    assert_error(400, "unauthorized_client");
}

static void who_asks_and_how_comes_first(void **state)
{
    (void)state;
    post(oauth_token, "grant_type=client_credentials&client_id=robot&client_secret=wrong");
    assert_error(401, "invalid_client");
    assert_true(str_starts(header("WWW-Authenticate"), STR("Basic")));
    struct str body = city->resp.body;
    post(oauth_token, "grant_type=client_credentials&client_id=nobody&client_secret=wrong");
    assert_error(401, "invalid_client");
    assert_true(str_eq(city->resp.body, body));
    assert_int_equal(audited("client_refused"), 2);
    send_request(oauth_token, HTTP_POST, "/token", "grant_type=client_credentials", ROBOT);
    assert_error(400, "invalid_request");
    post(oauth_token, ROBOT);
    assert_error(400, "invalid_request");
    post(oauth_token, ROBOT "&grant_type=password");
    assert_error(400, "unsupported_grant_type");
    post(oauth_token, PORTAL "&grant_type=authorization_code");
    assert_error(400, "invalid_request");
}

/* Whichever operation fails, nothing is given out, and the same code works when the store is back. */
static void a_store_that_goes_away_loses_nothing(void **state)
{
    (void)state;
    struct str code = new_code("openid", "");
    int i = 0;
    for (city->store.away_after = 0; i < 20; city->store.away_after = ++i) {
        redeem(code);
        if (status() == 200)
            break;
        assert_int_equal(status(), 503);
    }
    assert_true(i >= 6 && i < 20);
    city->store.away_after = -1;
    assert_true(is_active(told("access_token")));
    struct str token = told("refresh_token");
    city->store.away_after = 3;
    refresh(token);
    assert_int_equal(status(), 503);
    city->store.away_after = -1;
    refresh(token);
    assert_int_equal(status(), 200);
}

static void a_full_disk_gives_no_token_and_burns_nothing(void **state)
{
    (void)state;
    struct str code = new_code("openid", "");
    const char *why;
    struct audit *kept = city->provider.audit;
    city->provider.audit = audit_open("/dev/full", &why);
    redeem(code);
    assert_int_equal(status(), 503);
    post(oauth_token, "grant_type=client_credentials&" ROBOT);
    assert_int_equal(status(), 503);
    audit_close(city->provider.audit);
    city->provider.audit = kept;
    redeem(code);
    assert_int_equal(status(), 200);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(a_code_gives_the_three_tokens),
        TEST(without_openid_there_is_no_id_token),
        TEST(a_code_twice_ends_what_it_gave),
        TEST(a_code_replayed_after_its_time_still_ends_what_it_gave),
        TEST(a_wrong_attempt_does_not_burn_the_code),
        TEST(a_late_code_is_worth_nothing),
        TEST(a_code_dies_with_the_session),
        TEST(refreshing_rotates_and_a_spent_token_ends_the_family),
        TEST(a_refresh_token_is_its_applications_alone),
        TEST(scope_gets_narrower_never_wider),
        TEST(a_disabled_account_refreshes_no_more),
        TEST(only_an_offline_grant_outlives_its_session),
        TEST(the_end_of_a_sign_in_asks_the_directory_only_without_its_feed),
        TEST(an_offline_grant_survives_the_directory_for_its_grace),
        TEST(rotation_does_not_make_a_family_older_than_a_first_token),
        TEST(one_kind_of_token_is_not_taken_in_anothers_place),
        TEST(a_resource_is_the_audience),
        TEST(a_service_gets_a_token_of_its_own_and_no_more),
        TEST(who_asks_and_how_comes_first),
        TEST(a_store_that_goes_away_loses_nothing),
        TEST(a_full_disk_gives_no_token_and_burns_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
