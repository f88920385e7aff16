/* What tasks read over the strands of their loops may be believed as well. */
#include "tests/unit/server/store/watching.h"

static void delete_there(void *arg)
{
    struct query *q = arg;
    q->here = store_delete(q->s, world.arena, STORE_SESSION, str_of(q->id)) == RESULT_OK;
}

static void delete_at(struct wheel *wheel, struct store *s, const char *id)
{
    struct query q = {.s = s, .id = id};
    wheel_do(wheel, delete_there, &q);
    assert_true(q.here);
}

static void what_a_task_read_is_believed_until_anybody_changes_it(void **state)
{
    (void)state;
    struct store *one = listening(), *two = listening();
    struct wheel here = at_loop(one), there = at_loop(two);
    for (int i = 0; i < 4; i++)
        assert_int_equal(put(one, (const char *[]){"a", "b", "c", "d"}[i], "x"), RESULT_OK);
    struct store_watched a = believe_at(&there, two, "a"), b = believe_at(&there, two, "b"),
                         c = believe_at(&there, two, "c"), d = believe_at(&there, two, "d");
    delete_at(&here, one, "a");
    assert_false(store_watched_holds(two, &a));
    delete_at(&there, two, "b");
    assert_false(store_watched_holds(two, &b));
    assert_int_equal(store_delete(two, world.arena, STORE_SESSION, STR("c")), RESULT_OK);
    assert_false(store_watched_holds(two, &c));
    assert_int_equal(store_update(one, world.arena, STORE_SESSION, STR("d"), STR("y"), 600), RESULT_OK);
    until_over(two, &d);
    wheel_stop(&here);
    wheel_stop(&there);
    store_free(one);
    store_free(two);
}

/* Whatever of the way is gone, Redis told nothing meanwhile; then everything is as before. */
static void loses(const char *command)
{
    struct store *s = listening(), *other = listening();
    struct wheel wheel = at_loop(s);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched w = believe_at(&wheel, s, "a");
    ask(command);
    until_over(s, &w);
    w = believe_at(&wheel, s, "a");
    assert_int_equal(store_delete(other, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    until_over(s, &w);
    wheel_stop(&wheel);
    store_free(s);
    store_free(other);
}

static void a_killed_listener_ends_everything_that_tasks_read_before(void **state)
{
    (void)state;
    loses("CLIENT KILL TYPE pubsub");
}

static void a_killed_strand_ends_everything_that_tasks_read_before(void **state)
{
    (void)state;
    loses("CLIENT KILL TYPE normal");
}

/* The one client that is tracked and has never read the epoch's key tracked is the strand: it alone is
 * killed. */
static void kill_strand(void)
{
    redisReply *list = redis_ask(&world.redis, "CLIENT LIST");
    long long last = 0;
    for (const char *line = list->str; line && *line; line = strchr(line, '\n'), line += line != NULL) {
        long long id = atoll(line + strlen("id="));
        const char *flags = strstr(line, " flags=");
        size_t len = flags ? strcspn(flags + 7, " ") : 0;
        if (flags && memchr(flags + 7, 't', len) && id > last)
            last = id;
    }
    freeReplyObject(list);
    freeReplyObject(redis_ask(&world.redis, "CLIENT KILL ID %lld", last));
}

static void one_reader_that_is_gone_takes_nothing_with_it_of_another(void **state)
{
    (void)state;
    struct store *s = listening();
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    struct store_watched by_lane = believe(s, "a");
    struct wheel wheel = at_loop(s);
    struct store_watched by_strand = believe_at(&wheel, s, "a");
    kill_strand();
    until_over(s, &by_strand);
    struct store_watched again = believe_at(&wheel, s, "a");
    until_believed_at(&wheel, s, &again);
    until_believed_at(&wheel, s, &by_lane);
    assert_false(store_watched_holds(s, &by_strand));
    wheel_stop(&wheel);
    store_free(s);
}

/* A loop that nobody asks anything falls silent; what it heard before it went on is not lost. */
static void an_idle_loop_believes_again_what_was_not_changed_meanwhile(void **state)
{
    (void)state;
    struct store *other = listening(), *s = listening(); /* whoever starts writes the epoch's key */
    struct wheel wheel = at_loop(s);
    assert_int_equal(put(s, "a", "x"), RESULT_OK);
    assert_int_equal(put(s, "b", "x"), RESULT_OK);
    struct store_watched a = believe_at(&wheel, s, "a"), b = believe_at(&wheel, s, "b");
    usleep(1300 * 1000);
    assert_int_equal(store_delete(other, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    assert_false(store_watched_holds(s, &b)); /* not yet: nothing proves it */
    until_believed_at(&wheel, s, &b);
    assert_false(store_watched_holds(s, &a));
    wheel_stop(&wheel);
    store_free(s);
    store_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_a_task_read_is_believed_until_anybody_changes_it),
        STORY(a_killed_listener_ends_everything_that_tasks_read_before),
        STORY(a_killed_strand_ends_everything_that_tasks_read_before),
        STORY(one_reader_that_is_gone_takes_nothing_with_it_of_another),
        STORY(an_idle_loop_believes_again_what_was_not_changed_meanwhile),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
