/* One connection under many threads: whatever happens to it, nobody gets another's answer, and nothing is
 * sent twice. */
#include "tests/unit/server/store/riders.h"

#include "server/store/lane.h"

#include <inttypes.h>

enum { PATIENT_MS = 4000, RIDERS = 12 };

static struct lane *lane;

static int begin_lane(void **state)
{
    (void)state;
    begin_road();
    lane = lane_new(&road.config, road.guard, &road.trouble);
    return lane ? 0 : -1;
}

static int end_lane(void **state)
{
    (void)state;
    lane_free(lane);
    end_road();
    return 0;
}

static enum link say(const char *text, uint64_t *life)
{
    struct batch b;
    redisReply *reply[1];
    batch_init(&b);
    BATCH_ADD(&b, STR("ECHO"), str_of(text));
    enum link link = lane_run(lane, &b, reply, in_time(), life);
    assert_true(link != LINK_OK || str_eq(reply_str(reply[0]), str_of(text)));
    assert_true(link == LINK_OK || !reply[0]);
    replies_free(reply, 1);
    batch_free(&b);
    return link;
}

/* Redis is back: so is the lane, once its pause is over. */
static uint64_t until_it_answers(void)
{
    uint64_t life;
    int64_t end = clock_monotonic_ms() + 20000;
    while (say("there?", &life) != LINK_OK) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
    return life;
}

static enum link run_here(const struct batch *b, redisReply **replies)
{
    uint64_t life;
    return lane_run(lane, b, replies, in_time(), &life);
}

static pthread_t threads[RIDERS];

static void *ride_on(void *arg)
{
    (void)arg;
    int me = atomic_fetch_add(&riders.next, 1);
    for (unsigned turn = 0; !atomic_load(&riders.over); turn++)
        if (riders_ask(me, turn, run_here) != LINK_OK)
            usleep(500);
    return NULL;
}

static void riders_start(void)
{
    memset(&riders, 0, sizeof riders);
    for (int i = 0; i < RIDERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ride_on, NULL), 0);
}

static void riders_stop(void)
{
    atomic_store(&riders.over, true);
    for (int i = 0; i < RIDERS; i++)
        pthread_join(threads[i], NULL);
    riders_judge();
}

static void everybody_gets_their_own_answers_over_one_connection(void **state)
{
    (void)state;
    uint64_t before, after;
    assert_int_equal(say("first", &before), LINK_OK);
    riders_start();
    until_answered(2000);
    riders_stop();
    assert_int_equal(say("last", &after), LINK_OK);
    assert_int_equal(before, after);
    assert_int_equal(atomic_load(&riders.answered), atomic_load(&riders.asked));
}

/* More than a socket holds, both ways. */
static void a_large_batch_goes_through_beside_small_ones(void **state)
{
    (void)state;
    enum { LARGE = 3 << 20, TIMES = 3 };
    char *bytes = malloc(LARGE);
    struct batch b;
    redisReply *replies[4];
    uint64_t life;
    assert_non_null(bytes);
    memset(bytes, 'x', LARGE);
    batch_init(&b);
    BATCH_ADD(&b, STR("SET"), STR("large"), (struct str){bytes, LARGE});
    for (int i = 0; i < TIMES; i++)
        BATCH_ADD(&b, STR("GET"), STR("large"));
    riders_start();
    until_answered(10);
    assert_int_equal(lane_run(lane, &b, replies, clock_monotonic_ms() + 60000, &life), LINK_OK);
    for (int i = 1; i <= TIMES; i++)
        assert_true(str_eq(reply_str(replies[i]), (struct str){bytes, LARGE}));
    until_answered(10);
    riders_stop();
    replies_free(replies, b.commands);
    batch_free(&b);
    free(bytes);
}

static void a_killed_redis_is_come_back_to(void **state)
{
    (void)state;
    uint64_t before = until_it_answers();
    riders_start();
    for (int i = 0; i < 3; i++) {
        until_answered(200);
        redis_kill(&world.redis);
        redis_run(&world.redis);
    }
    until_answered(200);
    riders_stop();
    assert_true(until_it_answers() >= before + 3);
}

