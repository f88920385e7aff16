#include "tests/unit/support/provider.h"

static struct str new_token(const char *scope, const char *more)
{
    sign_in(AUTHN_LOW);
    get(oauth_authorize,
        text("client_id=portal&redirect_uri=" PORTAL_URI
             "&response_type=code&scope=%s%s&code_challenge=" CHALLENGE "&code_challenge_method=S256",
             scope, more));
    post(oauth_token, text("grant_type=authorization_code&client_id=portal&client_secret=" SECRET
                           "&redirect_uri=" PORTAL_URI "&code_verifier=" VERIFIER "&code=" STR_FMT,
                           STR_ARG(sent("code"))));
    return told("access_token");
}

/* `authorization` may be empty. */
static void ask(struct str authorization, const char *query, const char *form)
{
    struct arena *a = city->arena;
    city->req =
        (struct request){.arena = a, .method = HTTP_POST, .path = STR("/userinfo"), .issuer = STR(ISSUER)};
    city->resp = (struct response){.arena = a};
    assert_true(pairs_parse_form(&city->req.query, a, str_of(query)));
    assert_true(pairs_parse_form(&city->req.form, a, str_of(form)));
    if (authorization.len > 0)
        assert_true(pairs_add(&city->req.headers, a, STR("Authorization"), authorization));
    oauth_userinfo(&city->provider, &city->req, &city->resp);
}

static struct str bearer(struct str token)
{
    return arena_join(city->arena, (struct str[]){STR("Bearer "), token}, 2);
}

static void assert_refused(int expected, const char *error)
{
    assert_int_equal(status(), expected);
    assert_str(told("error"), error);
    assert_true(str_starts(header("WWW-Authenticate"), STR("Bearer ")));
}

static void the_scopes_say_what_is_released(void **state)
{
    (void)state;
    ask(bearer(new_token("openid%20profile", "")), "", "");
    assert_int_equal(status(), 200);
    assert_str(told("sub"), "s-1");
    assert_str(told("name"), "Li Wei");
    ask(STR_EMPTY, "", text("access_token=" STR_FMT, STR_ARG(new_token("openid", ""))));
    assert_int_equal(status(), 200);
    assert_str(told("sub"), "s-1");
    assert_int_equal(told("name").len, 0);
}

static void a_token_stands_in_one_place_and_not_in_the_address(void **state)
{
    (void)state;
    struct str token = new_token("openid", "");
    const char *parameter = text("access_token=" STR_FMT, STR_ARG(token));
    ask(STR_EMPTY, parameter, "");
    assert_refused(400, "invalid_request");
    ask(bearer(token), parameter, "");
    assert_refused(400, "invalid_request");
    ask(bearer(token), "", parameter);
    assert_refused(400, "invalid_request");
    ask(STR("Basic eDp5"), "", "");
    assert_refused(400, "invalid_request");
}

static void without_a_token_only_the_scheme_is_named(void **state)
{
    (void)state;
    ask(STR_EMPTY, "", "");
    assert_int_equal(status(), 401);
    assert_str(header("WWW-Authenticate"), "Bearer realm=\"onedoor\"");
}

static void a_token_for_another_resource_or_without_openid_is_refused(void **state)
{
    (void)state;
    ask(bearer(new_token("openid", "&resource=" RECORDS)), "", "");
    assert_refused(401, "invalid_token");
    ask(bearer(new_token("profile", "")), "", "");
    assert_refused(403, "insufficient_scope");
    ask(bearer(STR("random")), "", "");
    assert_refused(401, "invalid_token");
}

static void the_directory_is_asked_at_every_call(void **state)
{
    (void)state;
    struct str token = new_token("openid%20profile", "");
    city->person.display_name = STR("Li Wei-Zhang");
    ask(bearer(token), "", "");
    assert_str(told("name"), "Li Wei-Zhang");
    city->person.disabled = true;
    ask(bearer(token), "", "");
    assert_refused(401, "invalid_token");
}

static void an_outage_is_503(void **state)
{
    (void)state;
    struct str token = new_token("openid", "");
    city->store.away_after = 0;
    ask(bearer(token), "", "");
    assert_int_equal(status(), 503);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(the_scopes_say_what_is_released),
        TEST(a_token_stands_in_one_place_and_not_in_the_address),
        TEST(without_a_token_only_the_scheme_is_named),
        TEST(a_token_for_another_resource_or_without_openid_is_refused),
        TEST(the_directory_is_asked_at_every_call),
        TEST(an_outage_is_503),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
