#include "tests/unit/server/http/raw.h"

#include "server/base/clock.h"

#define GATE "GET /gate HTTP/1.1\r\n" HOST "\r\n"
#define POSTED                                                                                               \
    "POST /gate HTTP/1.1\r\n" HOST                                                                           \
    "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\n"

enum { RUNS_AND_WAITS = 3 };

static int busy[RUNS_AND_WAITS];

/* One runs, and as many wait as may. */
static void fill_the_queue(void)
{
    for (int i = 0; i < RUNS_AND_WAITS; i++) {
        busy[i] = dial();
        SEND(busy[i], GATE);
        if (i == 0)
            wait_for(&gated, 1);
    }
    while (listener_busy(listener) < RUNS_AND_WAITS)
        poll(NULL, 0, 1);
}

static void empty_the_queue(void)
{
    atomic_store(&gate_open, true);
    for (int i = 0; i < RUNS_AND_WAITS; i++) {
        assert_int_equal(read_answer(busy[i])->status, 200);
        close(busy[i]);
    }
}

static void a_full_queue_is_told_at_once(void **state)
{
    (void)state;
    fill_the_queue();
    int shed = dial();
    SEND(shed, GATE);
    struct answer *a = read_answer(shed);
    assert_int_equal(a->status, 503);
    assert_true(has_header(a, "Retry-After: 1"));
    assert_true(has_header(a, "Cache-Control: no-store"));
    /* The other pool goes on, and so does the connection that was shed. */
    SEND(shed, "GET /quick HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(read_answer(shed)->status, 200);
    empty_the_queue();
    close(shed);
}

static void who_comes_again_at_once_is_held_up_for_longer_each_time(void **state)
{
    (void)state;
    fill_the_queue();
    int shed = dial();
    SEND(shed, GATE);
    assert_int_equal(read_answer(shed)->status, 503);
    int64_t began = clock_monotonic_ms();
    for (int i = 0; i < 2; i++) {
        /* What memory answers neither waits nor counts as having waited. */
        SEND(shed, "GET /now HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(read_answer(shed)->status, 200);
        SEND(shed, GATE);
        assert_int_equal(read_answer(shed)->status, 503);
    }
    /* 100 and 200, by a clock that goes in steps. */
    assert_true(clock_monotonic_ms() - began >= 280);
    empty_the_queue();
    close(shed);
}

static void a_request_that_was_held_up_arrives_whole(void **state)
{
    (void)state;
    fill_the_queue();
    int at_once = dial(), in_pieces = dial();
    SEND(at_once, GATE);
    SEND(in_pieces, GATE);
    assert_int_equal(read_answer(at_once)->status, 503);
    assert_int_equal(read_answer(in_pieces)->status, 503);
    SEND(at_once, POSTED "a=body");
    SEND(in_pieces, POSTED);
    poll(NULL, 0, 20);
    SEND(in_pieces, "a=");
    empty_the_queue();
    SEND(in_pieces, "body");
    int both[] = {at_once, in_pieces};
    for (int i = 0; i < 2; i++) {
        struct answer *a = read_answer(both[i]);
        assert_int_equal(a->status, 200);
        assert_non_null(strstr(a->body, "a=body"));
        close(both[i]);
    }
}

/* Its next request will be held up. */
static int dial_and_be_shed(void)
{
    int fd = dial();
    SEND(fd, GATE);
    assert_int_equal(read_answer(fd)->status, 503);
    return fd;
}

static void who_is_held_up_is_told_to_go_on_afterwards(void **state)
{
    (void)state;
    fill_the_queue();
    int expects = dial_and_be_shed(), head = dial_and_be_shed();
    SEND(expects, "POST /gate HTTP/1.1\r\n" HOST FORM "Expect: 100-continue\r\nContent-Length: 6\r\n\r\n");
    SEND(head, "HEAD /gate HTTP/1.1\r\n" HOST "\r\n");
    empty_the_queue();
    assert_int_equal(read_answer(expects)->status, 100);
    SEND(expects, "a=body");
    struct answer *a = read_answer(expects);
    assert_int_equal(a->status, 200);
    assert_non_null(strstr(a->body, "a=body"));
    assert_int_equal(read_one(head, true)->status, 200);
    close(expects);
    close(head);
}

/* By a reset, by an end, and with half a body sent; nothing of it is done. */
static void who_leaves_while_held_up_leaves_nothing_behind(void **state)
{
    (void)state;
    enum { LEAVE = 30 };
    int fd[LEAVE];
    fill_the_queue();
    for (int i = 0; i < LEAVE; i++) {
        const struct linger reset = {.l_onoff = 1};
        fd[i] = dial_and_be_shed();
        if (i % 3 == 0)
            setsockopt(fd[i], SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
        if (i % 3 == 1)
            SEND(fd[i], POSTED "a=b");
        else
            SEND(fd[i], POSTED "a=body" GATE);
    }
    poll(NULL, 0, 20);
    for (int i = 0; i < LEAVE; i++)
        close(fd[i]);
    empty_the_queue();
    int later = dial();
    SEND(later, GATE);
    assert_int_equal(read_answer(later)->status, 200);
    close(later);
}

static void who_is_held_up_does_not_hold_up_the_end(void **state)
{
    (void)state;
    fill_the_queue();
    int shed = dial();
    for (int i = 0; i < 2; i++)
        SEND(shed, GATE GATE);
    assert_int_equal(read_answer(shed)->status, 503);
    empty_the_queue();
    /* The server stops now. */
    close(shed);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_server, stop_server)
    const struct CMUnitTest tests[] = {
        TEST(a_full_queue_is_told_at_once),
        TEST(who_comes_again_at_once_is_held_up_for_longer_each_time),
        TEST(a_request_that_was_held_up_arrives_whole),
        TEST(who_is_held_up_is_told_to_go_on_afterwards),
        TEST(who_leaves_while_held_up_leaves_nothing_behind),
        TEST(who_is_held_up_does_not_hold_up_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
