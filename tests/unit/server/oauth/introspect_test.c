/* Introspection and revocation: who may know what, and that an outage is never an answer. */
#include "tests/unit/support/provider.h"

#define PORTAL   "client_id=portal&client_secret=" SECRET
#define OFFICE   "client_id=office&client_secret=" SECRET
#define ROBOT    "client_id=robot&client_secret=" SECRET
#define RECORDER "client_id=records&client_secret=" SECRET

static const char inactive[] = "{\"active\":false}";

/* Tokens of the portal for that audience, in token and again. */
static struct str token, again;

static void give_tokens(const char *client, const char *more)
{
    sign_in(AUTHN_SUBSTANTIAL);
    get(oauth_authorize,
        text("client_id=%s&redirect_uri=%s&response_type=code&scope=openid&code_challenge=" CHALLENGE
             "&code_challenge_method=S256%s",
             client, strcmp(client, "portal") == 0 ? PORTAL_URI : OFFICE_URI, more));
    struct str code = sent("code");
    post(oauth_token,
         text("grant_type=authorization_code&client_id=%s&client_secret=" SECRET "&redirect_uri=%s"
              "&code_verifier=" VERIFIER "&code=" STR_FMT,
              client, strcmp(client, "portal") == 0 ? PORTAL_URI : OFFICE_URI, STR_ARG(code)));
    assert_int_equal(status(), 200);
    token = told("access_token");
    again = told("refresh_token");
}

static void introspect(const char *caller, struct str what)
{
    post(oauth_introspect, text("%s&token=" STR_FMT, caller, STR_ARG(what)));
}

static bool is_active(const char *caller, struct str what)
{
    introspect(caller, what);
    assert_int_equal(status(), 200);
    bool active = json_is_true(json_object_get(json_parse(city->arena, city->resp.body), "active"));
    if (!active)
        assert_str(city->resp.body, inactive);
    return active;
}

static void give_back(const char *caller, struct str what)
{
    post(oauth_revoke, text("%s&token=" STR_FMT, caller, STR_ARG(what)));
}

static void the_caller_is_known_before_the_token_is_looked_at(void **state)
{
    (void)state;
    unsigned before = city->store.operations;
    introspect("client_id=portal&client_secret=wrong", STR("x"));
    assert_int_equal(status(), 401);
    introspect("client_id=spa", STR("x"));
    assert_int_equal(status(), 401);
    post(oauth_introspect, "token=x");
    assert_int_equal(status(), 401);
    assert_int_equal(city->store.operations, before);
    post(oauth_introspect, PORTAL);
    assert_int_equal(status(), 400);
    send_request(oauth_introspect, HTTP_POST, "/introspect", "token=x", PORTAL);
    assert_int_equal(status(), 400);
}

static void the_application_and_the_resource_may_know(void **state)
{
    (void)state;
    give_tokens("portal", "&resource=" RECORDS);
    assert_true(is_active(PORTAL, token));
    assert_true(is_active(RECORDER, token));
    assert_str(told("aud"), RECORDS);
    assert_str(told("client_id"), "portal");
    assert_str(told("sub"), "s-1");
    assert_str(told("token_type"), "Bearer");
    assert_str(told("iss"), ISSUER);
    assert_str(told("acr"), "substantial");
    assert_int_equal(told("username").len, 0); /* nobody asked for the profile */
}

static void whoever_has_no_business_with_it_sees_what_is_seen_of_nothing(void **state)
{
    (void)state;
    give_tokens("portal", "");
    assert_false(is_active(RECORDER, token));
    assert_false(is_active(OFFICE, token));
    assert_false(is_active(ROBOT, token));
    assert_false(is_active(OFFICE, again));
    assert_false(is_active(PORTAL, STR("random")));
    assert_false(is_active(PORTAL, STR("odr_random")));
    assert_false(is_active(PORTAL, STR("oda_random")));
    assert_false(is_active(PORTAL, STR("a.b.c")));
    assert_false(is_active(PORTAL, str_sub(token, 0, token.len - 1)));
}

