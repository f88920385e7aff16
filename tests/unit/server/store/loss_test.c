/* Writes that Redis has lost, and one server. */
#include "tests/unit/server/store/world.h"

static void an_emptied_redis_begins_a_new_epoch(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(store_floor(s), 0);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    assert_int_equal(spend(s, "step"), RESULT_OK);
    uint64_t changes = metric_read(METRIC_EPOCH_CHANGES);
    int64_t before = clock_now();
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    assert_int_equal(spend(s, "step"), RESULT_UNAVAILABLE); /* the very first one after it */
    assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
    store_beat(s);
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    assert_false(epoch_is(epoch));
    assert_in_range(store_floor(s), before, clock_now() + 2);
    assert_int_equal(metric_read(METRIC_EPOCH_CHANGES), changes + 1);
    assert_int_equal(put(s, "a", "new"), RESULT_OK);
    assert_holds(s, "a", "new");
    store_free(s);
}

static void a_read_notices_an_emptied_redis_too(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
    store_free(s);
}

/* In a thread of its own, because it stays bound. */
static void *request_across_a_loss(void *arg)
{
    struct store *s = arg;
    enum result before, within, after;
    store_request();
    before = put(s, "a", "x");
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    store_beat(s);
    within = spend(s, "a");
    store_request();
    after = spend(s, "a");
    return before == RESULT_OK && within == RESULT_UNAVAILABLE && after == RESULT_OK ? arg : NULL;
}

static void a_request_does_not_go_on_in_another_epoch(void **state)
{
    (void)state;
    struct store *s = server();
    pthread_t thread;
    void *result = NULL;
    pthread_create(&thread, NULL, request_across_a_loss, s);
    pthread_join(thread, &result);
    assert_non_null(result);
    store_free(s);
}

/* Fifty are at it while Redis is emptied: none may spend again what was spent before. */
static void no_crowd_slips_through_an_emptied_redis(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(store_spend(s, world.arena, STR("step"), STR_EMPTY, 60), RESULT_OK);
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    struct crowd c = {.store = s};
    crowd_run(&c);
    for (int i = 0; i < CROWD; i++)
        assert_int_equal(c.results[i], RESULT_UNAVAILABLE);
    store_free(s);
}

static void an_older_snapshot_under_a_running_server_revives_nothing(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    redis_snapshot(&world.redis);
    assert_int_equal(store_delete(s, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    redis_restore(&world.redis);
    assert_int_not_equal(get(s, "a"), RESULT_OK);
    beat_until_live(s);
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    assert_false(epoch_is(epoch));
    assert_true(store_floor(s) > 0);
    store_free(s);
}

static void one_lost_write_is_enough(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++) {
        struct store *s = server();
        redis_snapshot(&world.redis);
        assert_int_equal(spend(s, "only"), RESULT_OK);
        redis_restore(&world.redis);
        assert_int_equal(spend(s, "only"), RESULT_UNAVAILABLE);
        store_free(s);
    }
}

static void an_older_snapshot_under_stopped_servers_revives_nothing(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    redis_snapshot(&world.redis);
    assert_int_equal(store_delete(s, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    store_free(s);
    redis_restore(&world.redis);
    s = server();
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    assert_false(epoch_is(epoch));
    assert_true(store_floor(s) > 0);
    store_free(s);
}

static void an_empty_redis_under_stopped_servers_begins_a_new_epoch(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33], second[33];
    epoch_now(epoch);
    store_free(s);
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    s = server();
    epoch_now(second);
    assert_string_not_equal(epoch, second);
    assert_true(store_floor(s) > 0);
    store_free(s);
    s = server();
    assert_true(epoch_is(second));
    store_free(s);
}

static void a_name_forged_or_put_back_does_not_move_the_epoch(void **state)
{
    (void)state;
    struct store *s = server();
    redisReply *old = redis_ask(&world.redis, "GET od:epoch");
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    store_beat(s);
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    freeReplyObject(redis_ask(&world.redis, "SET od:epoch %b", old->str, (size_t)old->len));
    assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
    store_beat(s);
    assert_holds(s, "a", "x");
    assert_true(epoch_is(epoch));
    freeReplyObject(old);
    store_free(s);
}

/* The key of the only server's beat. */
static void beat_key(char *out, size_t room)
{
    redisReply *keys = redis_ask(&world.redis, "KEYS od:beat:*");
    assert_int_equal(keys->elements, 1);
    snprintf(out, room, "%s", keys->element[0]->str);
    freeReplyObject(keys);
}

static void overwritten_beats_end_the_epoch_and_nothing_worse(void **state)
{
    (void)state;
    struct store *s = server();
    char key[80];
    beat_key(key, sizeof key);
    freeReplyObject(redis_ask(&world.redis, "SET %s nonsense", key));
    assert_int_equal(spend(s, "x"), RESULT_UNAVAILABLE);
    store_beat(s);
    assert_int_equal(spend(s, "x"), RESULT_OK);
    store_free(s);
}

/* The write that notices counts the beat up again: a second look must not be taken in by that. */
static void a_loss_once_seen_is_never_explained_away(void **state)
{
    (void)state;
    struct store *s = server();
    char key[80], epoch[33];
    epoch_now(epoch);
    beat_key(key, sizeof key);
    freeReplyObject(redis_ask(&world.redis, "DECR %s", key)); /* one write lost under living connections */
    assert_int_equal(spend(s, "x"), RESULT_UNAVAILABLE);
    store_beat(s);
    assert_false(epoch_is(epoch));
    assert_int_equal(spend(s, "x"), RESULT_OK);
    store_free(s);
}

static void without_the_directory_an_empty_redis_grants_nothing(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    slapd_kill(&world.slapd);
    store_beat(s);
    assert_holds(s, "a", "x"); /* sessions go on */
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    store_beat(s);
    assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
    assert_int_equal(put(s, "b", "x"), RESULT_UNAVAILABLE);
    slapd_run(&world.slapd, false);
    assert_in_range(beat_until_live(s), 0, 5000);
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    store_free(s);
}

static void without_the_directory_a_restarted_redis_serves_on(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    slapd_kill(&world.slapd);
    redis_kill(&world.redis);
    assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
    redis_run(&world.redis);
    usleep(300000);
    assert_holds(s, "a", "x");
    slapd_run(&world.slapd, false);
    store_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(an_emptied_redis_begins_a_new_epoch),
        STORY(a_read_notices_an_emptied_redis_too),
        STORY(a_request_does_not_go_on_in_another_epoch),
        STORY(no_crowd_slips_through_an_emptied_redis),
        STORY(an_older_snapshot_under_a_running_server_revives_nothing),
        STORY(one_lost_write_is_enough),
        STORY(an_older_snapshot_under_stopped_servers_revives_nothing),
        STORY(an_empty_redis_under_stopped_servers_begins_a_new_epoch),
        STORY(a_name_forged_or_put_back_does_not_move_the_epoch),
        STORY(overwritten_beats_end_the_epoch_and_nothing_worse),
        STORY(a_loss_once_seen_is_never_explained_away),
        STORY(without_the_directory_an_empty_redis_grants_nothing),
        STORY(without_the_directory_a_restarted_redis_serves_on),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
