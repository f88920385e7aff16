/* Several operations as one step. */
#include "tests/unit/server/store/world.h"

static void add(struct store_steps *all, enum store_act act, enum store_kind kind, const char *id,
                const char *value)
{
    assert_true(store_steps_add(
        all, (struct store_step){act, kind, str_of(id), str_of(value), 60, 0, RESULT_INTERNAL}));
}

static void each_step_does_what_its_operation_does(void **state)
{
    (void)state;
    struct store *s = server();
    struct store_steps all = {.n = 0};
    assert_int_equal(store_put(s, world.arena, STORE_TRANSACTION, STR("txn"), STR("asked"), 60), RESULT_OK);
    assert_int_equal(store_put(s, world.arena, STORE_CODE, STR("code"), STR("gone"), 60), RESULT_OK);
    add(&all, STEP_TAKE, STORE_TRANSACTION, "txn", "");
    add(&all, STEP_PUT, STORE_SESSION, "sid", "a session");
    add(&all, STEP_ADD, STORE_PERSON, "zhang", "sid");
    add(&all, STEP_GET, STORE_SESSION, "sid", "");
    add(&all, STEP_GET, STORE_NOTICE, "none", "");
    add(&all, STEP_SPEND, STORE_SPENT, "code", "spent");
    add(&all, STEP_DELETE, STORE_CODE, "code", "");
    add(&all, STEP_COUNT, STORE_THROTTLE, "account", "");
    all.v[7].number = 4;
    assert_int_equal(store_together(s, world.arena, &all), RESULT_OK);
    assert_true(str_eq(all.v[0].value, STR("asked")));
    assert_int_equal(all.v[2].number, 1);
    assert_true(str_eq(all.v[3].value, STR("a session")));
    assert_null(all.v[4].value.p);
    assert_int_equal(all.v[7].number, 4);

    struct str got;
    assert_int_equal(store_get(s, world.arena, STORE_TRANSACTION, STR("txn"), &got), RESULT_NOT_FOUND);
    assert_int_equal(store_get(s, world.arena, STORE_CODE, STR("code"), &got), RESULT_NOT_FOUND);
    assert_int_equal(store_get(s, world.arena, STORE_SPENT, STR("code"), &got), RESULT_OK);
    assert_true(str_eq(got, STR("spent")));
    store_free(s);
}

/* The first that is not OK speaks for all, and all are carried out. */
static void what_becomes_of_one_holds_up_no_other(void **state)
{
    (void)state;
    struct store *s = server();
    struct str got;
    for (int i = 0; i < 2; i++) {
        struct store_steps all = {.n = 0};
        add(&all, STEP_UPDATE, STORE_GRANT, "ended", "back to life");
        add(&all, STEP_SPEND, STORE_SPENT, "code", "spent");
        add(&all, STEP_PUT, STORE_ACCESS, "token", "written");
        assert_int_equal(store_together(s, world.arena, &all), RESULT_NOT_FOUND);
        assert_int_equal(all.v[0].result, RESULT_NOT_FOUND);
        assert_int_equal(all.v[1].result, i == 0 ? RESULT_OK : RESULT_USED);
        assert_int_equal(all.v[2].result, RESULT_OK);
    }
    assert_int_equal(store_get(s, world.arena, STORE_GRANT, STR("ended"), &got), RESULT_NOT_FOUND);
    assert_int_equal(store_get(s, world.arena, STORE_ACCESS, STR("token"), &got), RESULT_OK);
    store_free(s);
}

static void an_update_may_leave_the_lifetime(void **state)
{
    (void)state;
    struct store *s = server();
    char key[80];
    struct store_steps all = {.n = 0};
    assert_int_equal(store_put(s, world.arena, STORE_SESSION, STR("sid"), STR("1"), 500), RESULT_OK);
    add(&all, STEP_UPDATE, STORE_SESSION, "sid", "2");
    all.v[0].ttl = 0;
    assert_int_equal(store_together(s, world.arena, &all), RESULT_OK);
    record_key(key, sizeof key, 0);
    redisReply *ttl = redis_ask(&world.redis, "TTL %s", key);
    assert_in_range(ttl->integer, 498, 500);
    freeReplyObject(ttl);
    store_free(s);
}

enum { CALLERS = 20 };

struct caller {
    pthread_t thread;
    struct store *store;
    struct store_steps steps;
};

static void *call(void *arg)
{
    struct caller *c = arg;
    struct arena *a = arena_new(1 << 16);
    enum result r = store_together(c->store, a, &c->steps);
    arena_free(a);
    return r == RESULT_UNAVAILABLE || r == RESULT_INTERNAL ? c : NULL;
}

static void of_twenty_one_takes_and_one_spends(void **state)
{
    (void)state;
    struct store *servers[] = {server(), server()};
    struct caller callers[CALLERS] = {0};
    int took = 0, spent = 0;
    assert_int_equal(store_put(servers[0], world.arena, STORE_TRANSACTION, STR("txn"), STR("asked"), 60),
                     RESULT_OK);
    for (int i = 0; i < CALLERS; i++) {
        callers[i].store = servers[i % 2];
        add(&callers[i].steps, STEP_TAKE, STORE_TRANSACTION, "txn", "");
        add(&callers[i].steps, STEP_SPEND, STORE_SPENT, "code", "spent");
        assert_int_equal(pthread_create(&callers[i].thread, NULL, call, &callers[i]), 0);
    }
    for (int i = 0; i < CALLERS; i++) {
        void *failed;
        pthread_join(callers[i].thread, &failed);
        assert_null(failed);
        took += callers[i].steps.v[0].result == RESULT_OK;
        spent += callers[i].steps.v[1].result == RESULT_OK;
    }
    assert_int_equal(took, 1);
    assert_int_equal(spent, 1);
    store_free(servers[0]);
    store_free(servers[1]);
}

static void more_than_fit_are_refused(void **state)
{
    (void)state;
    struct store_steps all = {.n = 0};
    const struct store_puts puts = {.v = {{STORE_SESSION, STR("a"), STR("1"), 60, false}}, .n = 1};
    for (size_t i = 0; i < STORE_STEPS_MOST; i++)
        assert_true(store_steps_put(&all, &puts));
    assert_false(store_steps_put(&all, &puts));
}

static void without_redis_nothing_is_known(void **state)
{
    (void)state;
    struct store *s = server();
    struct store_steps all = {.n = 0};
    add(&all, STEP_SPEND, STORE_SPENT, "code", "spent");
    redis_kill(&world.redis);
    assert_int_equal(store_together(s, world.arena, &all), RESULT_UNAVAILABLE);
    store_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(each_step_does_what_its_operation_does),
        STORY(what_becomes_of_one_holds_up_no_other),
        STORY(an_update_may_leave_the_lifetime),
        STORY(of_twenty_one_takes_and_one_spends),
        STORY(more_than_fit_are_refused),
        STORY(without_redis_nothing_is_known),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
