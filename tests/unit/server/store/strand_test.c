/* One connection under many tasks: whatever happens to it, nobody gets another's answer, nothing is sent
 * twice, and the loop never stands still. */
#include "tests/unit/server/store/riders.h"
#include "tests/unit/support/wheel.h"

#include "server/base/task.h"
#include "server/store/strand.h"

enum { RIDERS = 24 };

static struct {
    struct wheel wheel;
    struct strand *strand;
    atomic_uint flushes;
    struct loop_member member;
} here;

static int64_t settle(void *arg, int64_t now)
{
    (void)arg;
    return strand_settle(here.strand, now);
}

static void gone(void *arg)
{
    (void)arg;
    strand_free(here.strand);
}

static int begin_strand(void **state)
{
    (void)state;
    begin_road();
    memset(&here, 0, sizeof here);
    const struct strand_parts parts = {&road.config, road.guard, &road.trouble, &here.flushes};
    here.wheel.loop = loop_new();
    here.strand = strand_new(here.wheel.loop, &parts);
    here.member = (struct loop_member){.owner = &here, .settle = settle, .gone = gone};
    loop_join(here.wheel.loop, &here.member);
    wheel_start(&here.wheel);
    return here.strand ? 0 : -1;
}

static int end_strand(void **state)
{
    (void)state;
    wheel_stop(&here.wheel);
    end_road();
    return 0;
}

/* One question and its answer. */
struct saying {
    const char *text;
    uint64_t on; /* that connection; 0: any */
    uint64_t life;
    enum link link;
    bool right;
};

static void say_it(void *arg)
{
    struct saying *s = arg;
    struct batch b;
    redisReply *reply[1];
    batch_init(&b);
    BATCH_ADD(&b, STR("ECHO"), str_of(s->text));
    s->link = s->on ? strand_run_on(here.strand, s->on, &b, reply, in_time())
                    : strand_run(here.strand, &b, reply, in_time(), &s->life);
    s->right = s->link == LINK_OK ? str_eq(reply_str(reply[0]), str_of(s->text)) : !reply[0];
    replies_free(reply, 1);
    batch_free(&b);
}

static enum link say(const char *text, uint64_t *life)
{
    struct saying s = {.text = text};
    wheel_do(&here.wheel, say_it, &s);
    assert_true(s.right);
    *life = s.life;
    return s.link;
}

static enum link say_on(uint64_t life)
{
    struct saying s = {.text = "on that one", .on = life};
    wheel_do(&here.wheel, say_it, &s);
    assert_true(s.right);
    return s.link;
}

/* Redis is back: so is the strand, once its pause is over. */
static uint64_t until_it_answers(void)
{
    uint64_t life;
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (say("there?", &life) != LINK_OK) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
    return life;
}

static void ask_stands(void *arg)
{
    *(bool *)arg = strand_stands(here.strand);
}

static bool stands(void)
{
    bool is;
    wheel_tell(&here.wheel, ask_stands, &is);
    return is;
}

static void until_it_stands(bool wanted)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (stands() != wanted) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
}

static enum link run_here(const struct batch *b, redisReply **replies)
{
    uint64_t life;
    return strand_run(here.strand, b, replies, in_time(), &life);
}

static void ride_on(void *arg)
{
    (void)arg;
    int me = atomic_fetch_add(&riders.next, 1);
    for (unsigned turn = 0; !atomic_load(&riders.over); turn++) {
        riders_ask(me, turn, run_here);
        task_yield();
    }
    atomic_fetch_sub(&riders.running, 1);
}

static void spawn_riders(void *arg)
{
    (void)arg;
    for (int i = 0; i < RIDERS; i++)
        if (!loop_spawn(loop_current(), ride_on, NULL))
            abort();
}

static void riders_start(void)
{
    memset(&riders, 0, sizeof riders);
    riders.running = RIDERS;
    wheel_tell(&here.wheel, spawn_riders, NULL);
}

