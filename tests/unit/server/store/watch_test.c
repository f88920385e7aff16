/* Two servers over one Redis: what one has read may be believed until the other changes it. */
#include "tests/unit/server/store/world.h"

#include "server/store/stamps.h"

enum { WITHIN_MS = 100, PATIENCE_MS = 10000 };

static struct store *listening(void)
{
    struct store *s = server();
    assert_true(store_watch(s));
    for (int64_t end = clock_monotonic_ms() + PATIENCE_MS; !store_watching(s);) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
    return s;
}

static struct store_watched look(struct store *s, const char *id, bool *there)
{
    struct store_key key = {STORE_SESSION, str_of(id)};
    struct str value;
    struct store_watched w;
    struct arena *a = arena_new(1 << 16);
    if (store_get_watched(s, a, &key, 1, &value, &w) != RESULT_OK)
        w.kept = false;
    *there = value.p != NULL;
    arena_free(a);
    return w;
}

/* Read so that it may be believed; a connection that is being made takes a moment. */
static struct store_watched believe(struct store *s, const char *id)
{
    struct store_watched w;
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    bool there;
    do {
        assert_true(clock_monotonic_ms() < end);
        w = look(s, id, &there);
    } while (!store_watched_holds(s, &w));
    return w;
}

static void until_over(struct store *s, const struct store_watched *w)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (store_watched_holds(s, w))
        assert_true(clock_monotonic_ms() < end);
}

