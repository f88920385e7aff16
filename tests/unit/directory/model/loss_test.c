/* What a loss is measured by, as entries come and go. */
#include "directory/model/content_internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND };

static void the_first_count_is_believed_at_once(void **state)
{
    (void)state;
    struct standing s = {0};
    standing_remember(&s, 20, SECOND);
    assert_int_equal(standing_measure(&s, SECOND), 20);
}

static void more_counts_when_it_has_stood_for_a_minute(void **state)
{
    (void)state;
    struct standing s = {0};
    standing_remember(&s, 20, SECOND);
    standing_remember(&s, 100, 2 * SECOND);
    assert_int_equal(standing_measure(&s, 3 * SECOND), 20);
    assert_int_equal(standing_measure(&s, 2 * SECOND + MINUTE), 100);
    standing_remember(&s, 99, 5 * SECOND + MINUTE); /* one less than what stood */
    assert_int_equal(standing_measure(&s, 5 * SECOND + MINUTE), 100);
}

static void what_came_and_went_never_counted(void **state)
{
    (void)state;
    struct standing s = {0};
    standing_remember(&s, 20, SECOND);
    standing_remember(&s, 100, 2 * SECOND);
    standing_remember(&s, 20, 3 * SECOND);
    assert_int_equal(standing_measure(&s, 3 * MINUTE), 20);
}

static void of_a_count_that_moves_the_least_counts(void **state)
{
    (void)state;
    struct standing s = {0};
    standing_remember(&s, 20, SECOND);
    standing_remember(&s, 100, 2 * SECOND);
    standing_remember(&s, 60, 3 * SECOND);
    standing_remember(&s, 90, 4 * SECOND);
    assert_int_equal(standing_measure(&s, 2 * SECOND + MINUTE), 60);
}

static void less_counts_only_after_a_minute(void **state)
{
    (void)state;
    struct standing s = {0};
    standing_remember(&s, 20, SECOND);
    standing_remember(&s, 15, 2 * SECOND);
    standing_remember(&s, 10, 3 * SECOND);
    assert_int_equal(standing_measure(&s, 3 * SECOND), 20);
    standing_remember(&s, 9, 2 * SECOND + MINUTE);
    assert_int_equal(standing_measure(&s, 2 * SECOND + MINUTE), 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_count_is_believed_at_once),
        cmocka_unit_test(more_counts_when_it_has_stood_for_a_minute),
        cmocka_unit_test(what_came_and_went_never_counted),
        cmocka_unit_test(of_a_count_that_moves_the_least_counts),
        cmocka_unit_test(less_counts_only_after_a_minute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
