/* Jobs that are due at a time: claimed by one server, taken up by another, bounded, ended with their Redis.
 */
#include "tests/unit/server/store/world.h"

static struct store_jobs jobs_of(const struct store_job *v, size_t n)
{
    return (struct store_jobs){.kind = STORE_LOGOUT, .v = v, .n = n, .due = 1000, .ttl = 600, .most = 100};
}

static enum result add(struct store *s, const char *id, const char *value, int64_t due)
{
    const struct store_job job = {str_of(id), str_of(value)};
    struct store_jobs jobs = jobs_of(&job, 1);
    jobs.due = due;
    return store_queue_add(s, world.arena, &jobs);
}

/* The ids that are due, joined by spaces. */
static struct str due(struct store *s, int64_t now)
{
    struct store_job jobs[64];
    struct str all = STR_EMPTY;
    size_t n;
    assert_int_equal(store_queue_due(s, world.arena, STORE_LOGOUT, now, jobs, 64, &n), RESULT_OK);
    for (size_t i = 0; i < n; i++)
        all = arena_join(world.arena, (struct str[]){all, i > 0 ? STR(" ") : STR_EMPTY, jobs[i].id}, 3);
    return all;
}

static enum result claim(struct store *s, const char *id, int64_t now, int64_t lease, struct str *value)
{
    return store_queue_claim(s, world.arena, STORE_LOGOUT, str_of(id), now, lease, value);
}

static uint64_t length(struct store *s)
{
    uint64_t n;
    assert_int_equal(store_queue_length(s, STORE_LOGOUT, &n), RESULT_OK);
    return n;
}

#define assert_text(found, expected) assert_true(str_eq((found), STR(expected)))

static void jobs_come_when_they_are_due_the_oldest_first(void **state)
{
    (void)state;
    struct store *s = server();
    struct store_job jobs[2];
    size_t n;
    assert_int_equal(add(s, "later", "l", 1005), RESULT_OK);
    assert_int_equal(add(s, "now", "n", 1000), RESULT_OK);
    assert_text(due(s, 999), "");
    assert_text(due(s, 1000), "now");
    assert_text(due(s, 1005), "now later");
    assert_int_equal(store_queue_due(s, world.arena, STORE_LOGOUT, 2000, jobs, 1, &n), RESULT_OK);
    assert_int_equal(n, 1);
    assert_text(jobs[0].id, "now");
    assert_text(jobs[0].value, "n");
    assert_int_equal(length(s), 2);
    store_free(s);
}

static void what_waits_already_stays_as_it_is(void **state)
{
    (void)state;
    struct store *s = server();
    struct str value;
    assert_int_equal(add(s, "a", "first", 1000), RESULT_OK);
    assert_int_equal(add(s, "a", "second", 2000), RESULT_OK);
    assert_int_equal(length(s), 1);
    assert_text(due(s, 1000), "a");
    assert_int_equal(claim(s, "a", 1000, 30, &value), RESULT_OK);
    assert_text(value, "first");
    store_free(s);
}

static void of_two_servers_one_has_it_until_it_is_done(void **state)
{
    (void)state;
    struct store *one = server(), *two = server();
    struct str value;
    assert_int_equal(add(one, "a", "work", 1000), RESULT_OK);
    assert_text(due(two, 1000), "a");
    assert_int_equal(claim(one, "a", 1000, 30, &value), RESULT_OK);
    assert_text(value, "work");
    assert_int_equal(claim(two, "a", 1000, 30, &value), RESULT_USED);
    assert_text(due(two, 1029), "");
    assert_text(due(two, 1030), "a");
    assert_int_equal(store_queue_done(one, world.arena, STORE_LOGOUT, STR("a")), RESULT_OK);
    assert_int_equal(length(two), 0);
    assert_int_equal(claim(two, "a", 1000, 30, &value), RESULT_NOT_FOUND); /* it had seen the id before */
    assert_int_equal(length(two), 0);
    store_free(one);
    store_free(two);
}

