#include "server/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static int64_t pretended;

static int64_t pretend(void)
{
    return pretended;
}

static void real_time_is_the_default(void **state)
{
    (void)state;
    int64_t before = (int64_t)time(NULL);
    assert_in_range(clock_now(), before - 1, before + 5);
}

static void a_test_can_set_the_time_and_give_it_back(void **state)
{
    (void)state;
    pretended = 12345;
    clock_replace(pretend);
    assert_int_equal(clock_now(), 12345);
    clock_replace(NULL);
    assert_true(clock_now() > 1700000000);
}

static void monotonic_time_goes_forward(void **state)
{
    (void)state;
    int64_t start = clock_monotonic_ms();
    struct timespec nap = {0, 20 * 1000 * 1000};
    nanosleep(&nap, NULL);
    assert_in_range(clock_monotonic_ms() - start, 19, 10000);
}

static void time_is_written_as_rfc_3339(void **state)
{
    (void)state;
    char text[25];
    pretended = 1795507200;
    clock_replace(pretend);
    clock_format(text);
    clock_replace(NULL);
    assert_string_equal(text, "2026-11-24T08:00:00.000Z");

    clock_format(text);
    assert_int_equal(strlen(text), 24);
    assert_int_equal(text[10], 'T');
    assert_int_equal(text[23], 'Z');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(real_time_is_the_default),
        cmocka_unit_test(a_test_can_set_the_time_and_give_it_back),
        cmocka_unit_test(monotonic_time_goes_forward),
        cmocka_unit_test(time_is_written_as_rfc_3339),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
