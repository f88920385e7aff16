#include "server/admin/days.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 16);
    setenv("TZ", "CST-8", 1); /* eight hours ahead of UTC, as in China */
    tzset();
    return a ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void a_day_begins_and_ends_where_the_server_stands(void **state)
{
    (void)state;
    struct str out;
    assert_true(day_read(a, STR("2026-11-25"), false, &out));
    assert_string_equal(out.p, "20261124160000Z");
    assert_true(day_read(a, STR("2026-12-31"), true, &out));
    assert_string_equal(out.p, "20261231160000Z");
    assert_true(day_read(a, STR("2028-02-29"), true, &out));
    assert_string_equal(out.p, "20280229160000Z");
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "2026",        "2026-11",    "2026-11-31", "2026-02-29",
                                      "2026-13-01", "2026-00-10",  "2026-11-00", "26-11-25",   "2026/11/25",
                                      "2026-11-2x", "2026-11-255", " 2026-1-25", "-026-11-25", "1969-12-31",
                                      "9999-01-01", "2026-11-25 "};
    struct str out;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(day_read(a, str_of(bad[i]), false, &out));
}

static void a_month_is_whole(void **state)
{
    (void)state;
    int64_t from, to;
    assert_true(month_read(STR("2026-12"), &from, &to));
    assert_int_equal(from, 1796083200);
    assert_int_equal(to - from, 31 * 86400);
    assert_string_equal(month_text(a, from, 0).p, "2026-12");
    assert_string_equal(month_text(a, from, 1).p, "2027-01");
    assert_string_equal(month_text(a, to - 1, -12).p, "2025-12");
    static const char *const bad[] = {"",       "2026",     "2026-13", "2026-00",
                                      "2026-1", "2026-111", "x026-11", "1969-12"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(month_read(str_of(bad[i]), &from, &to));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_day_begins_and_ends_where_the_server_stands, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_day_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_month_is_whole, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