static enum result claim_patiently(struct store *s, const char *id, int64_t now, struct str *value)
{
    enum result r = RESULT_USED;
    for (int i = 0; i < 500 && r == RESULT_USED; i++, usleep(20000))
        r = claim(s, id, now, 30, value);
    return r;
}

static void the_job_of_a_dead_server_is_taken_up(void **state)
{
    (void)state;
    struct store *dead = server(), *other = server();
    struct str value;
    assert_int_equal(add(dead, "a", "work", 1000), RESULT_OK);
    assert_int_equal(claim(dead, "a", 1000, 1, &value), RESULT_OK);
    assert_int_equal(claim(other, "a", 1000, 1, &value), RESULT_USED);
    assert_int_equal(claim_patiently(other, "a", 1001, &value), RESULT_OK);
    assert_text(value, "work");
    store_free(dead);
    store_free(other);
}

static void what_is_put_back_is_nobodys_before_it_is_due(void **state)
{
    (void)state;
    struct store *one = server(), *two = server();
    const struct store_job changed = {STR("a"), STR("second attempt")};
    struct str value;
    assert_int_equal(add(one, "a", "work", 1000), RESULT_OK);
    assert_int_equal(claim(one, "a", 1000, 30, &value), RESULT_OK);
    assert_int_equal(store_queue_again(one, world.arena, STORE_LOGOUT, changed, 1000, 1001), RESULT_OK);
    assert_text(due(two, 1000), "");
    assert_text(due(two, 1001), "a");
    assert_int_equal(claim(two, "a", 1000, 30, &value), RESULT_USED); /* one that had seen it earlier */
    assert_int_equal(claim_patiently(two, "a", 1001, &value), RESULT_OK);
    assert_text(value, "second attempt");
    assert_int_equal(store_queue_again(two, world.arena, STORE_LOGOUT, changed, 1001, 1001), RESULT_OK);
    assert_int_equal(claim(one, "a", 1001, 30, &value), RESULT_OK); /* given up at a stop: at once */
    store_free(one);
    store_free(two);
}

static void many_are_put_off_at_once_and_never_forward(void **state)
{
    (void)state;
    struct store *s = server();
    const struct store_delay delays[] = {{STR("a"), 1010}, {STR("b"), 900}, {STR("gone"), 1010}};
    assert_int_equal(add(s, "a", "x", 1000), RESULT_OK);
    assert_int_equal(add(s, "b", "x", 1000), RESULT_OK);
    assert_int_equal(store_queue_put_off(s, world.arena, STORE_LOGOUT, delays, 3), RESULT_OK);
    assert_text(due(s, 999), "");
    assert_text(due(s, 1000), "b");
    assert_text(due(s, 1010), "b a");
    assert_int_equal(store_queue_put_off(s, world.arena, STORE_LOGOUT, delays, 0), RESULT_OK);
    store_free(s);
}

static void what_is_done_is_not_put_back(void **state)
{
    (void)state;
    struct store *slow = server();
    const struct store_job job = {STR("a"), STR("late")};
    struct str value;
    assert_int_equal(add(slow, "a", "work", 1000), RESULT_OK);
    assert_int_equal(claim(slow, "a", 1000, 30, &value), RESULT_OK);
    assert_int_equal(store_queue_done(slow, world.arena, STORE_LOGOUT, STR("a")), RESULT_OK);
    assert_int_equal(store_queue_again(slow, world.arena, STORE_LOGOUT, job, 1000, 1000), RESULT_OK);
    assert_int_equal(length(slow), 0);
    assert_int_equal(claim(slow, "a", 1000, 30, &value), RESULT_NOT_FOUND);
    store_free(slow);
}

