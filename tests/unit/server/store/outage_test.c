/* Redis away, frozen, killed, locked or full. */
#include "tests/unit/server/store/world.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

static void nothing_is_granted_before_the_first_beat(void **state)
{
    (void)state;
    struct store *s = store_with(&usual);
    assert_int_equal(store_ping(s), RESULT_UNAVAILABLE);
    assert_int_equal(put(s, "a", "x"), RESULT_UNAVAILABLE);
    assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
    store_free(s);
}

static void a_frozen_redis_is_unavailable_in_time_and_heals(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    redis_freeze(&world.redis);
    int64_t start = clock_monotonic_ms();
    assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
    assert_in_range(clock_monotonic_ms() - start, 900, 1300);
    start = clock_monotonic_ms();
    assert_int_equal(spend(s, "y"), RESULT_UNAVAILABLE);
    assert_in_range(clock_monotonic_ms() - start, 0, 1300);
    start = clock_monotonic_ms();
    assert_int_equal(spend(s, "z"), RESULT_UNAVAILABLE); /* known to be away: at once */
    assert_in_range(clock_monotonic_ms() - start, 0, 50);
    redis_thaw(&world.redis);
    assert_in_range(beat_until_live(s), 0, 5000);
    assert_holds(s, "a", "x");
    assert_true(epoch_is(epoch));
    store_free(s);
}

static void a_late_answer_is_never_taken_for_another(void **state)
{
    (void)state;
    struct store_config hasty = usual;
    hasty.operation_ms = 150;
    struct store *s = store_with(&hasty);
    store_beat(s);
    assert_int_equal(put(s, "a", "A"), RESULT_OK);
    assert_int_equal(put(s, "b", "B"), RESULT_OK);
    for (int i = 0; i < 3; i++) {
        redis_freeze(&world.redis);
        assert_int_equal(get(s, "a"), RESULT_UNAVAILABLE);
        redis_thaw(&world.redis);
        beat_until_live(s);
        assert_holds(s, "b", "B");
    }
    store_free(s);
}

static void a_killed_redis_with_its_log_loses_nothing(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(put(s, "session", "lives"), RESULT_OK);
    assert_int_equal(spend(s, "step"), RESULT_OK);
    redis_kill(&world.redis);
    assert_int_equal(get(s, "session"), RESULT_UNAVAILABLE);
    assert_int_equal(spend(s, "other"), RESULT_UNAVAILABLE);
    store_beat(s);
    redis_run(&world.redis);
    assert_in_range(beat_until_live(s), 0, 5000);
    assert_holds(s, "session", "lives");
    assert_int_equal(spend(s, "step"), RESULT_USED);
    assert_true(epoch_is(epoch));
    assert_int_equal(store_floor(s), 0);
    store_free(s);
}

static void requests_alone_reconnect_after_a_restart(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    redis_kill(&world.redis);
    redis_run(&world.redis);
    assert_holds(s, "a", "x"); /* a closed idle connection is noticed before it is used */
    redis_kill(&world.redis);
    redis_run(&world.redis);
    assert_int_equal(spend(s, "once"), RESULT_OK);
    store_free(s);
}

static void a_clean_restart_of_everything_keeps_the_sessions(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    store_free(s);
    redis_stop(&world.redis);
    redis_run(&world.redis);
    s = server();
    assert_holds(s, "a", "x");
    assert_true(epoch_is(epoch));
    store_free(s);
}

static void a_wrong_password_is_unavailable(void **state)
{
    (void)state;
    redis_stop(&world.redis);
    world.redis.password = "right";
    redis_run(&world.redis);
    struct secret *wrong = secret_copy("wrong", 5), *right = secret_copy("right", 5);
    struct store_config config = usual;
    config.password = wrong;
    struct store *s = store_with(&config);
    store_beat(s);
    assert_int_equal(put(s, "a", "x"), RESULT_UNAVAILABLE);
    store_free(s);
    config.password = right;
    config.database = 3;
    s = store_with(&config);
    store_beat(s);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    assert_holds(s, "a", "x");
    store_free(s);
    s = store_with(&usual); /* and with none */
    store_beat(s);
    assert_int_equal(put(s, "a", "x"), RESULT_UNAVAILABLE);
    store_free(s);
    secret_free(wrong);
    secret_free(right);
}

static void a_full_redis_is_unavailable_for_writing(void **state)
{
    (void)state;
    struct store *s = server();
    char epoch[33];
    epoch_now(epoch);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    freeReplyObject(redis_ask(&world.redis, "CONFIG SET maxmemory 1"));
    uint64_t before = metric_read(METRIC_STORE_UNAVAILABLE);
    assert_int_equal(put(s, "b", "x"), RESULT_UNAVAILABLE);
    assert_int_equal(spend(s, "y"), RESULT_UNAVAILABLE);
    struct store_counter c = {.id = STR("k"), .by = 1, .window = 60};
    assert_int_equal(store_count(s, &c, 1), RESULT_UNAVAILABLE);
    assert_int_equal(metric_read(METRIC_STORE_UNAVAILABLE), before + 3);
    assert_holds(s, "a", "x");
    store_beat(s);
    assert_holds(s, "a", "x");
    freeReplyObject(redis_ask(&world.redis, "CONFIG SET maxmemory 0"));
    beat_until_live(s);
    assert_int_equal(put(s, "b", "x"), RESULT_OK);
    assert_true(epoch_is(epoch));
    store_free(s);
}

