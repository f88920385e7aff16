#include "server/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool broken(void *p, size_t len)
{
    memset(p, 'r', len / 2);
    return false;
}

static bool fixed(void *p, size_t len)
{
    memset(p, 0xFF, len);
    return true;
}

static int restore(void **state)
{
    (void)state;
    random_replace(NULL);
    return 0;
}

static void tokens_differ_and_have_their_length(void **state)
{
    (void)state;
    struct arena *a = arena_new(10000);
    struct str one = random_token(a, 32), two = random_token(a, 32);
    assert_int_equal(one.len, 43);
    assert_false(str_eq(one, two));
    assert_int_equal(random_token(a, 16).len, 22);
    arena_free(a);
}

static int by_bytes(const void *x, const void *y)
{
    return memcmp(x, y, 12);
}

/* What is kept in advance is handed out once. */
static void small_numbers_do_not_come_again(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static unsigned char all[MANY][12];
    for (size_t i = 0; i < MANY; i++) {
        unsigned char other[31];
        assert_true(random_bytes(all[i], sizeof all[i]));
        assert_true(random_bytes(other, 1 + i % sizeof other));
    }
    qsort(all, MANY, sizeof all[0], by_bytes);
    for (size_t i = 1; i < MANY; i++)
        assert_int_not_equal(memcmp(all[i - 1], all[i], sizeof all[i]), 0);
}

static void a_failing_source_refuses_and_leaves_nothing(void **state)
{
    (void)state;
    unsigned char p[16];
    memset(p, 'x', sizeof p);
    random_replace(broken);
    assert_false(random_bytes(p, sizeof p));
    for (size_t i = 0; i < sizeof p; i++)
        assert_int_equal(p[i], 0);

    struct arena *a = arena_new(1000);
    assert_null(random_token(a, 32).p);
    arena_free(a);
}

static void a_test_can_say_what_is_random(void **state)
{
    (void)state;
    struct arena *a = arena_new(1000);
    random_replace(fixed);
    assert_true(str_eq(random_token(a, 3), STR("____")));
    arena_free(a);
}

static void without_memory_there_is_no_token(void **state)
{
    (void)state;
    struct arena *a = arena_new(40);
    assert_null(random_token(a, 32).p);
    assert_true(arena_failed(a));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_differ_and_have_their_length),
        cmocka_unit_test(small_numbers_do_not_come_again),
        cmocka_unit_test_teardown(a_failing_source_refuses_and_leaves_nothing, restore),
        cmocka_unit_test_teardown(a_test_can_say_what_is_random, restore),
        cmocka_unit_test(without_memory_there_is_no_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