static void a_full_queue_refuses_and_changes_nothing(void **state)
{
    (void)state;
    struct store *s = server();
    const struct store_job two[] = {{STR("b"), STR("x")}, {STR("c"), STR("x")}};
    struct store_jobs jobs = jobs_of(two, 2);
    struct str last;
    jobs.most = 2;
    assert_int_equal(add(s, "a", "x", 1000), RESULT_OK);
    assert_int_equal(put(s, "session", "value"), RESULT_OK);
    assert_int_equal(store_queue_add(s, world.arena, &jobs), RESULT_REFUSED);
    assert_int_equal(
        store_end_and_queue(s, world.arena, (struct store_key){STORE_SESSION, STR("session")}, &jobs, &last),
        RESULT_REFUSED);
    assert_holds(s, "session", "value");
    assert_int_equal(length(s), 1);
    store_free(s);
}

enum { MANY = 40 };

static void a_record_ends_together_with_the_adding_of_its_jobs(void **state)
{
    (void)state;
    struct store *s = server();
    struct store_job many[MANY];
    char ids[MANY][16];
    struct str last, value;
    const struct store_key session = {STORE_SESSION, STR("session")};
    for (int i = 0; i < MANY; i++) {
        snprintf(ids[i], sizeof ids[i], "job%d", i);
        many[i] = (struct store_job){str_of(ids[i]), str_of(ids[i])};
    }
    struct store_jobs jobs = jobs_of(many, MANY);
    assert_int_equal(put(s, "session", "as it was"), RESULT_OK);
    assert_int_equal(store_end_and_queue(s, world.arena, session, &jobs, &last), RESULT_OK);
    assert_text(last, "as it was");
    assert_int_equal(get(s, "session"), RESULT_NOT_FOUND);
    assert_int_equal(length(s), MANY);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(claim(s, ids[i], 1000, 30, &value), RESULT_OK);
        assert_true(str_eq(value, str_of(ids[i])));
    }
    assert_int_equal(store_end_and_queue(s, world.arena, session, &jobs, &last), RESULT_OK);
    assert_null(last.p);
    jobs.n = 0;
    assert_int_equal(put(s, "session", "alone"), RESULT_OK);
    assert_int_equal(store_end_and_queue(s, world.arena, session, &jobs, &last), RESULT_OK);
    assert_text(last, "alone");
    assert_int_equal(length(s), MANY);
    store_free(s);
}

struct rush {
    struct store *store;
    pthread_barrier_t start;
    atomic_int won, lost, other;
};

static void *one_of_the_rush(void *arg)
{
    struct rush *r = arg;
    struct arena *a = arena_new(1 << 16);
    struct str value;
    pthread_barrier_wait(&r->start);
    switch (store_queue_claim(r->store, a, STORE_LOGOUT, STR("a"), 1000, 30, &value)) {
    case RESULT_OK:
        atomic_fetch_add(&r->won, 1);
        break;
    case RESULT_USED:
        atomic_fetch_add(&r->lost, 1);
        break;
    case RESULT_NOT_FOUND:
    case RESULT_REFUSED:
    case RESULT_UNAVAILABLE:
    case RESULT_INTERNAL:
        atomic_fetch_add(&r->other, 1);
    }
    arena_free(a);
    return NULL;
}

