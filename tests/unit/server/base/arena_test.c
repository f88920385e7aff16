#include "server/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char trace[8];
static size_t traced;
static char names[] = "0123";

static void note(void *what)
{
    trace[traced++] = *(const char *)what;
}

static int clear_trace(void **state)
{
    (void)state;
    memset(trace, 0, sizeof trace);
    traced = 0;
    return 0;
}

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    unsigned char *before = NULL;
    for (size_t size = 1; size < 3000; size += 7) {
        unsigned char *p = arena_alloc(a, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xFF, size);
        assert_true(!before || before[0] == 0xFF);
        before = p;
    }
    assert_non_null(arena_alloc(a, 100000));
    assert_non_null(arena_alloc(a, 0));
    assert_false(arena_failed(a));
    arena_free(a);
}

static void the_ceiling_fails_the_arena_for_good(void **state)
{
    (void)state;
    struct arena *a = arena_new(100);
    assert_non_null(arena_alloc(a, 60));
    assert_non_null(arena_alloc(a, 40));
    assert_false(arena_failed(a));
    assert_null(arena_alloc(a, 1));
    assert_true(arena_failed(a));
    arena_free(a);

    a = arena_new(100);
    assert_null(arena_alloc(a, 101));
    assert_null(arena_alloc(a, 1));
    assert_null(arena_alloc(a, SIZE_MAX));
    arena_free(a);
}

static void copies_end_with_a_nul_and_stand_alone(void **state)
{
    (void)state;
    struct arena *a = arena_new(1000);
    char from[] = "a\0b";
    struct str copy = arena_copy(a, (struct str){from, 3});
    from[0] = 'x';
    assert_true(str_eq(copy, STR("a\0b")));
    assert_int_equal(copy.p[3], 0);
    assert_non_null(arena_copy(a, STR_EMPTY).p);
    assert_string_equal(arena_cstr(a, str_sub(STR("abcdef"), 1, 2)), "bc");
    assert_string_equal(arena_cstr(a, STR_EMPTY), "");
    arena_free(a);
}

static void a_c_string_never_ends_early_at_a_nul(void **state)
{
    (void)state;
    struct arena *a = arena_new(1000);
    assert_null(arena_cstr(a, STR("admin\0.evil")));
    assert_null(arena_cstr(a, STR("\0")));
    assert_false(arena_failed(a));
    arena_free(a);
}

static void parts_are_joined_and_text_is_printed(void **state)
{
    (void)state;
    struct arena *a = arena_new(10000);
    const struct str parts[] = {STR("a"), STR_EMPTY, STR("bc")};
    assert_true(str_eq(arena_join(a, parts, 3), STR("abc")));
    assert_int_equal(arena_join(a, NULL, 0).len, 0);
    struct str s = arena_printf(a, "%s-%05d", "n", 42);
    assert_true(str_eq(s, STR("n-00042")));
    assert_int_equal(arena_printf(a, "%5000s", "x").len, 5000);
    const struct str huge[] = {{"x", SIZE_MAX}, {"x", 2}};
    assert_null(arena_join(a, huge, 2).p);
    assert_true(arena_failed(a));
    assert_null(arena_printf(a, "x").p);
    assert_null(arena_copy(a, STR("x")).p);
    arena_free(a);
}

static void a_length_of_all_bytes_fails_instead_of_wrapping(void **state)
{
    (void)state;
    struct arena *a = arena_new(SIZE_MAX);
    assert_null(arena_copy(a, (struct str){"x", SIZE_MAX}).p);
    assert_true(arena_failed(a));
    arena_free(a);

    a = arena_new(SIZE_MAX);
    assert_null(arena_alloc(a, SIZE_MAX));
    assert_true(arena_failed(a));
    arena_free(a);
}

static void handles_are_released_last_first(void **state)
{
    (void)state;
    struct arena *a = arena_new(1000);
    assert_true(arena_own(a, note, names + 1));
    assert_true(arena_own(a, note, names + 2));
    assert_true(arena_own(a, note, names + 3));
    assert_string_equal(trace, "");
    arena_free(a);
    assert_string_equal(trace, "321");
}

static void a_handle_that_cannot_be_kept_is_released_at_once(void **state)
{
    (void)state;
    struct arena *a = arena_new(64);
    assert_true(arena_own(a, note, names + 1));
    assert_null(arena_alloc(a, 65));
    assert_false(arena_own(a, note, names + 2));
    assert_string_equal(trace, "2");
    arena_free(a);
    assert_string_equal(trace, "21");
}

static void a_release_may_still_read_the_arena(void **state)
{
    (void)state;
    struct arena *a = arena_new(1000);
    char *what = arena_alloc(a, 1);
    *what = 'k';
    assert_true(arena_own(a, note, what));
    arena_free(a);
    assert_string_equal(trace, "k");
    arena_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(the_ceiling_fails_the_arena_for_good),
        cmocka_unit_test(copies_end_with_a_nul_and_stand_alone),
        cmocka_unit_test(a_c_string_never_ends_early_at_a_nul),
        cmocka_unit_test(parts_are_joined_and_text_is_printed),
        cmocka_unit_test(a_length_of_all_bytes_fails_instead_of_wrapping),
        cmocka_unit_test_setup(handles_are_released_last_first, clear_trace),
        cmocka_unit_test_setup(a_handle_that_cannot_be_kept_is_released_at_once, clear_trace),
        cmocka_unit_test_setup(a_release_may_still_read_the_arena, clear_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
