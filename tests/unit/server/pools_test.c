#include "server/pools.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdatomic.h>

static atomic_int done;
static atomic_bool gate_open;

static void count(void *arg)
{
    (void)arg;
    atomic_fetch_add(&done, 1);
}

static void wait_at_the_gate(void *arg)
{
    while (!atomic_load(&gate_open))
        poll(NULL, 0, 1);
    count(arg);
}

static int set_up(void **state)
{
    (void)state;
    atomic_store(&done, 0);
    atomic_store(&gate_open, false);
    return 0;
}

static void wait_until_taken(struct pools *p, enum run_where where)
{
    while (pools_waiting(p, where) > 0)
        poll(NULL, 0, 1);
}

static void every_job_is_run_once(void **state)
{
    (void)state;
    struct pools *p = pools_start(3, 2, 500, 500);
    assert_non_null(p);
    for (int i = 0; i < 500; i++) {
        assert_true(pools_submit(p, RUN_QUICK, count, NULL));
        assert_true(pools_submit(p, RUN_DIR, count, NULL));
    }
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 1000);
}

static void a_full_queue_refuses_and_takes_again_when_there_is_room(void **state)
{
    (void)state;
    struct pools *p = pools_start(1, 1, 2, 2);
    assert_true(pools_submit(p, RUN_QUICK, wait_at_the_gate, NULL));
    wait_until_taken(p, RUN_QUICK);
    assert_true(pools_submit(p, RUN_QUICK, count, NULL));
    assert_true(pools_submit(p, RUN_QUICK, count, NULL));
    assert_false(pools_submit(p, RUN_QUICK, count, NULL));
    atomic_store(&gate_open, true);
    wait_until_taken(p, RUN_QUICK);
    assert_true(pools_submit(p, RUN_QUICK, count, NULL));
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 4);
}

static void a_slow_directory_does_not_hold_up_the_quick_pool(void **state)
{
    (void)state;
    struct pools *p = pools_start(1, 1, 10, 10);
    assert_true(pools_submit(p, RUN_DIR, wait_at_the_gate, NULL));
    assert_true(pools_submit(p, RUN_DIR, count, NULL));
    assert_true(pools_submit(p, RUN_QUICK, count, NULL));
    while (atomic_load(&done) == 0)
        poll(NULL, 0, 1);
    assert_int_equal(atomic_load(&done), 1);
    atomic_store(&gate_open, true);
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 3);
}

static void what_waits_is_run_before_the_pools_stop(void **state)
{
    (void)state;
    struct pools *p = pools_start(1, 1, 10, 10);
    assert_true(pools_submit(p, RUN_QUICK, wait_at_the_gate, NULL));
    for (int i = 0; i < 9; i++)
        assert_true(pools_submit(p, RUN_QUICK, count, NULL));
    atomic_store(&gate_open, true);
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 10);
}

static void what_runs_now_is_for_no_pool(void **state)
{
    (void)state;
    struct pools *p = pools_start(1, 1, 1, 1);
    assert_false(pools_submit(p, RUN_NOW, count, NULL));
    assert_int_equal(pools_waiting(p, RUN_NOW), 0);
    pools_drain_and_stop(p);
    pools_drain_and_stop(NULL);
    assert_int_equal(atomic_load(&done), 0);
}

#define TEST(name) cmocka_unit_test_setup(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_job_is_run_once),
        TEST(a_full_queue_refuses_and_takes_again_when_there_is_room),
        TEST(a_slow_directory_does_not_hold_up_the_quick_pool),
        TEST(what_waits_is_run_before_the_pools_stop),
        TEST(what_runs_now_is_for_no_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