/* A line to Redis that can swallow one answer and break. */
struct relay {
    char path[100];
    int listener;
    atomic_bool cut;
    pthread_t thread;
};

/* Passes on what there is to read; false at the end of it or when the answer is to be lost. */
static bool pass(struct relay *r, int from, int to, bool answer)
{
    char bytes[8192];
    ssize_t got = read(from, bytes, sizeof bytes);
    if (got <= 0 || (answer && atomic_exchange(&r->cut, false)))
        return false;
    return write(to, bytes, (size_t)got) == got;
}

static int open_socket(struct sockaddr_un *at, const char *path)
{
    *at = (struct sockaddr_un){.sun_family = AF_UNIX};
    snprintf(at->sun_path, sizeof at->sun_path, "%s", path);
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

struct leg {
    struct relay *relay;
    int client;
};

static void *relay_one(void *arg)
{
    struct leg leg = *(struct leg *)arg;
    struct sockaddr_un at;
    int redis = open_socket(&at, world.redis.socket);
    struct pollfd ends[2] = {{.fd = leg.client, .events = POLLIN}, {.fd = redis, .events = POLLIN}};
    bool up = connect(redis, (struct sockaddr *)&at, sizeof at) == 0;
    free(arg);
    while (up && poll(ends, 2, 5000) > 0) {
        if (ends[0].revents)
            up = pass(leg.relay, leg.client, redis, false);
        if (up && ends[1].revents)
            up = pass(leg.relay, redis, leg.client, true);
    }
    close(redis);
    close(leg.client);
    return NULL;
}

static void *relay_all(void *arg)
{
    struct relay *r = arg;
    int client;
    while ((client = accept(r->listener, NULL, NULL)) >= 0) {
        struct leg *leg = malloc(sizeof *leg);
        pthread_t thread;
        assert_non_null(leg);
        *leg = (struct leg){r, client};
        pthread_create(&thread, NULL, relay_one, leg);
        pthread_detach(thread);
    }
    return NULL;
}

static void relay_start(struct relay *r)
{
    struct sockaddr_un at;
    atomic_init(&r->cut, false);
    snprintf(r->path, sizeof r->path, "unix:%s/relay", world.redis.folder);
    r->listener = open_socket(&at, r->path + 5);
    assert_int_equal(bind(r->listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(r->listener, 16), 0);
    pthread_create(&r->thread, NULL, relay_all, r);
}

static void relay_stop(struct relay *r)
{
    shutdown(r->listener, SHUT_RDWR);
    pthread_join(r->thread, NULL);
    close(r->listener);
}

/* Redis has carried it out, and nobody heard: a repetition would say USED to the rightful caller, or worse.
 */
static void what_must_happen_once_is_not_repeated(void **state)
{
    (void)state;
    static struct relay relay;
    struct str value;
    struct store_counter c = {.id = STR("k"), .by = 1, .window = 60};
    relay_start(&relay);
    struct store_config config = usual;
    config.address = str_of(relay.path);
    struct store *s = store_new(&config, world.seal, world.directory);
    store_beat(s);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    atomic_store(&relay.cut, true);
    assert_int_equal(spend(s, "step"), RESULT_UNAVAILABLE);
    assert_int_equal(spend(s, "step"), RESULT_USED);
    atomic_store(&relay.cut, true);
    assert_int_equal(store_take(s, world.arena, STORE_SESSION, STR("a"), &value), RESULT_UNAVAILABLE);
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    assert_int_equal(put(s, "b", "x"), RESULT_OK); /* on a new line, which then is cut */
    atomic_store(&relay.cut, true);
    assert_int_equal(store_count(s, &c, 1), RESULT_UNAVAILABLE);
    assert_int_equal(store_count(s, &c, 1), RESULT_OK);
    assert_int_equal(c.count, 2);
    store_free(s);
    relay_stop(&relay);
}

static void what_may_be_repeated_survives_a_broken_line(void **state)
{
    (void)state;
    static struct relay relay;
    relay_start(&relay);
    struct store_config config = usual;
    config.address = str_of(relay.path);
    struct store *s = store_new(&config, world.seal, world.directory);
    store_beat(s);
    assert_int_equal(put(s, "a", "w"), RESULT_OK);
    assert_holds(s, "a", "w");
    atomic_store(&relay.cut, true);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    atomic_store(&relay.cut, true);
    assert_holds(s, "a", "x");
    atomic_store(&relay.cut, true);
    assert_int_equal(store_delete(s, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    store_free(s);
    relay_stop(&relay);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(nothing_is_granted_before_the_first_beat),
        STORY(a_frozen_redis_is_unavailable_in_time_and_heals),
        STORY(a_late_answer_is_never_taken_for_another),
        STORY(a_killed_redis_with_its_log_loses_nothing),
        STORY(requests_alone_reconnect_after_a_restart),
        STORY(a_clean_restart_of_everything_keeps_the_sessions),
        STORY(a_wrong_password_is_unavailable),
        STORY(a_full_redis_is_unavailable_for_writing),
        STORY(what_must_happen_once_is_not_repeated),
        STORY(what_may_be_repeated_survives_a_broken_line),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
