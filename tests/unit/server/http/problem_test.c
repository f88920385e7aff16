#include "server/http/problem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void every_problem_has_a_whole_row(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        const struct problem_row *row = problem_row((enum problem)i);
        assert_in_range(row->status, 400, 599);
        assert_true(strlen(row->name) > 0 && strlen(row->code) > 0 && strlen(row->text) > 0);
        /* They are printed into JSON and headers as they are. */
        assert_null(strpbrk(row->text, "\"\\\r\n"));
        assert_null(strpbrk(row->code, "\"\\ "));
    }
}

static void who_shall_come_back_is_told_when(void **state)
{
    (void)state;
    for (int i = 0; i < PROBLEM_COUNT; i++) {
        int status = problem_row((enum problem)i)->status;
        if (status == 503 || status == 429)
            assert_true(problem_row((enum problem)i)->retry_after > 0);
    }
}

static void a_number_out_of_range_is_a_failure_of_ours(void **state)
{
    (void)state;
    assert_int_equal(problem_row((enum problem)PROBLEM_COUNT)->status, 500);
    assert_int_equal(problem_row((enum problem)9999)->status, 500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_problem_has_a_whole_row),
        cmocka_unit_test(who_shall_come_back_is_told_when),
        cmocka_unit_test(a_number_out_of_range_is_a_failure_of_ours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