static void what_was_read_is_believed_until_another_server_changes_it(void **state)
{
    (void)state;
    struct store *one = listening(), *two = listening();
    assert_int_equal(put(one, "a", "x"), RESULT_OK);
    assert_int_equal(put(one, "b", "x"), RESULT_OK);
    struct store_watched a = believe(two, "a"), b = believe(two, "b");
    assert_int_equal(store_delete(one, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    until_over(two, &a);
    assert_true(store_watched_holds(two, &b));
    assert_int_equal(store_update(one, world.arena, STORE_SESSION, STR("b"), STR("y"), 600), RESULT_OK);
    until_over(two, &b);
    store_free(one);
    store_free(two);
}

static void a_server_sees_its_own_change_at_once(void **state)
{
    (void)state;
    struct store *s = listening();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched w = believe(s, "a");
    assert_int_equal(store_delete(s, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    assert_false(store_watched_holds(s, &w));
    struct str value;
    assert_int_equal(put(s, "b", "x"), RESULT_OK);
    w = believe(s, "b");
    assert_int_equal(store_take(s, world.arena, STORE_SESSION, STR("b"), &value), RESULT_OK);
    assert_false(store_watched_holds(s, &w));
    store_free(s);
}

/* A notice is written where none was. */
static void that_nothing_is_there_is_believed_until_something_is(void **state)
{
    (void)state;
    struct store *one = listening(), *two = listening();
    struct store_watched w = believe(two, "a");
    assert_int_equal(put(one, "a", "x"), RESULT_OK);
    until_over(two, &w);
    store_free(one);
    store_free(two);
}

static void without_listening_nothing_is_kept(void **state)
{
    (void)state;
    struct store *s = server();
    bool there;
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched w = look(s, "a", &there);
    assert_true(there);
    assert_false(w.kept);
    assert_false(store_watched_holds(s, &w));
    store_free(s);
}

static void ask(const char *command)
{
    freeReplyObject(redis_ask(&world.redis, command));
}

static void a_killed_listener_ends_everything_read_before(void **state)
{
    (void)state;
    struct store *s = listening();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched w = believe(s, "a");
    ask("CLIENT KILL TYPE pubsub");
    until_over(s, &w);
    w = believe(s, "a"); /* it listens again */
    assert_int_equal(store_delete(s, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    assert_false(store_watched_holds(s, &w));
    store_free(s);
}

static void killed_connections_end_everything_read_before(void **state)
{
    (void)state;
    struct store *s = listening(), *other = listening();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched w = believe(s, "a");
    ask("CLIENT KILL TYPE normal");
    until_over(s, &w);
    w = believe(s, "a");
    assert_int_equal(store_delete(other, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    until_over(s, &w);
    store_free(s);
    store_free(other);
}

static void an_emptied_redis_ends_everything_read_before(void **state)
{
    (void)state;
    struct store *s = listening();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched w = believe(s, "a");
    ask("FLUSHALL");
    until_over(s, &w);
    beat_until_live(s);
    believe(s, "a");
    store_free(s);
}

static void a_silent_redis_is_not_spoken_for(void **state)
{
    (void)state;
    struct store *s = listening();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched w = believe(s, "a");
    kill(world.redis.pid, SIGSTOP);
    until_over(s, &w);
    kill(world.redis.pid, SIGCONT);
    beat_until_live(s);
    believe(s, "a");
    store_free(s);
}

/*
 * A race of many records: a third server makes them and ends each a few rounds later, two servers read each
 * as soon as it is there. For every single one both are asked, 100 ms after it was ended, whether they still
 * believe in it.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROUNDS = 2000 };
#else
enum { ROUNDS = 20000 };
#endif
enum { LAG = 8, BEHIND_MOST = 64 };

struct race {
    struct store *s;
    atomic_int read, checked, believed, late;
};

static struct {
    int rounds;
    atomic_int made;     /* records that are there, or were */
    atomic_llong *ended; /* when the end of each was answered, monotonic ms; 0: not yet */
} track;

/* ONEDOOR_RACE_ROUNDS=100000 is the long race. */
static int rounds(void)
{
    const char *wanted = getenv("ONEDOOR_RACE_ROUNDS");
    return wanted ? atoi(wanted) : ROUNDS;
}

static void name_of(char out[16], int round)
{
    snprintf(out, 16, "r%d", round);
}

static void read_new(struct race *r, struct store_watched *watched, bool *there)
{
    char id[16];
    for (int i = atomic_load(&r->read); i < atomic_load(&track.made); i++) {
        name_of(id, i);
        watched[i] = look(r->s, id, &there[i]);
        atomic_fetch_add(&r->believed, store_watched_holds(r->s, &watched[i]) && there[i]);
        atomic_store(&r->read, i + 1);
    }
}

static void check_ended(struct race *r, const struct store_watched *watched, const bool *there)
{
    for (int i = atomic_load(&r->checked); i < atomic_load(&r->read); i++) {
        int64_t ended = atomic_load(&track.ended[i]);
        if (ended == 0 || clock_monotonic_ms() - ended <= WITHIN_MS)
            return;
        atomic_fetch_add(&r->late, there[i] && store_watched_holds(r->s, &watched[i]));
        atomic_store(&r->checked, i + 1);
    }
}

static void *run_race(void *arg)
{
    struct race *r = arg;
    struct store_watched *watched = calloc((size_t)track.rounds, sizeof *watched);
    bool *there = calloc((size_t)track.rounds, sizeof *there);
    while (watched && there && atomic_load(&r->checked) < track.rounds) {
        read_new(r, watched, there);
        check_ended(r, watched, there);
        usleep(50);
    }
    free(watched);
    free(there);
    return NULL;
}

static void end_record(struct store *writer, struct arena *a, int round)
{
    char id[16];
    name_of(id, round);
    assert_int_equal(store_delete(writer, a, STORE_SESSION, str_of(id)), RESULT_OK);
    atomic_store(&track.ended[round], clock_monotonic_ms());
}

static void make_record(struct store *writer, struct arena *a, int round)
{
    char id[16];
    name_of(id, round);
    assert_int_equal(store_put(writer, a, STORE_SESSION, str_of(id), STR("x"), 600), RESULT_OK);
    atomic_store(&track.made, round + 1);
}

static void wait_for(struct race *r, int round)
{
    while (atomic_load(&r->read) < round - BEHIND_MOST)
        usleep(100);
}

static void run_track(struct store *writer, struct race races[2])
{
    for (int round = 0; round < track.rounds + LAG; round++) {
        struct arena *a = arena_new(1 << 16);
        if (round < track.rounds)
            make_record(writer, a, round);
        if (round >= LAG)
            end_record(writer, a, round - LAG);
        arena_free(a);
        for (int i = 0; i < 2; i++)
            wait_for(&races[i], round);
    }
}

static void every_end_is_seen_by_both_servers_in_time(void **state)
{
    (void)state;
    struct store *writer =
        server(); /* it does not listen, and so does not ask the others whether they heard */
    struct race races[2] = {{.s = listening()}, {.s = listening()}};
    pthread_t threads[2];
    track.rounds = rounds();
    track.ended = calloc((size_t)track.rounds, sizeof *track.ended);
    assert_non_null(track.ended);
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, run_race, &races[i]);
    run_track(writer, races);
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        printf("server %d: %d of %d ends checked, %d were believed before, %d were seen late\n", i + 1,
               atomic_load(&races[i].checked), track.rounds, atomic_load(&races[i].believed),
               atomic_load(&races[i].late));
        assert_int_equal(atomic_load(&races[i].checked), track.rounds);
        assert_int_equal(atomic_load(&races[i].late), 0);
        assert_true(atomic_load(&races[i].believed) > 0);
        store_free(races[i].s);
    }
    free(track.ended);
    store_free(writer);
}

/* Who ends a record and listens is answered when nobody believes in it any more. */
static void an_end_is_confirmed_when_all_have_heard(void **state)
{
    (void)state;
    struct store *one = listening(), *two = listening();
    for (int i = 0; i < 300; i++) {
        char id[16];
        name_of(id, i);
        assert_int_equal(put(one, id, "x"), RESULT_OK);
        struct store_watched w = believe(two, id);
        assert_int_equal(store_delete(one, world.arena, STORE_SESSION, str_of(id)), RESULT_OK);
        assert_false(store_watched_holds(two, &w));
    }
    store_free(one);
    store_free(two);
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_was_read_is_believed_until_another_server_changes_it),
        STORY(a_server_sees_its_own_change_at_once),
        STORY(that_nothing_is_there_is_believed_until_something_is),
        STORY(without_listening_nothing_is_kept),
        STORY(a_killed_listener_ends_everything_read_before),
        STORY(killed_connections_end_everything_read_before),
        STORY(an_emptied_redis_ends_everything_read_before),
        STORY(a_silent_redis_is_not_spoken_for),
        STORY(an_end_is_confirmed_when_all_have_heard),
        STORY(every_end_is_seen_by_both_servers_in_time),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
