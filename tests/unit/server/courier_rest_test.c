#include "server/courier_rest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

enum { NOW = 1800000000 };

static const uint32_t rolls[] = {0, 1, 2, 7, 1799, 3600, UINT32_MAX - 1, UINT32_MAX};
enum { ROLLS = sizeof rolls / sizeof rolls[0] };

static void pauses_double_up_to_an_hour_and_are_spread(void **state)
{
    (void)state;
    int64_t whole = 5;
    for (int64_t failures = 1; failures < 40; failures++) {
        for (size_t i = 0; i < ROLLS; i++) {
            int64_t pause = courier_pause(failures, rolls[i]);
            assert_in_range(pause, whole / 2 + 1, whole);
        }
        whole = whole * 2 > 3600 ? 3600 : whole * 2;
    }
    assert_true(courier_pause(9, 0) != courier_pause(9, 1));
    assert_in_range(courier_pause(INT64_MAX, 5), 1801, 3600);
    assert_in_range(courier_pause(0, 5), 1, 5);
}

static void one_that_answers_gets_a_few_at_once(void **state)
{
    (void)state;
    struct rests *r = rests_new();
    int64_t until;
    for (int i = 0; i < REST_EACH; i++)
        assert_int_equal(rests_admit(r, STR("portal"), NOW, &until), REST_GO);
    assert_int_equal(rests_ask(r, STR("portal"), NOW, &until), REST_FULL);
    assert_int_equal(rests_admit(r, STR("portal"), NOW, &until), REST_FULL);
    assert_int_equal(until, NOW + 1);
    assert_int_equal(rests_admit(r, STR("office"), NOW, &until), REST_GO);
    rests_settle(r, STR("portal"), true, NOW, 0);
    assert_int_equal(rests_admit(r, STR("portal"), NOW, &until), REST_GO);
    rests_free(r);
}

static void one_that_is_dead_rests_and_is_then_tried_by_one(void **state)
{
    (void)state;
    struct rests *r = rests_new();
    int64_t until, rest;
    assert_int_equal(rests_admit(r, STR("dead"), NOW, &until), REST_GO);
    assert_int_equal(rests_admit(r, STR("dead"), NOW, &until), REST_GO);
    rests_settle(r, STR("dead"), false, NOW, 0);
    assert_int_equal(rests_admit(r, STR("dead"), NOW, &until), REST_WAIT); /* the second is still under way */
    rests_settle(r, STR("dead"), false, NOW, 0); /* and counts as the same failure */
    assert_int_equal(rests_admit(r, STR("dead"), NOW, &rest), REST_WAIT);
    assert_int_equal(rest, NOW + courier_pause(1, 0));
    assert_int_equal(rests_admit(r, STR("well"), NOW, &until), REST_GO);
    assert_int_equal(rests_admit(r, STR("dead"), rest, &until), REST_GO);
    assert_int_equal(rests_admit(r, STR("dead"), rest, &until), REST_WAIT);
    rests_settle(r, STR("dead"), false, rest, 0);
    assert_int_equal(rests_admit(r, STR("dead"), rest, &until), REST_WAIT);
    assert_int_equal(until, rest + courier_pause(2, 0));
    rests_free(r);
}

static void one_that_is_back_gets_as_many_as_before(void **state)
{
    (void)state;
    struct rests *r = rests_new();
    int64_t until;
    assert_int_equal(rests_admit(r, STR("back"), NOW, &until), REST_GO);
    rests_settle(r, STR("back"), false, NOW, 0);
    assert_int_equal(rests_admit(r, STR("back"), NOW + 5, &until), REST_GO);
    rests_settle(r, STR("back"), true, NOW + 5, 0);
    for (int i = 0; i < REST_EACH; i++)
        assert_int_equal(rests_admit(r, STR("back"), NOW + 5, &until), REST_GO);
    rests_free(r);
}

static void more_applications_than_are_remembered_go_on_well(void **state)
{
    (void)state;
    struct rests *r = rests_new();
    int64_t until;
    char name[32];
    assert_int_equal(rests_admit(r, STR("dead"), NOW, &until), REST_GO);
    rests_settle(r, STR("dead"), false, NOW, 0);
    for (int i = 0; i < 4 * REST_KNOWN; i++) {
        snprintf(name, sizeof name, "app-%d", i);
        assert_int_equal(rests_admit(r, str_of(name), NOW, &until), REST_GO);
        rests_settle(r, str_of(name), true, NOW, 0);
    }
    assert_int_equal(rests_admit(r, STR("dead"), NOW, &until),
                     REST_WAIT); /* who is dead is not the one forgotten */
    for (int i = 0; i < REST_KNOWN - 1; i++) {
        snprintf(name, sizeof name, "busy-%d", i);
        assert_int_equal(rests_admit(r, str_of(name), NOW, &until), REST_GO);
    }
    rests_settle(r, STR("nobody"), true, NOW, 0);
    rests_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_double_up_to_an_hour_and_are_spread),
        cmocka_unit_test(one_that_answers_gets_a_few_at_once),
        cmocka_unit_test(one_that_is_dead_rests_and_is_then_tried_by_one),
        cmocka_unit_test(one_that_is_back_gets_as_many_as_before),
        cmocka_unit_test(more_applications_than_are_remembered_go_on_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
