#include "server/base/loop.h"

#include "server/base/log.h"
#include "server/base/task.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MANY = 1000 };

static char story[256];

static void tell(const char *what)
{
    strcat(story, what);
}

static int set_up(void **state)
{
    story[0] = 0;
    *state = loop_new();
    return *state ? 0 : -1;
}

static int tear_down(void **state)
{
    loop_free(*state);
    return 0;
}

static void speak_twice(void *name)
{
    tell(name);
    task_yield();
    tell(name);
}

static void stop(void *loop)
{
    loop_stop(loop);
}

static void tasks_take_turns(void **state)
{
    struct loop *l = *state;
    assert_true(loop_spawn(l, speak_twice, (char[]){"a"}));
    assert_true(loop_spawn(l, speak_twice, (char[]){"b"}));
    assert_true(loop_spawn(l, stop, l));
    loop_run(l);
    assert_string_equal(story, "abab");
}

static struct task *sleeper;

static void sleep_once(void *arg)
{
    (void)arg;
    sleeper = task_current();
    tell("sleeps ");
    task_park();
    tell("goes on");
    loop_stop(loop_current());
}

static void wake_it_twice(void *arg)
{
    (void)arg;
    tell("wakes ");
    task_wake(sleeper);
    task_wake(sleeper);
}

static void who_parks_goes_on_when_woken(void **state)
{
    struct loop *l = *state;
    assert_true(loop_spawn(l, sleep_once, NULL));
    assert_true(loop_spawn(l, wake_it_twice, NULL));
    loop_run(l);
    assert_string_equal(story, "sleeps wakes goes on");
}

static void each_task_has_what_is_its_own(void *name)
{
    struct task_own *own = task_own();
    assert_string_equal(own->reference, "");
    log_set_reference(str_of(name));
    task_yield();
    assert_ptr_equal(own, task_own());
    assert_string_equal(own->reference, name);
}

static void a_task_keeps_its_own_reference(void **state)
{
    struct loop *l = *state;
    log_set_reference(STR("thread"));
    assert_true(loop_spawn(l, each_task_has_what_is_its_own, (char[]){"one"}));
    assert_true(loop_spawn(l, each_task_has_what_is_its_own, (char[]){"other"}));
    assert_true(loop_spawn(l, speak_twice, (char[]){""}));
    assert_true(loop_spawn(l, speak_twice, (char[]){""}));
    assert_true(loop_spawn(l, stop, l));
    loop_run(l);
    assert_string_equal(task_own()->reference, "thread");
    log_set_reference(STR_EMPTY);
}

static unsigned finished;

/* Deep enough to leave the first pages of its stack. */
static uint64_t sum_of(volatile unsigned char *bytes, size_t n)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += bytes[i];
    return sum;
}

static void keep_much_on_the_stack(void *arg)
{
    unsigned char bytes[64 * 1024];
    memset(bytes, (int)(uintptr_t)arg & 255, sizeof bytes);
    task_yield();
    assert_int_equal(sum_of(bytes, sizeof bytes), sizeof bytes * ((uintptr_t)arg & 255));
    if (++finished == MANY)
        loop_stop(loop_current());
}

static void stacks_are_apart(void **state)
{
    struct loop *l = *state;
    finished = 0;
    for (uintptr_t i = 0; i < MANY; i++)
        assert_true(loop_spawn(l, keep_much_on_the_stack, (void *)i));
    loop_run(l);
    assert_int_equal(finished, MANY);
}

static void note_thread(void *arg)
{
    *(pthread_t *)arg = pthread_self();
}

struct visitor {
    struct loop *loop;
    struct loop_post posts[MANY];
    atomic_uint count;
};

static void count_visit(void *arg)
{
    struct visitor *v = arg;
    if (atomic_fetch_add(&v->count, 1) + 1 == MANY)
        loop_stop(v->loop);
}

static void *post_many(void *arg)
{
    struct visitor *v = arg;
    for (int i = 0; i < MANY; i++) {
        v->posts[i] = (struct loop_post){count_visit, v, NULL};
        loop_post(v->loop, &v->posts[i]);
    }
    return NULL;
}

static void what_others_post_is_run_once(void **state)
{
    struct visitor *v = calloc(1, sizeof *v);
    pthread_t thread;
    assert_non_null(v);
    v->loop = *state;
    assert_int_equal(pthread_create(&thread, NULL, post_many, v), 0);
    loop_run(v->loop);
    pthread_join(thread, NULL);
    assert_int_equal(atomic_load(&v->count), MANY);
    free(v);
}