static void a_token_is_inactive_from_the_second_it_expires(void **state)
{
    (void)state;
    give_tokens("portal", "");
    fixture_time += 599;
    assert_true(is_active(PORTAL, token));
    fixture_time += 1;
    assert_false(is_active(PORTAL, token));
}

static void a_jwt_takes_one_round_trip(void **state)
{
    (void)state;
    give_tokens("portal", "");
    unsigned before = city->store.round_trips;
    assert_true(is_active(PORTAL, token));
    assert_int_equal(city->store.round_trips - before, 1);
}

static void a_refresh_token_is_known_to_its_holder(void **state)
{
    (void)state;
    give_tokens("portal", "");
    assert_true(is_active(PORTAL, again));
    assert_str(told("client_id"), "portal");
    assert_false(is_active(RECORDER, again));
    assert_int_equal(session_end(&city->provider.authn, city->arena, city->session->sid), RESULT_OK);
    assert_false(is_active(PORTAL, again));
    assert_false(is_active(PORTAL, token));
}

static void a_disabled_applications_tokens_are_inactive(void **state)
{
    (void)state;
    give_tokens("portal", "&resource=" RECORDS);
    struct entry *portal = &city->directory.applications.v[0];
    add_value(portal, city->arena, "onedoorDisabled", STR("TRUE"));
    assert_int_equal(applications_refresh(city->provider.applications), RESULT_OK);
    assert_false(is_active(RECORDER, token));
}

static void an_outage_is_503_and_never_inactive(void **state)
{
    (void)state;
    give_tokens("portal", "");
    city->store.away_after = 0;
    introspect(PORTAL, token);
    assert_int_equal(status(), 503);
    introspect(PORTAL, again);
    assert_int_equal(status(), 503);
    introspect(PORTAL, STR("oda_random"));
    assert_int_equal(status(), 503);
}

static void a_revoked_access_token_is_inactive_at_once_and_alone(void **state)
{
    (void)state;
    give_tokens("portal", "");
    give_back(PORTAL, token);
    assert_int_equal(status(), 200);
    assert_false(is_active(PORTAL, token));
    assert_true(is_active(PORTAL, again));
    assert_int_equal(audited("token_revoked"), 1);
}

static void a_revoked_refresh_token_takes_its_family_along(void **state)
{
    (void)state;
    give_tokens("portal", "");
    give_back(PORTAL, again);
    assert_int_equal(status(), 200);
    assert_false(is_active(PORTAL, token));
    assert_false(is_active(PORTAL, again));
}

static void nobody_revokes_what_is_anothers(void **state)
{
    (void)state;
    give_tokens("portal", "");
    give_back(OFFICE, token);
    assert_int_equal(status(), 200);
    give_back("client_id=spa", again);
    assert_int_equal(status(), 200);
    give_back(PORTAL, STR("unknown"));
    assert_int_equal(status(), 200);
    assert_true(is_active(PORTAL, token));
    assert_true(is_active(PORTAL, again));
    give_back("client_id=portal&client_secret=wrong", token);
    assert_int_equal(status(), 401);
}

static void revoking_without_the_store_is_503(void **state)
{
    (void)state;
    give_tokens("portal", "");
    for (int i = 0; i < 2; i++) {
        city->store.away_after = i;
        give_back(PORTAL, again);
        assert_int_equal(status(), 503);
    }
    city->store.away_after = -1;
    assert_true(is_active(PORTAL, again));
}

static void an_opaque_token_holds_as_a_jwt_does(void **state)
{
    (void)state;
    struct str consent = STR("office openid");
    struct attribute at = {"onedoorConsentGiven", &consent, 1};
    city->directory.account = (struct entry){STR("x"), &at, 1};
    give_tokens("office", "");
    assert_true(str_starts(token, STR("oda_")));
    assert_int_equal(again.len, 0);
    assert_true(is_active(OFFICE, token));
    give_back(OFFICE, token);
    assert_false(is_active(OFFICE, token));
}

/* As the server that hears of it notes it. */
static void note(bool disabled)
{
    city->person.disabled = disabled;
    assert_int_equal(notice_person(&city->provider.authn, city->arena, &city->person), RESULT_OK);
}