static void a_closed_connection_is_replaced(void **state)
{
    (void)state;
    uint64_t before = until_it_answers();
    riders_start();
    for (int i = 0; i < 10; i++) {
        until_answered(100);
        freeReplyObject(redis_ask(&world.redis, "CLIENT KILL TYPE normal SKIPME yes"));
    }
    until_answered(100);
    riders_stop();
    assert_true(until_it_answers() > before);
}

static void a_connection_left_or_flushed_under_way_is_replaced(void **state)
{
    (void)state;
    uint64_t before = until_it_answers();
    riders_start();
    for (int i = 0; i < 20; i++) {
        until_answered(50);
        if (i % 2)
            lane_flush(lane);
        else
            lane_leave(lane, until_it_answers());
    }
    until_answered(50);
    riders_stop();
    assert_true(until_it_answers() >= before + 20);
}

/* What Redis says when it wakes up answers questions that nobody asks any more. */
static void a_late_answer_is_nobodys(void **state)
{
    (void)state;
    uint64_t before = until_it_answers();
    riders_start();
    for (int i = 0; i < 2; i++) {
        until_answered(200);
        redis_freeze(&world.redis);
        usleep((LIMIT_MS + 300) * 1000);
        redis_thaw(&world.redis);
        until_it_answers();
    }
    until_answered(200);
    riders_stop();
    assert_true(until_it_answers() > before);
}

static void nothing_goes_over_another_connection_than_the_one_named(void **state)
{
    (void)state;
    struct batch b;
    redisReply *reply[1];
    uint64_t first = until_it_answers();
    batch_init(&b);
    BATCH_ADD(&b, STR("INCR"), STR("named"));
    assert_int_equal(lane_run_on(lane, first, &b, reply, in_time()), LINK_OK);
    replies_free(reply, 1);
    lane_flush(lane);
    assert_int_equal(lane_run_on(lane, first, &b, reply, in_time()), LINK_BROKEN);
    assert_true(until_it_answers() > first);
    assert_int_equal(lane_run_on(lane, first, &b, reply, in_time()), LINK_BROKEN);
    assert_null(reply[0]);
    batch_free(&b);
    redisReply *named = redis_ask(&world.redis, "GET named");
    assert_string_equal(named->str, "1");
    freeReplyObject(named);
}

static void *thaw_after(void *arg)
{
    usleep(*(unsigned *)arg * 1000);
    redis_thaw(&world.redis);
    return NULL;
}

static enum link say_while_frozen(unsigned ms)
{
    pthread_t thread;
    uint64_t life;
    redis_freeze(&world.redis);
    pthread_create(&thread, NULL, thaw_after, &ms);
    enum link link = say("patience", &life);
    pthread_join(thread, NULL);
    return link;
}

/* Who connects has little time left for it; whoever uses the connection afterwards has all of theirs. */
static void a_slow_beginning_makes_no_hasty_connection(void **state)
{
    (void)state;
    road.config.operation_ms = PATIENT_MS;
    assert_int_equal(say_while_frozen(2500), LINK_OK);
    uint64_t life = until_it_answers();
    assert_int_equal(say_while_frozen(2200), LINK_OK);
    assert_int_equal(until_it_answers(), life);
}

static void nothing_is_connected_that_the_guard_refuses(void **state)
{
    (void)state;
    uint64_t life;
    freeReplyObject(redis_ask(&world.redis, "SET od:beat:road 0"));
    assert_int_equal(say("let me in", &life), LINK_BROKEN);
    assert_int_equal(life, 0);
    agree();
    lane_retry(lane);
    assert_int_equal(say("now", &life), LINK_OK);
}

#define LANE(f) cmocka_unit_test_setup_teardown(f, begin_lane, end_lane)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LANE(everybody_gets_their_own_answers_over_one_connection),
        LANE(a_large_batch_goes_through_beside_small_ones),
        LANE(a_killed_redis_is_come_back_to),
        LANE(a_closed_connection_is_replaced),
        LANE(a_connection_left_or_flushed_under_way_is_replaced),
        LANE(a_late_answer_is_nobodys),
        LANE(nothing_goes_over_another_connection_than_the_one_named),
        LANE(a_slow_beginning_makes_no_hasty_connection),
        LANE(nothing_is_connected_that_the_guard_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
