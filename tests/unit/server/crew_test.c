#include "server/pools.h"

#include "server/base/loop.h"
#include "server/base/task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <stdatomic.h>

enum { LONG = 60000, QUEUE = 10 };

static struct pools *pools;
static struct loop *loop;
static bool can;
static unsigned begun, ended, refused;
static struct task *parked[2];
static atomic_uint jobs; /* done by workers */

static bool can_here(void *arg)
{
    (void)arg;
    return can;
}

static int set_up(void **state)
{
    (void)state;
    const struct waiting_limits limits = {QUEUE, LONG};
    can = true;
    begun = ended = refused = 0;
    pools = pools_start(&(struct pools_config){.quick_threads = 1,
                                               .dir_threads = 1,
                                               .quick = limits,
                                               .dir = limits,
                                               .tasks = 64,
                                               .can_here = can_here});
    loop = loop_new();
    return pools && loop ? 0 : -1;
}

/* In the order of the server itself. */
static int tear_down(void **state)
{
    (void)state;
    loop_free(loop);
    pools_drain_and_stop(pools);
    return 0;
}

/* Everything a loop does is done by its own thread, so the tests begin with something posted. */
static void run_loop_with(void (*first)(void *arg))
{
    struct loop_post post = {first, NULL, NULL};
    loop_post(loop, &post);
    loop_run(loop);
}

static void refuse(void *arg)
{
    (void)arg;
    refused++;
}

static bool submit(void (*run)(void *arg), uint32_t from)
{
    struct work work = {.run = run, .refuse = refuse, .from = from};
    return pools_submit(pools, RUN_QUICK, &work);
}

static void stop_when(unsigned expected)
{
    if (ended == expected)
        loop_stop(loop);
}

static void wait_here(void *arg)
{
    (void)arg;
    assert_ptr_equal(loop_current(), loop);
    parked[begun++] = task_current();
    task_park();
    ended++;
    stop_when(2);
}

static void wake_both(void *arg)
{
    (void)arg;
    assert_int_equal(begun, 2);
    assert_int_equal(ended, 0);
    task_wake(parked[1]);
    task_wake(parked[0]);
}

static void submit_two_that_wait(void *arg)
{
    (void)arg;
    assert_true(submit(wait_here, 1));
    assert_true(submit(wait_here, 2));
    assert_true(submit(wake_both, 3));
}

static void who_waits_holds_up_nobody(void **state)
{
    (void)state;
    run_loop_with(submit_two_that_wait);
    assert_int_equal(ended, 2);
}

static void have_the_only_turn(void *arg)
{
    (void)arg;
    begun++;
    assert_int_equal(begun - ended, 1);
    for (int i = 0; i < 3; i++)
        task_yield();
    ended++;
    stop_when(3);
}

static void submit_three_for_the_directory(void *arg)
{
    (void)arg;
    struct work work = {.run = have_the_only_turn, .refuse = refuse};
    for (int i = 0; i < 3; i++)
        assert_true(pools_submit(pools, RUN_DIR, &work));
}

static void no_more_wait_for_the_directory_than_threads(void **state)
{
    (void)state;
    run_loop_with(submit_three_for_the_directory);
    assert_int_equal(ended, 3);
}

static void run_on_worker(void *arg)
{
    (void)arg;
    assert_null(loop_current());
    assert_null(task_current());
    ended++;
    loop_stop(loop);
}

static void submit_where_it_cannot(void *arg)
{
    (void)arg;
    can = false;
    assert_true(submit(run_on_worker, 1));
}

static void what_cannot_be_done_here_is_done_by_the_pool(void **state)
{
    (void)state;
    run_loop_with(submit_where_it_cannot);
    assert_int_equal(ended, 1);
}

static void note_worker(void *arg)
{
    (void)arg;
    assert_null(loop_current());
    if (atomic_fetch_add(&jobs, 1) == 1)
        loop_stop(loop);
}

static void submit_what_computes(void *arg)
{
    (void)arg;
    const enum run_where apart[] = {RUN_QUICK_APART, RUN_DIR_APART};
    for (int i = 0; i < 2; i++) {
        assert_true(pools_have_room(pools, apart[i], 1));
        assert_true(pools_submit(pools, apart[i], &(struct work){.run = note_worker, .refuse = refuse}));
    }
}

