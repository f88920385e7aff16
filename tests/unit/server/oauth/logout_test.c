#include "tests/unit/support/provider.h"

#define BYE "https://portal.example/bye"

/* An ID token of the portal for the session of this browser. */
static struct str new_hint(void)
{
    sign_in(AUTHN_LOW);
    get(oauth_authorize,
        "client_id=portal&redirect_uri=" PORTAL_URI
        "&response_type=code&scope=openid&code_challenge=" CHALLENGE "&code_challenge_method=S256");
    post(oauth_token, text("grant_type=authorization_code&client_id=portal&client_secret=" SECRET
                           "&redirect_uri=" PORTAL_URI "&code_verifier=" VERIFIER "&code=" STR_FMT,
                           STR_ARG(sent("code"))));
    return told("id_token");
}

static void leave(struct str hint, const char *more)
{
    get(oauth_logout, text("id_token_hint=" STR_FMT "%s", STR_ARG(hint), more));
}

static bool is_signed_in(void)
{
    return memory_count(&city->store, STORE_SESSION) > 0;
}

static void assert_page(const char *view)
{
    assert_int_equal(status(), 200);
    assert_string_equal(city->resp.view, view);
    assert_int_equal(header("Location").len, 0);
}

static void its_own_hint_signs_out_and_sends_on(void **state)
{
    (void)state;
    leave(new_hint(), "&post_logout_redirect_uri=" BYE "&state=a%22b");
    assert_int_equal(status(), 303);
    assert_str(header("Location"), BYE "?state=a%22b");
    assert_true(str_starts(header("Set-Cookie"), STR(SESSION_COOKIE "=; ")));
    assert_false(is_signed_in());
    assert_int_equal(audited("sign_out"), 1);
}

static void an_address_that_is_not_registered_is_never_gone_to(void **state)
{
    (void)state;
    leave(new_hint(), "&post_logout_redirect_uri=" BYE "/");
    assert_page("signed_out");
    assert_false(is_signed_in());
    leave(new_hint(), "&post_logout_redirect_uri=" PORTAL_URI);
    assert_page("signed_out");
}

static void an_expired_hint_still_names_its_session(void **state)
{
    (void)state;
    struct str hint = new_hint();
    fixture_time += 700;
    leave(hint, "&post_logout_redirect_uri=" BYE);
    assert_str(header("Location"), BYE);
}

static void a_foreign_hint_only_asks_and_sends_nowhere(void **state)
{
    (void)state;
    struct str foreign = new_hint();
    sign_in(AUTHN_LOW); /* somebody else's session, for the hint */
    leave(foreign, "&post_logout_redirect_uri=" BYE);
    assert_page("signout");
    assert_int_equal(json_get_str(city->resp.view_data, "post_logout_redirect_uri").len, 0);
    assert_true(is_signed_in());
}

static void an_altered_hint_only_asks_and_sends_nowhere(void **state)
{
    (void)state;
    struct str hint = new_hint();
    leave(str_sub(hint, 0, hint.len - 2), "&client_id=portal&post_logout_redirect_uri=" BYE);
    assert_page("signout");
    assert_int_equal(json_get_str(city->resp.view_data, "post_logout_redirect_uri").len, 0);
    leave(hint, "&client_id=office&post_logout_redirect_uri=" BYE);
    assert_page("signout");
    assert_true(is_signed_in());
    city->cookie = STR_EMPTY;
    leave(str_sub(hint, 0, hint.len - 2), "&post_logout_redirect_uri=" BYE);
    assert_page("signed_out");
}

static void without_a_hint_the_person_is_asked(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    get(oauth_logout, "client_id=portal&state=s&post_logout_redirect_uri=" BYE);
    assert_page("signout");
    assert_str(json_get_str(city->resp.view_data, "post_logout_redirect_uri"), BYE);
    assert_str(city->resp.form_targets, "https://portal.example");
    struct str csrf = json_get_str(city->resp.view_data, "csrf");
    post(oauth_logout, "client_id=portal&post_logout_redirect_uri=" BYE "&csrf=wrong");
    assert_int_equal(status(), 403);
    assert_true(is_signed_in());
    post(oauth_logout,
         text("client_id=portal&state=s&post_logout_redirect_uri=" BYE "&csrf=" STR_FMT, STR_ARG(csrf)));
    assert_str(header("Location"), BYE "?state=s");
    assert_false(is_signed_in());
}

static void another_sites_form_does_not_confirm(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    struct arena *a = city->arena;
    city->req =
        (struct request){.arena = a, .method = HTTP_POST, .path = STR("/logout"), .issuer = STR(ISSUER)};
    city->resp = (struct response){.arena = a};
    pairs_add(&city->req.form, a, STR("csrf"), city->session->csrf);
    pairs_add(&city->req.cookies, a, STR(SESSION_COOKIE), city->cookie);
    pairs_add(&city->req.headers, a, STR("Origin"), STR("https://evil.example"));
    oauth_logout(&city->provider, &city->req, &city->resp);
    assert_int_equal(status(), 403);
    assert_true(is_signed_in());
}

static void nobody_signed_in_is_sent_on_by_a_valid_hint_only(void **state)
{
    (void)state;
    struct str hint = new_hint();
    city->cookie = STR_EMPTY;
    leave(hint, "&post_logout_redirect_uri=" BYE);
    assert_str(header("Location"), BYE);
    get(oauth_logout, "client_id=portal&post_logout_redirect_uri=" BYE);
    assert_page("signed_out");
    post(oauth_logout, "client_id=portal&csrf=x&post_logout_redirect_uri=" BYE);
    assert_page("signed_out");
}

static void signed_out_is_said_only_when_it_is_true(void **state)
{
    (void)state;
    struct str hint = new_hint();
    for (int i = 0; i < 2; i++) {
        city->store.away_after = i;
        leave(hint, "&post_logout_redirect_uri=" BYE);
        assert_int_equal(status(), 503);
        assert_int_equal(header("Location").len, 0);
        assert_int_equal(header("Set-Cookie").len, 0);
    }
    city->store.away_after = -1;
    assert_true(is_signed_in());
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(its_own_hint_signs_out_and_sends_on),
        TEST(an_address_that_is_not_registered_is_never_gone_to),
        TEST(an_expired_hint_still_names_its_session),
        TEST(a_foreign_hint_only_asks_and_sends_nowhere),
        TEST(an_altered_hint_only_asks_and_sends_nowhere),
        TEST(without_a_hint_the_person_is_asked),
        TEST(another_sites_form_does_not_confirm),
        TEST(nobody_signed_in_is_sent_on_by_a_valid_hint_only),
        TEST(signed_out_is_said_only_when_it_is_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