/* A thread for each, which is enough for a test. */
static void *run_call(void *arg)
{
    struct loop_post *call = arg;
    call->run(call->arg);
    return NULL;
}

static void by_another_thread(void *arg, enum loop_wait wait, struct loop_post *what)
{
    assert_int_equal(wait, LOOP_WAITS_LONG);
    assert_int_equal(pthread_create(arg, NULL, run_call, what), 0);
}

static void block_once(void *thread)
{
    loop_block(LOOP_WAITS_LONG, note_thread, thread);
    tell("back");
    loop_stop(loop_current());
}

static void what_blocks_is_done_by_another_thread(void **state)
{
    struct loop *l = *state;
    pthread_t other, ran_on = pthread_self();
    loop_set_elsewhere(l, by_another_thread, &other);
    assert_true(loop_spawn(l, block_once, &ran_on));
    loop_run(l);
    pthread_join(other, NULL);
    assert_true(pthread_equal(ran_on, other));
    assert_string_equal(story, "back");
}

static void look_at_own(void *arg)
{
    char *seen = arg;
    memcpy(seen, task_own()->reference, sizeof task_own()->reference);
    task_own()->generation = 7;
}

static void block_with_a_reference(void *seen)
{
    strcpy(task_own()->reference, "telephone");
    loop_block(LOOP_WAITS_LONG, look_at_own, seen);
    assert_int_equal(task_own()->generation, 7);
    loop_stop(loop_current());
}

static void what_is_done_elsewhere_belongs_to_the_same_request(void **state)
{
    struct loop *l = *state;
    pthread_t other;
    char seen[sizeof task_own()->reference] = "";
    loop_set_elsewhere(l, by_another_thread, &other);
    assert_true(loop_spawn(l, block_with_a_reference, seen));
    loop_run(l);
    pthread_join(other, NULL);
    assert_string_equal(seen, "telephone");
}

static void what_blocks_is_done_here_where_nobody_else_does_it(void **state)
{
    struct loop *l = *state;
    pthread_t ran_on;
    memset(&ran_on, 0, sizeof ran_on);
    loop_block(LOOP_WAITS_LONG, note_thread, &ran_on);
    assert_true(pthread_equal(ran_on, pthread_self()));
    memset(&ran_on, 0, sizeof ran_on);
    assert_true(loop_spawn(l, block_once, &ran_on));
    loop_run(l);
    assert_true(pthread_equal(ran_on, pthread_self()));
}

struct pipe_end {
    struct loop *loop;
    struct loop_source source;
    struct loop_member member;
    int writable;
    bool gone;
};

static void read_byte(void *arg)
{
    struct pipe_end *p = arg;
    char byte;
    assert_int_equal(read(p->source.fd, &byte, 1), 1);
    tell("read ");
    loop_unwatch(p->loop, &p->source);
    loop_stop(p->loop);
}

static void at_the_beginning(void *arg)
{
    (void)arg;
    tell("begin ");
}

static int64_t write_late(void *arg, int64_t now)
{
    struct pipe_end *p = arg;
    assert_true(now > 0);
    tell("settle ");
    assert_int_equal(write(p->writable, "x", 1), 1);
    return -1;
}

static void go(void *arg)
{
    struct pipe_end *p = arg;
    p->gone = true;
}

static void members_and_descriptors_have_their_moment(void **state)
{
    struct pipe_end p = {.loop = *state};
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    p.writable = ends[1];
    p.source = (struct loop_source){ends[0], read_byte, &p};
    p.member = (struct loop_member){&p, at_the_beginning, write_late, go, &p, NULL};
    assert_true(loop_watch(p.loop, &p.source, false));
    loop_join(p.loop, &p.member);
    assert_ptr_equal(loop_member_of(p.loop, &p), &p.member);
    assert_null(loop_member_of(p.loop, &ends));
    loop_run(p.loop);
    assert_string_equal(story, "begin settle read ");
    loop_free(p.loop);
    assert_true(p.gone);
    *state = NULL;
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(tasks_take_turns),
        TEST(who_parks_goes_on_when_woken),
        TEST(a_task_keeps_its_own_reference),
        TEST(stacks_are_apart),
        TEST(what_others_post_is_run_once),
        TEST(what_blocks_is_done_by_another_thread),
        TEST(what_is_done_elsewhere_belongs_to_the_same_request),
        TEST(what_blocks_is_done_here_where_nobody_else_does_it),
        TEST(members_and_descriptors_have_their_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
