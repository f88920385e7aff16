/* The store as tasks of a loop use it. */
#include "tests/unit/server/store/watching.h"

#include "server/base/task.h"

enum { TASKS = 200 };

/* So many connections are the store's, beside the one that asks. */
static int connections(void)
{
    int n = 0;
    redisReply *list = redis_ask(&world.redis, "CLIENT LIST");
    for (const char *line = list->str; (line = strstr(line, "id=")); line++)
        n++;
    freeReplyObject(list);
    return n - 1;
}

static struct {
    struct store *store;
    atomic_int next, running, won, right;
} many;

static void one_of_many(void *arg)
{
    (void)arg;
    char id[16];
    struct str value = STR_EMPTY;
    struct arena *a = arena_new(1 << 16);
    snprintf(id, sizeof id, "r%d", atomic_fetch_add(&many.next, 1));
    store_request();
    bool right = put(many.store, id, id) == RESULT_OK &&
                 store_get(many.store, a, STORE_SESSION, str_of(id), &value) == RESULT_OK &&
                 str_eq(value, str_of(id));
    atomic_fetch_add(&many.right, right);
    atomic_fetch_add(&many.won, store_spend(many.store, a, STR("once"), STR("x"), 60) == RESULT_OK);
    arena_free(a);
    atomic_fetch_sub(&many.running, 1);
}

static void spawn_many(void *arg)
{
    (void)arg;
    for (int i = 0; i < TASKS; i++)
        if (!loop_spawn(loop_current(), one_of_many, NULL))
            abort();
}

static void until_done(void)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (atomic_load(&many.running) > 0) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
}

/* Each gets its own, one wins, and all over a single connection more. */
static void tasks_share_a_connection_of_their_loop(void **state)
{
    (void)state;
    many.store = server();
    many.running = TASKS;
    struct wheel wheel = at_loop(many.store);
    int before = connections();
    wheel_tell(&wheel, spawn_many, NULL);
    until_done();
    assert_int_equal(atomic_load(&many.right), TASKS);
    assert_int_equal(atomic_load(&many.won), 1);
    assert_int_equal(connections(), before);
    wheel_stop(&wheel);
    store_free(many.store);
}

/* What a task has begun in one epoch it does not end in the next; another one does. */
struct bound {
    struct store *store;
    sem_t began, moved;
    enum result first, second;
};

static void wait_for_move(void *arg)
{
    struct bound *b = arg;
    sem_post(&b->began);
    while (sem_wait(&b->moved) != 0)
        ;
}

static void begin_and_end(void *arg)
{
    struct bound *b = arg;
    store_request();
    b->first = store_put(b->store, world.arena, STORE_CODE, STR("code"), STR("x"), 60);
    wait_for_move(b);
    b->second = store_put(b->store, world.arena, STORE_CODE, STR("code"), STR("x"), 60);
}

static void one_put(void *arg)
{
    struct bound *b = arg;
    store_request();
    b->second = store_put(b->store, world.arena, STORE_CODE, STR("code"), STR("x"), 60);
}

static void a_task_keeps_to_one_epoch(void **state)
{
    (void)state;
    struct bound b = {.store = server()};
    sem_init(&b.began, 0, 0);
    sem_init(&b.moved, 0, 0);
    struct wheel wheel = at_loop(b.store);
    struct wheel_call call = {.run = begin_and_end, .arg = &b};
    call.post = (struct loop_post){wheel_call_spawn, &call, NULL};
    sem_init(&call.over, 0, 0);
    loop_post(wheel.loop, &call.post);
    while (sem_wait(&b.began) != 0)
        ;
    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    beat_until_live(b.store);
    sem_post(&b.moved);
    while (sem_wait(&call.over) != 0)
        ;
    assert_int_equal(b.first, RESULT_OK);
    assert_int_equal(b.second, RESULT_UNAVAILABLE);
    until_here(&wheel, b.store);
    wheel_do(&wheel, one_put, &b);
    assert_int_equal(b.second, RESULT_OK);
    wheel_stop(&wheel);
    store_free(b.store);
}

/* Somebody who listens and never says that they have heard: an end is not confirmed before the bound. */
static redisContext *deaf_listener(void)
{
    redisContext *c = redis_connect(&world.redis);
    assert_non_null(c);
    redisReply *reply = redisCommand(c, "SUBSCRIBE od:heard?");
    assert_non_null(reply);
    freeReplyObject(reply);
    return c;
}

static void *run_elsewhere(void *arg)
{
    const struct loop_post *what = arg;
    what->run(what->arg);
    return NULL;
}

static void do_elsewhere(void *arg, enum loop_wait wait, struct loop_post *what)
{
    (void)arg;
    (void)wait;
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_elsewhere, what) != 0 || pthread_detach(thread) != 0)
        abort();
}

static struct {
    struct store *store;
    atomic_bool over;
    unsigned turns, then;
    enum result r;
} patient;

static void end_one(void *arg)
{
    (void)arg;
    patient.r = store_delete(patient.store, world.arena, STORE_SESSION, STR("a"));
    patient.then = patient.turns;
    atomic_store(&patient.over, true);
}

static void take_turns(void *arg)
{
    (void)arg;
    while (!atomic_load(&patient.over)) {
        patient.turns++;
        task_yield();
    }
}

static void prepare(void *arg)
{
    (void)arg;
    loop_set_elsewhere(loop_current(), do_elsewhere, NULL);
    if (!loop_spawn(loop_current(), end_one, NULL))
        abort();
}

static void an_end_that_is_waited_for_holds_up_nobody_else(void **state)
{
    (void)state;
    patient.store = listening();
    struct wheel wheel = at_loop(patient.store);
    assert_int_equal(put(patient.store, "a", "x"), RESULT_OK);
    redisContext *deaf = deaf_listener();
    wheel_tell(&wheel, prepare, NULL);
    wheel_do(&wheel, take_turns, NULL);
    assert_int_equal(patient.r, RESULT_OK);
    assert_true(patient.then > 1);
    redisFree(deaf);
    wheel_stop(&wheel);
    store_free(patient.store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(tasks_share_a_connection_of_their_loop),
        STORY(a_task_keeps_to_one_epoch),
        STORY(an_end_that_is_waited_for_holds_up_nobody_else),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
