#include "directory/leavers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct str uuid(unsigned i)
{
    static unsigned char b[UUID_SIZE];
    memcpy(b, &i, sizeof i);
    return (struct str){(const char *)b, sizeof b};
}

static void a_few_are_believed_and_more_are_held(void **state)
{
    (void)state;
    struct leavers *l = leavers_new(10);
    for (unsigned i = 0; i < 10; i++)
        assert_true(leavers_judge(l, uuid(i), true));
    assert_int_equal(leavers_held(l), 0);
    for (unsigned i = 10; i < 25; i++)
        assert_false(leavers_judge(l, uuid(i), true));
    assert_int_equal(leavers_held(l), 15);
    assert_true(leavers_holds(l, uuid(24)));
    assert_false(leavers_holds(l, uuid(3)));
    leavers_free(l);
}

static void who_does_not_count_is_held_with_others_alone(void **state)
{
    (void)state;
    struct leavers *l = leavers_new(2);
    for (unsigned i = 0; i < 100; i++)
        assert_true(leavers_judge(l, uuid(i), false));
    assert_true(leavers_judge(l, uuid(200), true));
    assert_true(leavers_judge(l, uuid(201), true));
    assert_true(leavers_judge(l, uuid(100), false));
    assert_false(leavers_judge(l, uuid(202), true));
    assert_false(leavers_judge(l, uuid(101), false));
    assert_int_equal(leavers_held(l), 2);
    leavers_free(l);
}

static void it_is_over_when_all_are_back(void **state)
{
    (void)state;
    struct leavers *l = leavers_new(1);
    assert_true(leavers_judge(l, uuid(1), true));
    assert_false(leavers_judge(l, uuid(2), true));
    assert_false(leavers_judge(l, uuid(3), true));
    assert_false(leavers_back(l, uuid(1)));
    assert_false(leavers_back(l, uuid(2)));
    assert_true(leavers_back(l, uuid(3)));
    assert_int_equal(leavers_held(l), 0);
    leavers_free(l);
}

static void accepting_gives_up_all_and_counts_anew(void **state)
{
    (void)state;
    struct leavers *l = leavers_new(2);
    for (unsigned i = 0; i < 5; i++)
        assert_int_equal(leavers_judge(l, uuid(i), true), i < 2);
    struct uuid_set held = leavers_accept(l);
    assert_int_equal(held.n, 3);
    assert_true(uuid_set_has(&held, uuid(4)));
    uuid_set_free(&held);
    assert_int_equal(leavers_held(l), 0);
    assert_true(leavers_judge(l, uuid(9), true));
    leavers_free(l);
}

static void without_a_limit_everything_is_believed(void **state)
{
    (void)state;
    struct leavers *l = leavers_new(0);
    for (unsigned i = 0; i < 5000; i++)
        assert_true(leavers_judge(l, uuid(i), true));
    leavers_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_few_are_believed_and_more_are_held),
        cmocka_unit_test(who_does_not_count_is_held_with_others_alone),
        cmocka_unit_test(it_is_over_when_all_are_back),
        cmocka_unit_test(accepting_gives_up_all_and_counts_anew),
        cmocka_unit_test(without_a_limit_everything_is_believed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
