#include "server/http/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct route routes[] = {
    {.path = "/", .methods = HTTP_GET},
    {.path = "/static/*", .methods = HTTP_GET},
    {.path = "/static/fonts/*", .methods = HTTP_GET},
    {.path = "/static/one", .methods = HTTP_GET},
    {.path = "/signin", .methods = HTTP_GET},
    {.path = "/signin", .methods = HTTP_POST},
    {.path = "/token", .methods = HTTP_POST},
    {.path = "/.well-known/openid-configuration", .methods = HTTP_GET},
};
enum { COUNT = sizeof routes / sizeof routes[0] };

static const char *found(struct str path)
{
    const struct route *r = route_find(routes, COUNT, path);
    return r ? r->path : "none";
}

static void a_path_is_matched_byte_for_byte(void **state)
{
    (void)state;
    assert_string_equal(found(STR("/token")), "/token");
    assert_string_equal(found(STR("/Token")), "none");
    assert_string_equal(found(STR("/token/")), "none");
    assert_string_equal(found(STR("/toke")), "none");
    assert_string_equal(found(STR("/")), "/");
    assert_string_equal(found(STR("")), "none");
    assert_string_equal(found(STR("/.well-known/openid-configuration")), "/.well-known/openid-configuration");
}

static void the_exact_row_comes_before_the_longest_star(void **state)
{
    (void)state;
    assert_string_equal(found(STR("/static/one")), "/static/one");
    assert_string_equal(found(STR("/static/a.css")), "/static/*");
    assert_string_equal(found(STR("/static/fonts/a")), "/static/fonts/*");
    assert_string_equal(found(STR("/static/")), "/static/*");
    assert_string_equal(found(STR("/static")), "none");
}

static void a_path_that_would_have_to_be_normalised_is_not_found(void **state)
{
    (void)state;
    const struct str odd[] = {STR("//"),          STR("/static//a"),   STR("/static/../token"),
                              STR("/static/./a"), STR("/static/.."),   STR("/static/%2e%2e/token"),
                              STR("/%74oken"),    STR("/static/a%00"), STR("//token"),
                              STR("token")};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        assert_string_equal(found(odd[i]), "none");
}

static void one_path_may_have_a_row_for_each_method(void **state)
{
    (void)state;
    unsigned allowed;
    assert_ptr_equal(route_pick(routes, COUNT, STR("/signin"), HTTP_GET, &allowed), &routes[4]);
    assert_int_equal(allowed, HTTP_GET | HTTP_POST);
    assert_ptr_equal(route_pick(routes, COUNT, STR("/signin"), HTTP_POST, &allowed), &routes[5]);
    assert_ptr_equal(route_pick(routes, COUNT, STR("/signin"), HTTP_HEAD, &allowed), &routes[4]);
    assert_ptr_equal(route_pick(routes, COUNT, STR("/signin"), HTTP_OTHER, &allowed), &routes[4]);
    assert_int_equal(allowed, HTTP_GET | HTTP_POST);
}

static void an_unknown_path_allows_nothing(void **state)
{
    (void)state;
    unsigned allowed = 7;
    assert_null(route_pick(routes, COUNT, STR("/nowhere"), HTTP_GET, &allowed));
    assert_int_equal(allowed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_matched_byte_for_byte),
        cmocka_unit_test(the_exact_row_comes_before_the_longest_star),
        cmocka_unit_test(a_path_that_would_have_to_be_normalised_is_not_found),
        cmocka_unit_test(one_path_may_have_a_row_for_each_method),
        cmocka_unit_test(an_unknown_path_allows_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
