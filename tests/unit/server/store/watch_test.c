/* Two servers over one Redis: what one has read may be believed until the other changes it. */
#include "tests/unit/server/store/watching.h"

enum { WITHIN_MS = 100 };

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
 * as soon as it is there, over the lane and over a strand. For every single one all are asked, 100 ms after
 * it was ended, whether they still believe in it.
 */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROUNDS = 2000 };
#else
enum { ROUNDS = 20000 };
#endif
enum { LAG = 8, BEHIND_MOST = 64, RACERS = 4 };

struct race {
    struct store *s;
    struct wheel *wheel; /* it reads in tasks there; NULL: on its own thread */
    struct store_watched *watched;
    bool *there;
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

static void read_new(struct race *r)
{
    char id[16];
    for (int i = atomic_load(&r->read); i < atomic_load(&track.made); i++) {
        name_of(id, i);
        r->watched[i] = look(r->s, id, &r->there[i]);
        atomic_fetch_add(&r->believed, store_watched_holds(r->s, &r->watched[i]) && r->there[i]);
        atomic_store(&r->read, i + 1);
    }
}

static void check_ended(struct race *r)
{
    for (int i = atomic_load(&r->checked); i < atomic_load(&r->read); i++) {
        int64_t ended = atomic_load(&track.ended[i]);
        if (ended == 0 || clock_monotonic_ms() - ended <= WITHIN_MS)
            return;
        atomic_fetch_add(&r->late, r->there[i] && store_watched_holds(r->s, &r->watched[i]));
        atomic_store(&r->checked, i + 1);
    }
}

static void race_once(void *arg)
{
    read_new(arg);
    check_ended(arg);
}

static void *run_race(void *arg)
{
    struct race *r = arg;
    while (atomic_load(&r->checked) < track.rounds) {
        if (r->wheel)
            wheel_do(r->wheel, race_once, r);
        else
            race_once(r);
        usleep(50);
    }
    return NULL;
}

static void race_prepare(struct race *r)
{
    r->watched = calloc((size_t)track.rounds, sizeof *r->watched);
    r->there = calloc((size_t)track.rounds, sizeof *r->there);
    assert_non_null(r->watched);
    assert_non_null(r->there);
}

static void race_judge(struct race *r, int which)
{
    printf("server %d, %s: %d of %d ends checked, %d were believed before, %d were seen late\n",
           which % 2 + 1, r->wheel ? "strand" : "lane", atomic_load(&r->checked), track.rounds,
           atomic_load(&r->believed), atomic_load(&r->late));
    assert_int_equal(atomic_load(&r->checked), track.rounds);
    assert_int_equal(atomic_load(&r->late), 0);
    assert_true(atomic_load(&r->believed) > 0);
    free(r->watched);
    free(r->there);
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

static void run_track(struct store *writer, struct race races[RACERS])
{
    for (int round = 0; round < track.rounds + LAG; round++) {
        struct arena *a = arena_new(1 << 16);
        if (round < track.rounds)
            make_record(writer, a, round);
        if (round >= LAG)
            end_record(writer, a, round - LAG);
        arena_free(a);
        for (int i = 0; i < RACERS; i++)
            wait_for(&races[i], round);
    }
}

static void every_end_is_seen_by_both_servers_in_time(void **state)
{
    (void)state;
    /* It does not listen, and so does not ask the others whether they heard. */
    struct store *writer = server(), *servers[2] = {listening(), listening()};
    struct wheel wheels[2] = {at_loop(servers[0]), at_loop(servers[1])};
    struct race races[RACERS] = {{.s = servers[0]},
                                 {.s = servers[1]},
                                 {.s = servers[0], .wheel = &wheels[0]},
                                 {.s = servers[1], .wheel = &wheels[1]}};
    pthread_t threads[RACERS];
    track.rounds = rounds();
    track.made = 0;
    track.ended = calloc((size_t)track.rounds, sizeof *track.ended);
    assert_non_null(track.ended);
    for (int i = 0; i < RACERS; i++) {
        race_prepare(&races[i]);
        pthread_create(&threads[i], NULL, run_race, &races[i]);
    }
    run_track(writer, races);
    for (int i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        race_judge(&races[i], i);
    }
    for (int i = 0; i < 2; i++) {
        wheel_stop(&wheels[i]);
        store_free(servers[i]);
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
