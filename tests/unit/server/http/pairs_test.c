#include "server/http/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(64 * 1024);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static void the_first_value_of_an_exact_name_is_found(void **state)
{
    (void)state;
    struct pairs list = {0};
    assert_true(pairs_add(&list, arena, STR("a"), STR("1")));
    assert_true(pairs_add(&list, arena, STR("A"), STR("2")));
    assert_true(pairs_add(&list, arena, STR("a"), STR("3")));
    assert_true(str_eq(pairs_get(&list, "a"), STR("1")));
    assert_true(str_eq(pairs_get(&list, "A"), STR("2")));
    assert_int_equal(pairs_get(&list, "b").len, 0);
    assert_int_equal(pairs_count(&list, "a"), 2);
    assert_int_equal(pairs_count(&list, "b"), 0);
}

static void header_names_have_no_case(void **state)
{
    (void)state;
    struct pairs list = {0};
    assert_true(pairs_add(&list, arena, STR("HoSt"), STR("x")));
    assert_true(pairs_add(&list, arena, STR("host"), STR("y")));
    assert_true(str_eq(pairs_get_nocase(&list, "Host"), STR("x")));
    assert_int_equal(pairs_count_nocase(&list, "HOST"), 2);
}

static void a_repeated_name_is_told(void **state)
{
    (void)state;
    struct pairs list = {0};
    struct str twice = STR_EMPTY;
    assert_true(pairs_unique(&list, &twice));
    pairs_add(&list, arena, STR("a"), STR("1"));
    pairs_add(&list, arena, STR("b"), STR("1"));
    assert_true(pairs_unique(&list, &twice));
    pairs_add(&list, arena, STR("a"), STR_EMPTY);
    assert_false(pairs_unique(&list, &twice));
    assert_true(str_eq(twice, STR("a")));
}

static void no_more_than_the_maximum_is_taken(void **state)
{
    (void)state;
    struct pairs list = {0};
    for (int i = 0; i < PAIRS_MAX; i++)
        assert_true(pairs_add(&list, arena, arena_printf(arena, "n%d", i), STR("v")));
    assert_false(pairs_add(&list, arena, STR("one"), STR("more")));
    assert_int_equal(list.n, PAIRS_MAX);
    assert_true(str_eq(list.v[0].name, STR("n0")));
    assert_true(str_eq(list.v[PAIRS_MAX - 1].name, STR("n63")));
}

static void a_list_that_was_not_made_by_add_is_copied_before_it_grows(void **state)
{
    (void)state;
    struct pair one = {STR("a"), STR("1")};
    struct pairs list = {.v = &one, .n = 1};
    assert_true(pairs_add(&list, arena, STR("b"), STR("2")));
    assert_true(str_eq(pairs_get(&list, "a"), STR("1")));
    assert_true(str_eq(pairs_get(&list, "b"), STR("2")));
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    struct arena *small = arena_new(16);
    struct pairs list = {0};
    assert_false(pairs_add(&list, small, STR("a"), STR("1")));
    assert_int_equal(list.n, 0);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_value_of_an_exact_name_is_found),
        cmocka_unit_test(header_names_have_no_case),
        cmocka_unit_test(a_repeated_name_is_told),
        cmocka_unit_test(no_more_than_the_maximum_is_taken),
        cmocka_unit_test(a_list_that_was_not_made_by_add_is_copied_before_it_grows),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