static void riders_stop(void)
{
    atomic_store(&riders.over, true);
    while (atomic_load(&riders.running) > 0)
        usleep(1000);
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

static int64_t reads_of_redis(void)
{
    redisReply *info = redis_ask(&world.redis, "INFO stats");
    const char *line = strstr(info->str, "total_reads_processed:");
    assert_non_null(line);
    int64_t reads = atoll(strchr(line, ':') + 1);
    freeReplyObject(info);
    return reads;
}

/* Far fewer reads than batches: what is asked in one turn goes out together. */
static void what_is_asked_in_one_turn_is_sent_together(void **state)
{
    (void)state;
    until_it_answers();
    int64_t before = reads_of_redis();
    riders_start();
    until_answered(4000);
    riders_stop();
    int64_t reads = reads_of_redis() - before;
    assert_true(reads < atomic_load(&riders.answered) / 4);
}

/* More than a socket holds, both ways. */
struct load {
    struct str bytes;
    enum link link;
    bool whole;
};

static void carry(void *arg)
{
    enum { TIMES = 3 };
    struct load *l = arg;
    struct batch b;
    redisReply *replies[1 + TIMES];
    uint64_t life;
    batch_init(&b);
    BATCH_ADD(&b, STR("SET"), STR("large"), l->bytes);
    for (int i = 0; i < TIMES; i++)
        BATCH_ADD(&b, STR("GET"), STR("large"));
    l->link = strand_run(here.strand, &b, replies, clock_monotonic_ms() + PATIENCE_MS, &life);
    l->whole = l->link == LINK_OK;
    for (int i = 1; i <= TIMES && l->whole; i++)
        l->whole = str_eq(reply_str(replies[i]), l->bytes);
    replies_free(replies, b.commands);
    batch_free(&b);
}

static void a_large_batch_goes_through_beside_small_ones(void **state)
{
    (void)state;
    enum { LARGE = 3 << 20 };
    char *bytes = malloc(LARGE);
    assert_non_null(bytes);
    memset(bytes, 'x', LARGE);
    struct load l = {.bytes = {bytes, LARGE}};
    riders_start();
    until_answered(10);
    wheel_do(&here.wheel, carry, &l);
    assert_int_equal(l.link, LINK_OK);
    assert_true(l.whole);
    until_answered(10);
    riders_stop();
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

static void close_connections(void)
{
    freeReplyObject(redis_ask(&world.redis, "CLIENT KILL TYPE normal SKIPME yes"));
}

static void a_closed_connection_is_replaced(void **state)
{
    (void)state;
    uint64_t before = until_it_answers();
    riders_start();
    for (int i = 0; i < 10; i++) {
        until_answered(100);
        close_connections();
    }
    until_answered(100);
    riders_stop();
    assert_true(until_it_answers() > before);
}

/* One that Redis closed while nobody used it is no loss: not even the first who comes notices. */
static void a_connection_closed_while_idle_is_no_loss(void **state)
{
    (void)state;
    uint64_t before = until_it_answers(), after;
    for (int i = 0; i < 5; i++) {
        close_connections();
        until_it_stands(false);
        assert_int_equal(say("as if nothing had been", &after), LINK_OK);
        assert_true(after > before);
        before = after;
    }
}

static void leave(void *arg)
{
    strand_leave(here.strand, *(uint64_t *)arg);
}

static void a_connection_left_or_flushed_under_way_is_replaced(void **state)
{
    (void)state;
    uint64_t before = until_it_answers();
    riders_start();
    for (int i = 0; i < 20; i++) {
        uint64_t life = until_it_answers();
        until_answered(50);
        if (i % 2)
            atomic_fetch_add(&here.flushes, 1);
        else
            wheel_tell(&here.wheel, leave, &life);
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
        until_it_stands(false);
        redis_thaw(&world.redis);
        until_it_answers();
    }
    until_answered(200);
    riders_stop();
    assert_true(until_it_answers() > before);
}

static void who_waits_too_long_is_told_so(void **state)
{
    (void)state;
    uint64_t life;
    until_it_answers();
    redis_freeze(&world.redis);
    assert_int_equal(say("anybody?", &life), LINK_TIMEOUT);
    assert_true(life != 0);
    /* Who comes next connects anew, if that can be. */
    assert_int_equal(say("and now?", &life), LINK_BROKEN);
    assert_int_equal(life, 0);
    redis_thaw(&world.redis);
}

static void spin(void *arg)
{
    atomic_uint *turns = arg;
    for (int i = 0; i < 1000; i++) {
        atomic_fetch_add(turns, 1);
        task_yield();
    }
}

/* While one task waits for a connection to a Redis that does not answer, the others have their turns. */
static void a_connection_being_made_holds_up_nobody_else(void **state)
{
    (void)state;
    atomic_uint turns = 0;
    redis_freeze(&world.redis);
    struct saying waits = {.text = "patience"};
    struct wheel_call call = {{wheel_call_spawn, &call, NULL}, .run = say_it, .arg = &waits};
    sem_init(&call.over, 0, 0);
    loop_post(here.wheel.loop, &call.post);
    wheel_do(&here.wheel, spin, &turns);
    assert_int_equal(atomic_load(&turns), 1000);
    int over;
    sem_getvalue(&call.over, &over);
    assert_int_equal(over, 0);
    redis_thaw(&world.redis);
    while (sem_wait(&call.over) != 0)
        ;
    sem_destroy(&call.over);
    assert_int_equal(waits.link, LINK_OK);
    assert_true(waits.right);
}

static void nothing_goes_over_another_connection_than_the_one_named(void **state)
{
    (void)state;
    uint64_t first = until_it_answers();
    assert_int_equal(say_on(first), LINK_OK);
    wheel_tell(&here.wheel, leave, &first);
    assert_int_equal(say_on(first), LINK_BROKEN);
    assert_true(until_it_answers() > first);
    assert_int_equal(say_on(first), LINK_BROKEN);
}

static void nothing_is_connected_that_the_guard_refuses(void **state)
{
    (void)state;
    uint64_t life;
    freeReplyObject(redis_ask(&world.redis, "SET od:beat:road 0"));
    assert_int_equal(say("let me in", &life), LINK_BROKEN);
    assert_int_equal(life, 0);
    agree();
    until_it_answers();
}

/* What nobody waits for. */
struct sent {
    bool sent;
    atomic_int over;
    enum link link;
    int64_t answer;
};

static void take_answer(void *arg, enum link link, redisReply *const *replies)
{
    struct sent *s = arg;
    s->link = link;
    if (link != LINK_OK || !reply_int(replies[0], &s->answer))
        s->answer = -1;
    atomic_fetch_add(&s->over, 1);
}

static void send_one(void *arg)
{
    struct sent *s = arg;
    struct batch b;
    batch_init(&b);
    BATCH_ADD(&b, STR("INCR"), STR("sent"));
    s->sent = strand_send(here.strand, &b, in_time(), take_answer, s);
    batch_free(&b);
}

static void until_told(struct sent *s)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (atomic_load(&s->over) == 0) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
}

static void what_nobody_waits_for_is_answered_too(void **state)
{
    (void)state;
    struct sent none = {0}, one = {0}, late = {0};
    wheel_tell(&here.wheel, send_one, &none);
    assert_false(none.sent);
    until_it_answers();
    wheel_tell(&here.wheel, send_one, &one);
    assert_true(one.sent);
    until_told(&one);
    assert_int_equal(one.link, LINK_OK);
    assert_int_equal(one.answer, 1);
    redis_freeze(&world.redis);
    wheel_tell(&here.wheel, send_one, &late);
    until_told(&late);
    assert_int_equal(late.link, LINK_TIMEOUT);
    assert_int_equal(late.answer, -1);
    assert_int_equal(atomic_load(&late.over), 1);
    assert_int_equal(atomic_load(&none.over), 0);
    redis_thaw(&world.redis);
}

/* With an answer under way. */
static void it_may_end_at_any_moment(void **state)
{
    (void)state;
    static struct sent s;
    until_it_answers();
    redis_freeze(&world.redis);
    wheel_tell(&here.wheel, send_one, &s);
    assert_true(s.sent);
}

static void it_may_end_while_it_is_opened(void **state)
{
    (void)state;
    redis_freeze(&world.redis);
    assert_false(stands());
}

#define STRAND(f) cmocka_unit_test_setup_teardown(f, begin_strand, end_strand)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STRAND(everybody_gets_their_own_answers_over_one_connection),
        STRAND(what_is_asked_in_one_turn_is_sent_together),
        STRAND(a_large_batch_goes_through_beside_small_ones),
        STRAND(a_killed_redis_is_come_back_to),
        STRAND(a_closed_connection_is_replaced),
        STRAND(a_connection_closed_while_idle_is_no_loss),
        STRAND(a_connection_left_or_flushed_under_way_is_replaced),
        STRAND(a_late_answer_is_nobodys),
        STRAND(who_waits_too_long_is_told_so),
        STRAND(a_connection_being_made_holds_up_nobody_else),
        STRAND(nothing_goes_over_another_connection_than_the_one_named),
        STRAND(nothing_is_connected_that_the_guard_refuses),
        STRAND(what_nobody_waits_for_is_answered_too),
        STRAND(it_may_end_at_any_moment),
        STRAND(it_may_end_while_it_is_opened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
