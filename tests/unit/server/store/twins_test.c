/* Several servers over one Redis that loses writes. */
#include "tests/unit/server/store/world.h"

static void twins_end_in_one_new_epoch(void **state)
{
    (void)state;
    struct store *one = server(), *two = server();
    assert_int_equal(put(one, "a", "x"), RESULT_OK);
    assert_holds(two, "a", "x");
    uint64_t changes = metric_read(METRIC_EPOCH_CHANGES);
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    char epoch[33];
    store_beat(one);
    epoch_now(epoch);
    assert_int_equal(put(one, "b", "x"), RESULT_OK);
    assert_int_not_equal(get(two, "b"), RESULT_OK);
    store_beat(two);
    assert_holds(two, "b", "x");
    assert_int_equal(put(two, "c", "y"), RESULT_OK);
    store_beat(one);
    assert_holds(one, "c", "y");
    assert_true(epoch_is(epoch));
    assert_int_equal(store_floor(one), store_floor(two));
    assert_int_equal(metric_read(METRIC_EPOCH_CHANGES), changes + 2);
    store_free(one);
    store_free(two);
}

static void *beat_twenty_times(void *s)
{
    for (int i = 0; i < 20; i++)
        store_beat(s);
    return NULL;
}

static void twins_that_notice_at_once_agree(void **state)
{
    (void)state;
    struct store *twins[3] = {server(), server(), server()};
    for (int round = 0; round < 5; round++) {
        pthread_t threads[3];
        char before[33], after[33];
        epoch_now(before);
        freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
        for (int i = 0; i < 3; i++)
            pthread_create(&threads[i], NULL, beat_twenty_times, twins[i]);
        for (int i = 0; i < 3; i++)
            pthread_join(threads[i], NULL);
        epoch_now(after);
        assert_string_not_equal(before, after);
        assert_int_equal(put(twins[0], "a", "x"), RESULT_OK);
        assert_holds(twins[1], "a", "x");
        assert_holds(twins[2], "a", "x");
        assert_int_equal(store_floor(twins[0]), store_floor(twins[2]));
    }
    for (int i = 0; i < 3; i++)
        store_free(twins[i]);
}

static void a_twin_follows_when_a_loss_was_not_its_own(void **state)
{
    (void)state;
    struct store *one = server(), *two = server();
    redis_snapshot(&world.redis);
    assert_int_equal(spend(one, "x"), RESULT_OK); /* of what two has done nothing is missing */
    redis_restore(&world.redis);
    assert_int_equal(store_ping(two), RESULT_OK);
    beat_until_live(one);
    assert_int_equal(spend(two, "x"), RESULT_UNAVAILABLE); /* the first one that meets the new name */
    store_beat(two);
    assert_int_equal(spend(one, "y"), RESULT_OK);
    assert_int_equal(spend(two, "y"), RESULT_USED);
    store_free(one);
    store_free(two);
}

static void the_registry_is_followed_when_redis_is_silent(void **state)
{
    (void)state;
    struct store *s = server();
    struct epoch old, next;
    assert_int_equal(epoch_read(world.directory, &old), RESULT_OK);
    assert_int_equal(epoch_advance(world.directory, &old, &next), RESULT_OK); /* by one that died then */
    int64_t start = clock_monotonic_ms();
    while (store_floor(s) == 0 && clock_monotonic_ms() - start < 8000) {
        store_beat(s);
        usleep(100000);
    }
    assert_true(store_floor(s) > 0);
    store_free(s);
}

struct busy {
    struct store *store;
    atomic_bool stop;
    atomic_int done, refused, wrong;
};

static void *keep_busy(void *arg)
{
    struct busy *b = arg;
    for (int i = 0; !atomic_load(&b->stop); i++) {
        struct arena *a = arena_new(1 << 16);
        char id[64];
        struct str value;
        snprintf(id, sizeof id, "%p-%d", (void *)&id, i);
        enum result r = store_put(b->store, a, STORE_SESSION, str_of(id), str_of(id), 60);
        if (r == RESULT_OK)
            r = store_get(b->store, a, STORE_SESSION, str_of(id), &value);
        if (r == RESULT_OK && !str_eq(value, str_of(id)))
            atomic_fetch_add(&b->wrong, 1);
        if (r == RESULT_OK)
            r = store_take(b->store, a, STORE_SESSION, str_of(id), &value);
        atomic_fetch_add(r == RESULT_OK ? &b->done : &b->refused, 1);
        atomic_fetch_add(&b->wrong, r != RESULT_OK && r != RESULT_UNAVAILABLE);
        arena_free(a);
    }
    return NULL;
}

static void load_and_restarts_never_raise_a_false_alarm(void **state)
{
    (void)state;
    struct busy b = {.store = server()};
    pthread_t threads[16];
    char epoch[33];
    epoch_now(epoch);
    for (int i = 0; i < 16; i++)
        pthread_create(&threads[i], NULL, keep_busy, &b);
    for (int round = 0; round < 4; round++) {
        for (int i = 0; i < 4; i++, usleep(100000))
            store_beat(b.store);
        freeReplyObject(redis_ask(&world.redis, "CLIENT KILL TYPE normal"));
        for (int i = 0; i < 4; i++, usleep(50000))
            store_beat(b.store);
        redis_kill(&world.redis);
        redis_run(&world.redis);
    }
    beat_until_live(b.store);
    atomic_store(&b.stop, true);
    for (int i = 0; i < 16; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&b.wrong), 0);
    assert_true(atomic_load(&b.done) > 100);
    assert_true(epoch_is(epoch));
    store_free(b.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(twins_end_in_one_new_epoch),
        STORY(twins_that_notice_at_once_agree),
        STORY(a_twin_follows_when_a_loss_was_not_its_own),
        STORY(the_registry_is_followed_when_redis_is_silent),
        STORY(load_and_restarts_never_raise_a_false_alarm),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
