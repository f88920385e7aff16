#include "server/http/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static struct arena *arena;
static struct pairs list;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(256 * 1024);
    memset(&list, 0, sizeof list);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void a_form_is_decoded_once(void **state)
{
    (void)state;
    assert_true(pairs_parse_form(&list, arena, STR("a=1+2&b=%2541&%63=%e4%b8%80&d")));
    assert_int_equal(list.n, 4);
    assert_true(str_eq(pairs_get(&list, "a"), STR("1 2")));
    assert_true(str_eq(pairs_get(&list, "b"), STR("%41")));
    assert_true(str_eq(pairs_get(&list, "c"), STR("\xe4\xb8\x80")));
    assert_int_equal(pairs_count(&list, "d"), 1);
}

static void an_empty_value_is_as_good_as_none_but_it_occurs(void **state)
{
    (void)state;
    assert_true(pairs_parse_form(&list, arena, STR("a=&&a=x&")));
    assert_int_equal(list.n, 2);
    assert_int_equal(pairs_get(&list, "a").len, 0);
    assert_int_equal(pairs_count(&list, "a"), 2);
}

static void only_the_first_equals_sign_parts_name_and_value(void **state)
{
    (void)state;
    assert_true(pairs_parse_form(&list, arena, STR("a=b=c&=d")));
    assert_true(str_eq(pairs_get(&list, "a"), STR("b=c")));
    assert_true(str_eq(pairs_get(&list, ""), STR("d")));
}

static void what_is_no_form_is_refused(void **state)
{
    (void)state;
    const struct str bad[] = {STR("a=%"),   STR("a=%4"),     STR("a=%zz"), STR("a=%00"),       STR("%00=a"),
                              STR("a=%ff"), STR("a=%c0%80"), STR("a=\0b"), STR("a=%ed%a0%80"), STR("a=% 41")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct pairs fresh = {0};
        assert_false(pairs_parse_form(&fresh, arena, bad[i]));
    }
}

static void a_form_of_too_many_parameters_is_refused(void **state)
{
    (void)state;
    char text[3 * (PAIRS_MAX + 1)];
    for (size_t i = 0; i <= PAIRS_MAX; i++)
        memcpy(text + 3 * i, "a=&", 3);
    struct pairs most = {0};
    assert_true(pairs_parse_form(&most, arena, (struct str){text, 3 * PAIRS_MAX}));
    assert_false(pairs_parse_form(&list, arena, (struct str){text, sizeof text}));
    assert_int_equal(list.n, PAIRS_MAX);
}

static void cookies_are_parted_at_semicolons(void **state)
{
    (void)state;
    assert_true(pairs_parse_cookies(&list, arena, STR("a=1; b=x=y;c=\"q\" ;d=")));
    assert_int_equal(list.n, 4);
    assert_true(str_eq(pairs_get(&list, "b"), STR("x=y")));
    assert_true(str_eq(pairs_get(&list, "c"), STR("\"q\"")));
    assert_int_equal(pairs_count(&list, "d"), 1);
}

static void odd_cookies_of_other_applications_are_passed_over(void **state)
{
    (void)state;
    assert_true(pairs_parse_cookies(&list, arena, STR("lonely; ;a=1;;\xff=\xfe; b={\"x\": \"y, z\"}")));
    assert_true(str_eq(pairs_get(&list, "a"), STR("1")));
    assert_true(str_eq(pairs_get(&list, "b"), STR("{\"x\": \"y, z\"}")));
}

static void cookies_with_control_characters_are_refused(void **state)
{
    (void)state;
    assert_false(pairs_parse_cookies(&list, arena, STR("a=1\r\n")));
    assert_false(pairs_parse_cookies(&list, arena, STR("a=\0")));
    assert_false(pairs_parse_cookies(&list, arena, STR("a=\x7f")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_form_is_decoded_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_value_is_as_good_as_none_but_it_occurs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_the_first_equals_sign_parts_name_and_value, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_form_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_form_of_too_many_parameters_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cookies_are_parted_at_semicolons, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_cookies_of_other_applications_are_passed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cookies_with_control_characters_are_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