static void of_fifty_at_once_one_gets_it(void **state)
{
    (void)state;
    struct rush r = {.store = server()};
    pthread_t threads[CROWD];
    assert_int_equal(add(r.store, "a", "x", 1000), RESULT_OK);
    pthread_barrier_init(&r.start, NULL, CROWD);
    for (int i = 0; i < CROWD; i++)
        pthread_create(&threads[i], NULL, one_of_the_rush, &r);
    for (int i = 0; i < CROWD; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(atomic_load(&r.won), 1);
    assert_int_equal(atomic_load(&r.lost), CROWD - 1);
    assert_int_equal(atomic_load(&r.other), 0);
    pthread_barrier_destroy(&r.start);
    store_free(r.store);
}

static void a_job_lives_as_long_as_it_was_given_and_so_does_the_queue(void **state)
{
    (void)state;
    struct store *s = server();
    const struct store_job job = {STR("a"), STR("x")};
    struct store_jobs jobs = jobs_of(&job, 1);
    struct str value;
    jobs.ttl = 1;
    assert_int_equal(store_queue_add(s, world.arena, &jobs), RESULT_OK);
    assert_int_equal(length(s), 1);
    int64_t start = clock_monotonic_ms();
    while (length(s) > 0 && clock_monotonic_ms() - start < 8000)
        usleep(50000);
    assert_int_equal(length(s), 0);
    assert_int_equal(claim(s, "a", 1000, 30, &value), RESULT_NOT_FOUND);
    store_free(s);
}

static void a_job_without_its_record_leaves_the_queue(void **state)
{
    (void)state;
    struct store *s = server();
    struct str value;
    assert_int_equal(add(s, "a", "x", 1000), RESULT_OK);
    redisReply *keys = redis_ask(&world.redis, "KEYS od:*");
    for (size_t i = 0; i < keys->elements; i++) {
        redisReply *type = redis_ask(&world.redis, "TYPE %s", keys->element[i]->str);
        if (strlen(keys->element[i]->str) == 3 + 27 && strcmp(type->str, "string") == 0)
            freeReplyObject(redis_ask(&world.redis, "SET %s forged", keys->element[i]->str));
        freeReplyObject(type);
    }
    freeReplyObject(keys);
    assert_int_equal(claim(s, "a", 1000, 30, &value), RESULT_NOT_FOUND);
    assert_int_equal(length(s), 0);
    store_free(s);
}

static void an_emptied_redis_ends_the_queue_too(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(add(s, "a", "x", 1000), RESULT_OK);
    redis_snapshot(&world.redis);
    assert_int_equal(add(s, "b", "x", 1000), RESULT_OK);
    redis_restore(&world.redis);
    beat_until_live(s);
    assert_int_equal(length(s), 0);
    assert_text(due(s, 5000), "");
    store_free(s);
}

static void redis_away_is_unavailable(void **state)
{
    (void)state;
    struct store *s = server();
    struct str value;
    struct store_job jobs[1];
    size_t n;
    uint64_t many;
    const struct store_job job = {STR("a"), STR("x")};
    assert_int_equal(add(s, "a", "x", 1000), RESULT_OK);
    redis_stop(&world.redis);
    assert_int_equal(add(s, "b", "x", 1000), RESULT_UNAVAILABLE);
    assert_int_equal(claim(s, "a", 1000, 30, &value), RESULT_UNAVAILABLE);
    assert_int_equal(store_queue_due(s, world.arena, STORE_LOGOUT, 1000, jobs, 1, &n), RESULT_UNAVAILABLE);
    assert_int_equal(store_queue_again(s, world.arena, STORE_LOGOUT, job, 1000, 1000), RESULT_UNAVAILABLE);
    assert_int_equal(store_queue_done(s, world.arena, STORE_LOGOUT, STR("a")), RESULT_UNAVAILABLE);
    assert_int_equal(store_queue_length(s, STORE_LOGOUT, &many), RESULT_UNAVAILABLE);
    redis_run(&world.redis);
    beat_until_live(s);
    assert_text(due(s, 1000), "a");
    store_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(jobs_come_when_they_are_due_the_oldest_first),
        STORY(what_waits_already_stays_as_it_is),
        STORY(of_two_servers_one_has_it_until_it_is_done),
        STORY(the_job_of_a_dead_server_is_taken_up),
        STORY(what_is_put_back_is_nobodys_before_it_is_due),
        STORY(many_are_put_off_at_once_and_never_forward),
        STORY(what_is_done_is_not_put_back),
        STORY(a_full_queue_refuses_and_changes_nothing),
        STORY(a_record_ends_together_with_the_adding_of_its_jobs),
        STORY(of_fifty_at_once_one_gets_it),
        STORY(a_job_lives_as_long_as_it_was_given_and_so_does_the_queue),
        STORY(a_job_without_its_record_leaves_the_queue),
        STORY(an_emptied_redis_ends_the_queue_too),
        STORY(redis_away_is_unavailable),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