static void what_computes_for_long_is_left_to_the_pool(void **state)
{
    (void)state;
    atomic_store(&jobs, 0);
    run_loop_with(submit_what_computes);
    assert_int_equal(atomic_load(&jobs), 2);
}

static void note_that_it_ran_elsewhere(void *arg)
{
    assert_null(loop_current());
    *(bool *)arg = true;
}

static void block(void *arg)
{
    (void)arg;
    bool elsewhere = false;
    loop_block(LOOP_WAITS_LONG, note_that_it_ran_elsewhere, &elsewhere);
    assert_true(elsewhere);
    assert_ptr_equal(loop_current(), loop);
    ended++;
    stop_when(1);
}

static void submit_one_that_blocks(void *arg)
{
    (void)arg;
    assert_true(submit(block, 1));
}

static void what_blocks_is_left_to_the_pool(void **state)
{
    (void)state;
    run_loop_with(submit_one_that_blocks);
    assert_int_equal(ended, 1);
}

static atomic_bool gate_open;

static void wait_at_the_gate(void *arg)
{
    (void)arg;
    while (!atomic_load(&gate_open))
        poll(NULL, 0, 1);
}

static void block_at_the_gate(void *arg)
{
    (void)arg;
    begun++;
    loop_block(LOOP_WAITS_LONG, wait_at_the_gate, NULL);
    ended++;
    stop_when(QUEUE);
}

static void count_job(void *arg)
{
    (void)arg;
    atomic_fetch_add(&jobs, 1);
}

/* As when the strand breaks meanwhile. */
static void submit_elsewhere_too(void *arg)
{
    (void)arg;
    if (begun < QUEUE) {
        static struct loop_post again;
        again = (struct loop_post){submit_elsewhere_too, NULL, NULL};
        loop_post(loop, &again);
        return;
    }
    struct work work = {.run = count_job, .refuse = refuse, .from = 1};
    can = false;
    for (unsigned i = 0; i < QUEUE; i++)
        assert_true(pools_submit(pools, RUN_DIR, &work));
    assert_false(pools_submit(pools, RUN_DIR, &work));
    work.from = 2;
    assert_true(pools_submit(pools, RUN_DIR, &work));
    assert_int_equal(refused, 1);
    atomic_store(&gate_open, true);
}

static void submit_many_that_block(void *arg)
{
    for (unsigned i = 0; i < QUEUE; i++)
        assert_true(submit(block_at_the_gate, 1));
    submit_elsewhere_too(arg);
}

static void what_a_task_waits_for_makes_room_for_nobody(void **state)
{
    (void)state;
    atomic_store(&gate_open, false);
    atomic_store(&jobs, 0);
    run_loop_with(submit_many_that_block);
    assert_int_equal(ended, QUEUE);
    while (atomic_load(&jobs) < QUEUE)
        poll(NULL, 0, 1);
}

static void end_at_once(void *arg)
{
    (void)arg;
    ended++;
    stop_when(QUEUE);
}

/* Nothing runs before the next turn of the loop, so all of them wait. */
static void submit_too_many(void *arg)
{
    (void)arg;
    for (unsigned i = 0; i < QUEUE; i++) {
        assert_true(pools_have_room(pools, RUN_QUICK, 1));
        assert_true(submit(end_at_once, 1));
    }
    assert_false(pools_have_room(pools, RUN_QUICK, 1));
    assert_false(submit(end_at_once, 1));
    assert_int_equal(refused, 0);
    assert_true(pools_have_room(pools, RUN_QUICK, 2));
    assert_true(submit(end_at_once, 2));
    assert_int_equal(refused, 1);
}

static void a_full_queue_refuses_whoever_asks_most(void **state)
{
    (void)state;
    run_loop_with(submit_too_many);
    assert_int_equal(ended, QUEUE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(who_waits_holds_up_nobody),
        TEST(no_more_wait_for_the_directory_than_threads),
        TEST(what_cannot_be_done_here_is_done_by_the_pool),
        TEST(what_computes_for_long_is_left_to_the_pool),
        TEST(what_blocks_is_left_to_the_pool),
        TEST(what_a_task_waits_for_makes_room_for_nobody),
        TEST(a_full_queue_refuses_whoever_asks_most),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
