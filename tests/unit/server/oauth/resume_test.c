/* Coming back from signing in and from the consent page. */
#include "server/base/random.h"
#include "tests/unit/support/provider.h"

#define PKCE   "&code_challenge=" CHALLENGE "&code_challenge_method=S256"
#define PORTAL "client_id=portal&redirect_uri=" PORTAL_URI "&response_type=code&scope=openid&state=s" PKCE
#define OFFICE "client_id=office&redirect_uri=" OFFICE_URI "&response_type=code&scope=openid&state=s" PKCE

static struct str txn;

/* Begins a sign-in; the browser keeps its cookie. */
static void begin(const char *query)
{
    get(oauth_authorize, query);
    assert_true(sent_to("/signin?t="));
    txn = sent("t");
    struct str cookie = header("Set-Cookie"), value = STR_EMPTY;
    str_cut(&cookie, '=', &value);
    str_cut(&cookie, ';', &value);
    if (value.len > 0)
        city->browser = value;
}

static struct transaction *stored(void)
{
    struct transaction *t;
    assert_int_equal(transaction_find(&city->provider.authn, city->arena, txn, city->browser, &t), RESULT_OK);
    return t;
}

/* What authn/flow leaves behind when the person has signed in. */
static void finish_sign_in(enum authn_level level)
{
    sign_in(level);
    struct transaction *t = stored();
    t->sid = city->session->sid;
    assert_int_equal(transaction_save(&city->provider.authn, city->arena, t), RESULT_OK);
}

static void come_back(void)
{
    get(oauth_authorize_resume, text("t=" STR_FMT, STR_ARG(txn)));
}

static void after_signing_in_the_application_gets_its_code(void **state)
{
    (void)state;
    begin(PORTAL);
    finish_sign_in(AUTHN_LOW);
    come_back();
    assert_true(sent_to(PORTAL_URI "?code=odc_"));
    assert_str(sent("state"), "s");
    assert_str(sent("iss"), ISSUER);
}

/* The end of the sign-in itself: its transaction is not stored as it is by now. */
static struct transaction *unsaved;

static void end_sign_in(void *app, struct request *req, struct response *resp)
{
    oauth_signed_in(app, req, resp, unsaved, city->session);
}

static void sign_in_to_the_end(enum authn_level level)
{
    sign_in(level);
    unsaved = stored();
    unsaved->sid = city->session->sid;
    get(end_sign_in, "");
}

static void who_is_asked_nothing_more_gets_the_code_at_once_and_once(void **state)
{
    (void)state;
    begin(PORTAL);
    sign_in_to_the_end(AUTHN_LOW);
    assert_true(sent_to(PORTAL_URI "?code=odc_"));
    assert_str(sent("state"), "s");
    get(end_sign_in, "");
    assert_int_equal(status(), 403);
    come_back();
    assert_int_equal(status(), 403);
}

static void who_is_asked_more_is_signed_in_when_they_answer(void **state)
{
    (void)state;
    begin(OFFICE);
    sign_in_to_the_end(AUTHN_SUBSTANTIAL);
    assert_true(sent_to("/consent?t="));
    assert_true(str_eq(stored()->sid, city->session->sid));
}

static void a_page_that_posts_itself_never_answers_credentials(void **state)
{
    (void)state;
    begin(PORTAL "&response_mode=form_post");
    sign_in_to_the_end(AUTHN_LOW);
    assert_true(sent_to("/authorize/resume?t="));
    come_back();
    assert_int_equal(status(), 200);
}

static void pressing_twice_gives_one_code(void **state)
{
    (void)state;
    begin(PORTAL);
    finish_sign_in(AUTHN_LOW);
    come_back();
    assert_int_equal(status(), 303);
    come_back();
    assert_int_equal(status(), 403);
    assert_int_equal(memory_count(&city->store, STORE_CODE), 1);
}

static void what_the_later_request_says_does_not_count(void **state)
{
    (void)state;
    begin(PORTAL);
    finish_sign_in(AUTHN_LOW);
    get(oauth_authorize_resume,
        text("t=" STR_FMT "&redirect_uri=https://evil.example/&client_id=office&state=other", STR_ARG(txn)));
    assert_true(sent_to(PORTAL_URI "?code="));
    assert_str(sent("state"), "s");
}

static void another_browser_cannot_finish_it(void **state)
{
    (void)state;
    begin(PORTAL);
    finish_sign_in(AUTHN_LOW);
    city->browser = STR_EMPTY;
    come_back();
    assert_int_equal(status(), 403);
    city->browser = random_token(city->arena, 32);
    come_back();
    assert_int_equal(status(), 403);
    assert_int_equal(header("Location").len, 0);
}

