#include "server/http/response.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct response response;

static int set_up(void **state)
{
    (void)state;
    response = (struct response){.arena = arena_new(64 * 1024)};
    return response.arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(response.arena);
    return 0;
}

static void assert_header(const char *name, const char *value)
{
    struct str got = pairs_get(&response.headers, name);
    assert_true(str_eq(got, str_of(value)));
}

static void a_cookie_is_secure_and_of_this_host(void **state)
{
    (void)state;
    response_cookie(&response, "__Host-onedoor-session", STR("abc"), 0);
    assert_header("Set-Cookie", "__Host-onedoor-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax");
}

static void a_cookie_may_have_an_age_or_be_deleted(void **state)
{
    (void)state;
    response_cookie(&response, "a", STR("x"), 90);
    assert_header("Set-Cookie", "a=x; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=90");
    response_cookie(&response, "a", STR("x"), -1);
    assert_header("Set-Cookie", "a=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    assert_int_equal(response.headers.n, 1);
}

static void cookies_of_two_names_stand_side_by_side(void **state)
{
    (void)state;
    response_cookie(&response, "a", STR("1"), 0);
    response_cookie(&response, "ab", STR("2"), 0);
    assert_int_equal(response.headers.n, 2);
}

static void a_cookie_value_that_would_end_it_is_a_failure_of_ours(void **state)
{
    const struct str bad[] = {STR("a;b"), STR("a b"),      STR("a\r\nX: y"),
                              STR("a,b"), STR("\xc3\xa4"), STR("a\0b")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct response fresh = {.arena = response.arena};
        response_cookie(&fresh, "a", bad[i], 0);
        assert_int_equal(fresh.status, 500);
        assert_int_equal(fresh.headers.n, 0);
    }
    (void)state;
}

static void a_header_that_would_split_the_response_ends_it(void **state)
{
    const struct str bad[] = {STR("x\r\nSet-Cookie: a=b"), STR("x\ny"), STR("x\ry"), STR("x\0y")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct response fresh = {.arena = response.arena};
        response_redirect(&fresh, bad[i]);
        assert_int_equal(fresh.status, 500);
        assert_int_equal(fresh.headers.n, 0);
        assert_ptr_equal(fresh.problem, problem_row(PROBLEM_INTERNAL));
    }
    (void)state;
}

static void a_response_that_was_split_stays_a_failure_whatever_follows(void **state)
{
    (void)state;
    response_header(&response, "X", STR("a\nb"));
    response_text(&response, 200, STR("text/plain"), STR("fine"));
    response_header(&response, "Y", STR("z"));
    response_redirect(&response, STR("/"));
    response_problem(&response, PROBLEM_NOT_FOUND);
    assert_int_equal(response.status, 500);
    assert_int_equal(response.headers.n, 0);
    assert_int_equal(response.body.len, 0);
}

static void a_redirect_is_303(void **state)
{
    (void)state;
    response_redirect(&response, STR("https://app.example/cb?code=x"));
    assert_int_equal(response.status, 303);
    assert_header("Location", "https://app.example/cb?code=x");
}

static void json_has_its_type(void **state)
{
    (void)state;
    json_t *value = json_pack("{s:b}", "active", 0);
    response_json(&response, 200, value);
    json_decref(value);
    assert_int_equal(response.status, 200);
    assert_true(str_eq(response.content_type, STR("application/json")));
    assert_true(str_eq(response.body, STR("{\"active\":false}")));
}

static void json_that_is_missing_is_a_failure_of_ours(void **state)
{
    (void)state;
    response_json(&response, 200, NULL);
    assert_int_equal(response.status, 500);
}

static void a_problem_drops_cookies_and_bodies(void **state)
{
    (void)state;
    response_cookie(&response, "a", STR("1"), 0);
    response_view(&response, 200, "portal", json_new(response.arena));
    response.form_targets = STR("https://app.example");
    response_problem(&response, PROBLEM_FORBIDDEN_ORIGIN);
    assert_int_equal(response.status, 403);
    assert_int_equal(response.headers.n, 0);
    assert_null(response.view);
    assert_int_equal(response.form_targets.len, 0);
    assert_ptr_equal(response.problem, problem_row(PROBLEM_FORBIDDEN_ORIGIN));
}

static void an_answer_after_a_problem_counts(void **state)
{
    (void)state;
    response_problem(&response, PROBLEM_NOT_FOUND);
    response_view(&response, 400, "signin", NULL);
    assert_null(response.problem);
    assert_string_equal(response.view, "signin");
    assert_int_equal(response.status, 400);
}

static void an_outage_is_not_a_failure_of_the_program(void **state)
{
    (void)state;
    response_failure(&response, RESULT_UNAVAILABLE);
    assert_int_equal(response.status, 503);
    response_failure(&response, RESULT_INTERNAL);
    assert_int_equal(response.status, 500);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_cookie_is_secure_and_of_this_host),
        TEST(a_cookie_may_have_an_age_or_be_deleted),
        TEST(cookies_of_two_names_stand_side_by_side),
        TEST(a_cookie_value_that_would_end_it_is_a_failure_of_ours),
        TEST(a_header_that_would_split_the_response_ends_it),
        TEST(a_response_that_was_split_stays_a_failure_whatever_follows),
        TEST(a_redirect_is_303),
        TEST(json_has_its_type),
        TEST(json_that_is_missing_is_a_failure_of_ours),
        TEST(a_problem_drops_cookies_and_bodies),
        TEST(an_answer_after_a_problem_counts),
        TEST(an_outage_is_not_a_failure_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
