#include "server/pools.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdatomic.h>

enum { LONG = 60000 };

static atomic_int done, refused;
static atomic_bool gate_open;

static void count(void *arg)
{
    (void)arg;
    atomic_fetch_add(&done, 1);
}

static void refuse(void *arg)
{
    (void)arg;
    atomic_fetch_add(&refused, 1);
}

static bool unwanted(void *arg)
{
    (void)arg;
    return false;
}

static struct pools *start(unsigned quick, unsigned dir, size_t queue, int64_t patience_ms)
{
    const struct waiting_limits limits = {queue, patience_ms};
    return pools_start(
        &(struct pools_config){.quick_threads = quick, .dir_threads = dir, .quick = limits, .dir = limits});
}

#define SUBMIT(p, where, job) pools_submit(p, where, &(struct work){.run = (job), .refuse = refuse})

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
    atomic_store(&refused, 0);
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
    struct pools *p = start(3, 2, 500, LONG);
    assert_non_null(p);
    for (int i = 0; i < 500; i++) {
        assert_true(SUBMIT(p, RUN_QUICK, count));
        assert_true(SUBMIT(p, RUN_DIR, count));
    }
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 1000);
}

static void a_full_queue_refuses_and_takes_again_when_there_is_room(void **state)
{
    (void)state;
    struct pools *p = start(1, 1, 2, LONG);
    assert_true(SUBMIT(p, RUN_QUICK, wait_at_the_gate));
    wait_until_taken(p, RUN_QUICK);
    assert_true(SUBMIT(p, RUN_QUICK, count));
    assert_true(SUBMIT(p, RUN_QUICK, count));
    assert_false(SUBMIT(p, RUN_QUICK, count));
    atomic_store(&gate_open, true);
    wait_until_taken(p, RUN_QUICK);
    assert_true(SUBMIT(p, RUN_QUICK, count));
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 4);
}

static void whoever_asks_most_makes_room_for_others(void **state)
{
    (void)state;
    struct pools *p = start(1, 1, 4, LONG);
    assert_true(SUBMIT(p, RUN_QUICK, wait_at_the_gate));
    wait_until_taken(p, RUN_QUICK);
    struct work greedy = {.run = count, .refuse = refuse, .from = 1};
    for (int i = 0; i < 4; i++)
        assert_true(pools_submit(p, RUN_QUICK, &greedy));
    assert_false(pools_submit(p, RUN_QUICK, &greedy));
    for (uint32_t from = 2; from < 5; from++)
        assert_true(pools_submit(p, RUN_QUICK, &(struct work){.run = count, .refuse = refuse, .from = from}));
    assert_int_equal(atomic_load(&refused), 3);
    /* Now all have one: a fifth has no better right than they. */
    assert_false(pools_submit(p, RUN_QUICK, &(struct work){.run = count, .refuse = refuse, .from = 5}));
    atomic_store(&gate_open, true);
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 5);
}

static void what_waited_too_long_is_refused(void **state)
{
    (void)state;
    struct pools *p = start(1, 1, 10, 20);
    assert_true(SUBMIT(p, RUN_QUICK, wait_at_the_gate));
    wait_until_taken(p, RUN_QUICK);
    for (int i = 0; i < 5; i++)
        assert_true(SUBMIT(p, RUN_QUICK, count));
    poll(NULL, 0, 60);
    atomic_store(&gate_open, true);
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 1);
    assert_int_equal(atomic_load(&refused), 5);
}

/* One job that took long is remembered: whoever would wait for several such is told at once. */
static void what_would_wait_too_long_is_not_taken(void **state)
{
    (void)state;
    struct pools *p = start(1, 1, 1000, 500);
    assert_true(SUBMIT(p, RUN_QUICK, wait_at_the_gate));
    wait_until_taken(p, RUN_QUICK);
    poll(NULL, 0, 400);
    atomic_store(&gate_open, true);
    while (atomic_load(&done) == 0)
        poll(NULL, 0, 1);
    atomic_store(&gate_open, false);
    assert_true(SUBMIT(p, RUN_QUICK, wait_at_the_gate));
    wait_until_taken(p, RUN_QUICK);
    int taken = 0;
    while (taken < 1000 && SUBMIT(p, RUN_QUICK, count))
        taken++;
    assert_in_range(taken, 1, 30);
    /* Who stands in no line waits for one of each line, here only one. */
    assert_true(pools_submit(p, RUN_QUICK, &(struct work){.run = count, .refuse = refuse, .from = 1}));
    atomic_store(&gate_open, true);
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done) + atomic_load(&refused), taken + 3);
}

static void what_nobody_wants_any_more_is_refused(void **state)
{
    (void)state;
    struct pools *p = start(1, 1, 10, LONG);
    assert_true(SUBMIT(p, RUN_QUICK, wait_at_the_gate));
    wait_until_taken(p, RUN_QUICK);
    struct work moot = {.run = count, .refuse = refuse, .wanted = unwanted};
    assert_true(pools_submit(p, RUN_QUICK, &moot));
    assert_true(SUBMIT(p, RUN_QUICK, count));
    poll(NULL, 0, 20);
    atomic_store(&gate_open, true);
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 2);
    assert_int_equal(atomic_load(&refused), 1);
}

static void a_slow_directory_does_not_hold_up_the_quick_pool(void **state)
{
    (void)state;
    struct pools *p = start(1, 1, 10, LONG);
    assert_true(SUBMIT(p, RUN_DIR, wait_at_the_gate));
    assert_true(SUBMIT(p, RUN_DIR, count));
    assert_true(SUBMIT(p, RUN_QUICK, count));
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
    struct pools *p = start(1, 1, 10, LONG);
    assert_true(SUBMIT(p, RUN_QUICK, wait_at_the_gate));
    for (int i = 0; i < 9; i++)
        assert_true(SUBMIT(p, RUN_QUICK, count));
    atomic_store(&gate_open, true);
    pools_drain_and_stop(p);
    assert_int_equal(atomic_load(&done), 10);
}

static void what_runs_now_is_for_no_pool(void **state)
{
    (void)state;
    struct pools *p = start(1, 1, 1, LONG);
    assert_false(SUBMIT(p, RUN_NOW, count));
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
        TEST(whoever_asks_most_makes_room_for_others),
        TEST(what_waited_too_long_is_refused),
        TEST(what_would_wait_too_long_is_not_taken),
        TEST(what_nobody_wants_any_more_is_refused),
        TEST(a_slow_directory_does_not_hold_up_the_quick_pool),
        TEST(what_waits_is_run_before_the_pools_stop),
        TEST(what_runs_now_is_for_no_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
