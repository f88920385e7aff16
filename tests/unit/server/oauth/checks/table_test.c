/* The order of the checks is the security argument, so it is written down a second time. */
#include "server/oauth/checks/checks.h"

#include "tests/unit/support/provider.h"

static size_t place_of(const char *name)
{
    for (size_t i = 0; i < authorization_check_count; i++)
        if (strcmp(authorization_checks[i].name, name) == 0)
            return i;
    fail_msg("no check is called %s", name);
    return 0;
}

static void nothing_is_sent_before_client_and_redirect_uri_are_sure(void **state)
{
    (void)state;
    assert_int_equal(place_of("client"), 0);
    assert_int_equal(place_of("redirect_uri"), 1);
}

static void later_errors_find_state_and_response_mode(void **state)
{
    (void)state;
    assert_int_equal(place_of("state"), 2);
    assert_int_equal(place_of("response_mode"), 3);
}

static void only_one_check_sets_where_answers_go(void **state)
{
    (void)state;
    struct authorization az = {.p = &city->provider, .arena = city->arena};
    static const struct application app = {.grants = GRANT_AUTHORIZATION_CODE};
    az.app = &app;
    pairs_add(&az.asked, city->arena, STR("redirect_uri"), STR("https://evil.example/"));
    for (size_t i = 1; i < authorization_check_count; i++) {
        (void)authorization_checks[i].run(&az);
        assert_int_equal(az.redirect_uri.len, 0);
    }
}

static void every_parameter_of_the_table_is_kept_and_no_other(void **state)
{
    (void)state;
    static const char *const kept[] = {"client_id", "redirect_uri",   "state",
                                       "nonce",     "code_challenge", "code_challenge_method",
                                       "max_age",   "id_token_hint",  "ui_locales"};
    for (size_t i = 0; i < COUNT(kept); i++)
        assert_true(authorization_reads(str_of(kept[i])));
    assert_false(authorization_reads(STR("denied")));
    assert_false(authorization_reads(STR("password")));
    assert_false(authorization_reads(STR_EMPTY));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_sent_before_client_and_redirect_uri_are_sure),
        cmocka_unit_test(later_errors_find_state_and_response_mode),
        cmocka_unit_test_setup_teardown(only_one_check_sets_where_answers_go, city_begin, city_end),
        cmocka_unit_test(every_parameter_of_the_table_is_kept_and_no_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
