/* The store as tasks of a loop use it. */
#include "tests/unit/server/store/wheel.h"
#include "tests/unit/server/store/world.h"

#include "server/base/task.h"

enum { TASKS = 200, PATIENCE_MS = 60000 };

static struct wheel wheel;

static int begin_wheel(void **state)
{
    if (begin(state) != 0)
        return -1;
    wheel.loop = loop_new();
    wheel_start(&wheel);
    return 0;
}

struct query {
    struct store *store;
    bool here;
};

static void ask_here(void *arg)
{
    struct query *q = arg;
    q->here = store_here(q->store);
}

static void until_here(struct store *s)
{
    struct query q = {s, false};
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (!q.here) {
        assert_true(clock_monotonic_ms() < end);
        wheel_tell(&wheel, ask_here, &q);
    }
}

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
    until_here(many.store);
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
    until_here(b.store);
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
    until_here(b.store);
    wheel_do(&wheel, one_put, &b);
    assert_int_equal(b.second, RESULT_OK);
    wheel_stop(&wheel);
    store_free(b.store);
}

#define WHEEL(f) cmocka_unit_test_setup_teardown(f, begin_wheel, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WHEEL(tasks_share_a_connection_of_their_loop),
        WHEEL(a_task_keeps_to_one_epoch),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
