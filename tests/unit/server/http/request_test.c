#include "server/http/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct pair headers[4], cookies[2];
static struct request request;

static int set_up(void **state)
{
    (void)state;
    request = (struct request){.issuer = STR("https://sso.city.example:8443/door")};
    request.headers = (struct pairs){.v = headers};
    request.cookies = (struct pairs){.v = cookies};
    return 0;
}

static void with(const char *name, struct str value)
{
    headers[request.headers.n++] = (struct pair){str_of(name), value};
}

static void a_header_that_stands_twice_has_no_value(void **state)
{
    (void)state;
    with("Accept", STR("a"));
    assert_true(str_eq(request_header(&request, "accept"), STR("a")));
    with("ACCEPT", STR("b"));
    assert_int_equal(request_header(&request, "accept").len, 0);
    assert_int_equal(request_header(&request, "absent").len, 0);
}

static void a_cookie_that_stands_twice_has_no_value(void **state)
{
    (void)state;
    cookies[0] = (struct pair){STR("s"), STR("1")};
    request.cookies.n = 1;
    assert_true(str_eq(request_cookie(&request, "s"), STR("1")));
    assert_int_equal(request_cookie(&request, "S").len, 0);
    cookies[1] = (struct pair){STR("s"), STR("2")};
    request.cookies.n = 2;
    assert_int_equal(request_cookie(&request, "s").len, 0);
}

static void a_form_without_origin_is_taken_for_ours(void **state)
{
    (void)state;
    assert_true(request_is_same_origin(&request));
}

static void the_origin_of_the_issuer_is_ours(void **state)
{
    (void)state;
    with("Origin", STR("https://sso.city.example:8443"));
    with("Sec-Fetch-Site", STR("same-origin"));
    assert_true(request_is_same_origin(&request));
}

static void every_other_origin_is_foreign(void **state)
{
    const struct str foreign[] = {STR("null"),
                                  STR(""),
                                  STR("http://sso.city.example:8443"),
                                  STR("https://sso.city.example"),
                                  STR("https://sso.city.example:84431"),
                                  STR("https://sso.city.example:8443/door"),
                                  STR("https://evil.example")};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        set_up(state);
        with("Origin", foreign[i]);
        assert_false(request_is_same_origin(&request));
    }
}

static void two_origins_are_foreign(void **state)
{
    (void)state;
    with("Origin", STR("https://sso.city.example:8443"));
    with("Origin", STR("https://sso.city.example:8443"));
    assert_false(request_is_same_origin(&request));
}

static void the_browser_that_says_it_crossed_sites_is_believed(void **state)
{
    (void)state;
    with("Sec-Fetch-Site", STR("cross-site"));
    assert_false(request_is_same_origin(&request));
    headers[0].value = STR("same-site");
    assert_false(request_is_same_origin(&request));
    headers[0].value = STR("none");
    assert_true(request_is_same_origin(&request));
}

static void an_issuer_without_origin_makes_every_origin_foreign(void **state)
{
    (void)state;
    request.issuer = STR_EMPTY;
    with("Origin", STR(""));
    assert_false(request_is_same_origin(&request));
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_header_that_stands_twice_has_no_value),
        TEST(a_cookie_that_stands_twice_has_no_value),
        TEST(a_form_without_origin_is_taken_for_ours),
        TEST(the_origin_of_the_issuer_is_ours),
        TEST(every_other_origin_is_foreign),
        TEST(two_origins_are_foreign),
        TEST(the_browser_that_says_it_crossed_sites_is_believed),
        TEST(an_issuer_without_origin_makes_every_origin_foreign),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
