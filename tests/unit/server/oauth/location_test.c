#include "server/oauth/location.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void assert_location(const char *address, const char *expected)
{
    struct pairs list = {0};
    assert_true(pairs_add(&list, a, STR("code"), STR("x y")));
    assert_true(pairs_add(&list, a, STR("state"), STR("\r\nSet-Cookie: a=\"<&#")));
    struct str out = location_with(a, str_of(address), &list);
    assert_true(str_eq(out, str_of(expected)));
}

static void parameters_are_encoded_and_added_behind_what_is_there(void **state)
{
    (void)state;
#define ENCODED "code=x%20y&state=%0D%0ASet-Cookie%3A%20a%3D%22%3C%26%23"
    assert_location("https://a.example/cb", "https://a.example/cb?" ENCODED);
    assert_location("https://a.example/cb?b=1", "https://a.example/cb?b=1&" ENCODED);
    assert_location("https://a.example/cb?", "https://a.example/cb?" ENCODED);
    assert_location("org.example.app:/cb", "org.example.app:/cb?" ENCODED);
}

static void origins_are_what_csp_understands(void **state)
{
    (void)state;
    assert_true(str_eq(location_origin(STR("https://a.example:8443/cb?x=y")), STR("https://a.example:8443")));
    assert_true(str_eq(location_origin(STR("http://[::1]:9000/cb")), STR("http://[::1]:9000")));
    assert_true(str_eq(location_origin(STR("https://a.example?x")), STR("https://a.example")));
    assert_true(str_eq(location_origin(STR("org.example.app:/cb")), STR("org.example.app:")));
}

static void nothing_that_ends_a_directive_gets_into_csp(void **state)
{
    (void)state;
    assert_int_equal(location_origin(STR("https://a.example;script-src *")).len, 0);
    assert_int_equal(location_origin(STR("https://a.example, *")).len, 0);
    assert_int_equal(location_origin(STR("https://'unsafe-inline'/")).len, 0);
    assert_int_equal(location_origin(STR("nothing")).len, 0);
    assert_int_equal(location_origin(STR_EMPTY).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(parameters_are_encoded_and_added_behind_what_is_there, begin, end),
        cmocka_unit_test_setup_teardown(origins_are_what_csp_understands, begin, end),
        cmocka_unit_test_setup_teardown(nothing_that_ends_a_directive_gets_into_csp, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
