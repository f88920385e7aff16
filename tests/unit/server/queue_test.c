#include "server/queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static bool put(struct queue *q, uint32_t from, int64_t since)
{
    return queue_put(q, &(struct queued){.work = {.from = from}, .since = since});
}

static void assert_next(struct queue *q, uint32_t from, int64_t since)
{
    struct queued job;
    assert_true(queue_take(q, &job));
    assert_int_equal(job.work.from, from);
    assert_int_equal(job.since, since);
}

static void the_lines_take_turns(void **state)
{
    (void)state;
    struct queue *q = queue_new(8);
    for (int64_t i = 1; i <= 4; i++)
        assert_true(put(q, 7, i));
    assert_true(put(q, 8, 5));
    assert_true(put(q, 9, 6));
    assert_int_equal(queue_ahead(q, 7), 6);
    assert_int_equal(queue_ahead(q, 8), 4);
    assert_int_equal(queue_ahead(q, 10), 3);
    assert_next(q, 7, 1);
    assert_next(q, 8, 5);
    assert_next(q, 9, 6);
    assert_true(put(q, 8, 7));
    assert_next(q, 7, 2);
    assert_next(q, 8, 7);
    assert_next(q, 7, 3);
    assert_next(q, 7, 4);
    struct queued none;
    assert_false(queue_take(q, &none));
    assert_int_equal(queue_waiting(q), 0);
    queue_free(q);
}

static void a_full_queue_takes_none_and_every_place_comes_back(void **state)
{
    (void)state;
    struct queue *q = queue_new(3);
    for (int64_t round = 0; round < 1000; round++) {
        for (uint32_t i = 0; i < 3; i++)
            assert_true(put(q, i * (uint32_t)round, round * 3 + i));
        assert_false(put(q, 5, 0));
        struct queued job;
        for (int i = 0; i < 3; i++)
            assert_true(queue_take(q, &job));
    }
    queue_free(q);
}

static void room_is_made_by_the_longest_line_only(void **state)
{
    (void)state;
    struct queue *q = queue_new(4);
    struct queued evicted;
    for (int64_t i = 1; i <= 4; i++)
        put(q, 1, i);
    assert_false(queue_has_room(q, 1));
    assert_true(queue_has_room(q, 2));
    assert_false(queue_make_room(q, 1, &evicted));
    assert_true(queue_make_room(q, 2, &evicted));
    assert_int_equal(evicted.since, 1);
    assert_true(put(q, 2, 5));
    assert_true(queue_make_room(q, 2, &evicted));
    assert_int_equal(evicted.since, 2);
    assert_true(put(q, 2, 6));
    assert_false(queue_make_room(q, 2, &evicted));
    assert_next(q, 1, 3);
    assert_next(q, 2, 5);
    queue_free(q);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lines_take_turns),
        cmocka_unit_test(a_full_queue_takes_none_and_every_place_comes_back),
        cmocka_unit_test(room_is_made_by_the_longest_line_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