static void who_is_disabled_has_no_active_token_and_never_gets_it_back(void **state)
{
    (void)state;
    give_tokens("portal", "");
    struct str before = token, before_again = again;
    note(true);
    assert_false(is_active(PORTAL, before));
    assert_false(is_active(PORTAL, before_again));
    fixture_time += 10;
    note(false);
    assert_false(is_active(PORTAL, before));
    assert_false(is_active(PORTAL, before_again));
    give_tokens("portal", "");
    assert_true(is_active(PORTAL, token));
    assert_false(is_active(PORTAL, before));
}

static void what_is_told_of_the_person_is_the_news(void **state)
{
    (void)state;
    give_tokens("portal", "");
    city->person.organisation = city->person.organisations = STR("330102/D0077");
    city->person.kind = STR("citizen");
    note(false);
    assert_true(is_active(PORTAL, token));
    json_t *body = json_parse(city->arena, city->resp.body);
    assert_str(json_get_str(json_object_get(body, "org"), "primary"), "330102/D0077");
    int64_t level;
    assert_true(json_get_int(body, "identity_level", &level));
    assert_int_equal(level, 3);
}

/* The feed had to begin anew: who left meanwhile is found out by asking, once. */
static void who_may_have_left_unheard_is_asked_for(void **state)
{
    (void)state;
    give_tokens("portal", "");
    struct str kept = token;
    fixture_time += 10;
    city->live.unsure_before = fixture_time;
    city->directory.away = true;
    introspect(PORTAL, kept);
    assert_int_equal(status(), 503);
    city->directory.away = false;
    assert_true(is_active(PORTAL, kept));
    city->directory.away = true;
    assert_true(is_active(PORTAL, kept)); /* what was asked is noted */
    city->directory.away = false;
    fixture_time += 10;
    city->live.unsure_before = fixture_time;
    city->directory.person = NULL;
    assert_false(is_active(PORTAL, kept));
    city->directory.person = &city->person;
    assert_false(is_active(PORTAL, kept));
}

static void who_is_another_subject_by_now_is_nobody_that_the_token_was_given_to(void **state)
{
    (void)state;
    give_tokens("portal", "");
    fixture_time += 10;
    city->live.unsure_before = fixture_time;
    city->person.subject = STR("s-2");
    assert_false(is_active(PORTAL, token));
}

static void where_one_may_not_wait_for_the_directory_the_request_moves_on(void **state)
{
    (void)state;
    give_tokens("portal", "");
    fixture_time += 10;
    city->live.unsure_before = fixture_time;
    city->directory.person = NULL;
    place = RUN_QUICK;
    introspect(PORTAL, token);
    assert_int_equal(city->req.wanted, RUN_DIR);
    place = RUN_DIR;
    assert_false(is_active(PORTAL, token));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(the_caller_is_known_before_the_token_is_looked_at),
        TEST(the_application_and_the_resource_may_know),
        TEST(whoever_has_no_business_with_it_sees_what_is_seen_of_nothing),
        TEST(a_token_is_inactive_from_the_second_it_expires),
        TEST(a_jwt_takes_one_round_trip),
        TEST(a_refresh_token_is_known_to_its_holder),
        TEST(a_disabled_applications_tokens_are_inactive),
        TEST(an_outage_is_503_and_never_inactive),
        TEST(a_revoked_access_token_is_inactive_at_once_and_alone),
        TEST(a_revoked_refresh_token_takes_its_family_along),
        TEST(nobody_revokes_what_is_anothers),
        TEST(revoking_without_the_store_is_503),
        TEST(an_opaque_token_holds_as_a_jwt_does),
        TEST(who_is_disabled_has_no_active_token_and_never_gets_it_back),
        TEST(what_is_told_of_the_person_is_the_news),
        TEST(who_may_have_left_unheard_is_asked_for),
        TEST(who_is_another_subject_by_now_is_nobody_that_the_token_was_given_to),
        TEST(where_one_may_not_wait_for_the_directory_the_request_moves_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