static void unfinished_signing_in_goes_back_to_it(void **state)
{
    (void)state;
    begin(PORTAL);
    come_back();
    assert_true(sent_to("/signin?t="));
    assert_int_equal(memory_count(&city->store, STORE_CODE), 0);
}

static void a_session_other_than_the_finished_one_does_not_do(void **state)
{
    (void)state;
    begin(PORTAL);
    finish_sign_in(AUTHN_LOW);
    sign_in(AUTHN_SUBSTANTIAL);
    come_back();
    assert_int_equal(status(), 403);
    city->cookie = STR_EMPTY;
    come_back();
    assert_int_equal(status(), 403);
}

static void signing_in_again_needs_a_new_auth_time(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    struct str old = city->cookie, sid = city->session->sid;
    fixture_time += 10;
    begin(PORTAL "&prompt=login");
    assert_true(stored()->reauthenticate);
    struct transaction *t = stored();
    t->sid = sid; /* were the flow to take the old session */
    assert_int_equal(transaction_save(&city->provider.authn, city->arena, t), RESULT_OK);
    city->cookie = old;
    come_back();
    assert_str(sent("error"), "login_required");

    begin(PORTAL "&prompt=login&max_age=1");
    finish_sign_in(AUTHN_LOW);
    fixture_time += 60; /* reading the consent page, say */
    come_back();
    assert_true(sent("code").len > 0);
}

static void a_session_weaker_than_asked_does_not_do(void **state)
{
    (void)state;
    begin(OFFICE);
    finish_sign_in(AUTHN_LOW);
    come_back();
    assert_true(sent_to(OFFICE_URI "?"));
    assert_str(sent("error"), "login_required");
}

static void consent_is_asked_once_and_taken(void **state)
{
    (void)state;
    begin(OFFICE);
    finish_sign_in(AUTHN_SUBSTANTIAL);
    come_back();
    assert_true(sent_to("/consent?t="));
    struct transaction *t = stored();
    t->consent_done = true;
    assert_int_equal(transaction_save(&city->provider.authn, city->arena, t), RESULT_OK);
    come_back();
    assert_true(sent_to(OFFICE_URI "?code="));
}

static void consent_denied_is_access_denied(void **state)
{
    (void)state;
    begin(OFFICE);
    finish_sign_in(AUTHN_SUBSTANTIAL);
    struct transaction *t = stored();
    t->denied = true;
    assert_int_equal(transaction_save(&city->provider.authn, city->arena, t), RESULT_OK);
    come_back();
    assert_str(sent("error"), "access_denied");
    assert_str(sent("state"), "s");
    come_back();
    assert_int_equal(status(), 403);
}

static void remembered_consent_is_not_asked_again(void **state)
{
    (void)state;
    struct str consent = STR("office openid");
    struct attribute at = {"onedoorConsentGiven", &consent, 1};
    city->directory.account = (struct entry){STR("x"), &at, 1};
    sign_in(AUTHN_SUBSTANTIAL);
    get(oauth_authorize, OFFICE);
    assert_true(sent_to(OFFICE_URI "?code="));
    get(oauth_authorize, OFFICE "&prompt=consent");
    assert_true(sent_to("/signin?t="));
}

static void an_application_withdrawn_meanwhile_gets_nothing(void **state)
{
    (void)state;
    begin(PORTAL);
    finish_sign_in(AUTHN_LOW);
    city->directory.applications.n = 0;
    assert_int_equal(applications_refresh(city->provider.applications), RESULT_OK);
    come_back();
    assert_int_equal(status(), 400);
    assert_int_equal(header("Location").len, 0);
}

static void a_store_away_is_503_and_the_way_stays_open(void **state)
{
    (void)state;
    begin(PORTAL);
    finish_sign_in(AUTHN_LOW);
    city->store.away_after = 0;
    come_back();
    assert_int_equal(status(), 503);
    city->store.away_after = -1;
    come_back();
    assert_true(sent("code").len > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(after_signing_in_the_application_gets_its_code),
        TEST(who_is_asked_nothing_more_gets_the_code_at_once_and_once),
        TEST(who_is_asked_more_is_signed_in_when_they_answer),
        TEST(a_page_that_posts_itself_never_answers_credentials),
        TEST(pressing_twice_gives_one_code),
        TEST(what_the_later_request_says_does_not_count),
        TEST(another_browser_cannot_finish_it),
        TEST(unfinished_signing_in_goes_back_to_it),
        TEST(a_session_other_than_the_finished_one_does_not_do),
        TEST(signing_in_again_needs_a_new_auth_time),
        TEST(a_session_weaker_than_asked_does_not_do),
        TEST(consent_is_asked_once_and_taken),
        TEST(consent_denied_is_access_denied),
        TEST(remembered_consent_is_not_asked_again),
        TEST(an_application_withdrawn_meanwhile_gets_nothing),
        TEST(a_store_away_is_503_and_the_way_stays_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
