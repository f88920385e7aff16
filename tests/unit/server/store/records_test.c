/* Records, single use and counters. */
#include "tests/unit/server/store/world.h"

static void what_was_put_is_read_updated_and_deleted(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    assert_int_equal(store_update(s, world.arena, STORE_SESSION, STR("a"), STR("x"), 0), RESULT_NOT_FOUND);
    assert_int_equal(put(s, "a", "one"), RESULT_OK);
    assert_holds(s, "a", "one");
    assert_int_equal(store_update(s, world.arena, STORE_SESSION, STR("a"), STR("two"), 0), RESULT_OK);
    assert_holds(s, "a", "two");
    assert_int_equal(store_update(s, world.arena, STORE_SESSION, STR("a"), STR("three"), 9), RESULT_OK);
    assert_holds(s, "a", "three");
    struct str value;
    assert_int_equal(store_get(s, world.arena, STORE_GRANT, STR("a"), &value), RESULT_NOT_FOUND);
    assert_int_equal(store_delete(s, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    assert_int_equal(get(s, "a"), RESULT_NOT_FOUND);
    assert_int_equal(store_delete(s, world.arena, STORE_SESSION, STR("a")), RESULT_OK);
    store_free(s);
}

static void an_update_keeps_or_renews_the_lifetime(void **state)
{
    (void)state;
    struct store *s = server();
    char key[80];
    assert_int_equal(store_put(s, world.arena, STORE_SESSION, STR("a"), STR("x"), 50), RESULT_OK);
    record_key(key, sizeof key, 0);
    assert_int_equal(store_update(s, world.arena, STORE_SESSION, STR("a"), STR("y"), 0), RESULT_OK);
    redisReply *ttl = redis_ask(&world.redis, "TTL %s", key);
    assert_in_range(ttl->integer, 48, 50);
    freeReplyObject(ttl);
    assert_int_equal(store_update(s, world.arena, STORE_SESSION, STR("a"), STR("y"), 500), RESULT_OK);
    ttl = redis_ask(&world.redis, "TTL %s", key);
    assert_in_range(ttl->integer, 498, 500);
    freeReplyObject(ttl);
    store_free(s);
}

static void binary_ids_and_values_and_empty_ones_survive(void **state)
{
    (void)state;
    struct store *s = server();
    const struct str id = {"\r\n$3\r\n\0*", 8}, bytes = {"\0\r\n+OK\r\n", 8};
    struct str value;
    assert_int_equal(store_put(s, world.arena, STORE_CODE, id, bytes, 60), RESULT_OK);
    assert_int_equal(store_get(s, world.arena, STORE_CODE, id, &value), RESULT_OK);
    assert_true(str_eq(value, bytes));
    assert_int_equal(store_put(s, world.arena, STORE_CODE, STR_EMPTY, STR_EMPTY, 60), RESULT_OK);
    assert_int_equal(store_get(s, world.arena, STORE_CODE, STR_EMPTY, &value), RESULT_OK);
    assert_int_equal(value.len, 0);
    store_free(s);
}

static void many_are_read_in_one_round_trip(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(put(s, "a", "1"), RESULT_OK);
    assert_int_equal(put(s, "c", ""), RESULT_OK);
    const struct store_key keys[] = {{STORE_SESSION, STR("a")},
                                     {STORE_SESSION, STR("b")},
                                     {STORE_SESSION, STR("c")},
                                     {STORE_CODE, STR("a")}};
    struct str out[4];
    assert_int_equal(store_get_many(s, world.arena, keys, 4, out), RESULT_OK);
    assert_true(str_eq(out[0], STR("1")));
    assert_null(out[1].p);
    assert_non_null(out[2].p);
    assert_int_equal(out[2].len, 0);
    assert_null(out[3].p);
    assert_int_equal(store_get_many(s, world.arena, keys, 0, out), RESULT_OK);
    store_free(s);
}

static void names_and_values_in_redis_tell_nothing(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(put(s, "zhang.wei", "a secret of zhang.wei"), RESULT_OK);
    redisReply *keys = redis_ask(&world.redis, "KEYS *");
    for (size_t i = 0; i < keys->elements; i++) {
        redisReply *value = redis_ask(&world.redis, "GET %s", keys->element[i]->str);
        assert_null(strstr(keys->element[i]->str, "zhang"));
        assert_null(memmem(value->str, (size_t)value->len, "zhang", 5));
        assert_int_equal(strncmp(keys->element[i]->str, "od:", 3), 0);
        freeReplyObject(value);
    }
    freeReplyObject(keys);
    store_free(s);
}

static void a_value_moved_to_another_key_does_not_open(void **state)
{
    (void)state;
    struct store *s = server();
    char first[80], second[80];
    assert_int_equal(put(s, "mine", "member"), RESULT_OK);
    record_key(first, sizeof first, 0);
    assert_int_equal(put(s, "theirs", "admin"), RESULT_OK);
    record_key(second, sizeof second, 0);
    if (strcmp(first, second) == 0)
        record_key(second, sizeof second, 1);
    freeReplyObject(redis_ask(&world.redis, "COPY %s %s REPLACE", second, first));
    assert_int_equal(get(s, "mine"), RESULT_NOT_FOUND);
    assert_holds(s, "theirs", "admin");
    struct str value;
    assert_int_equal(store_take(s, world.arena, STORE_SESSION, STR("mine"), &value), RESULT_NOT_FOUND);
    assert_null(value.p);
    store_free(s);
}

static void an_altered_value_does_not_open(void **state)
{
    (void)state;
    struct store *s = server();
    char key[80];
    assert_int_equal(put(s, "mine", "member"), RESULT_OK);
    record_key(key, sizeof key, 0);
    redisReply *byte = redis_ask(&world.redis, "GETRANGE %s 15 15", key);
    const char *other = byte->str[0] == '!' ? "?" : "!"; /* one that it is not already */
    freeReplyObject(byte);
    freeReplyObject(redis_ask(&world.redis, "SETRANGE %s 15 %s", key, other));
    assert_int_equal(get(s, "mine"), RESULT_NOT_FOUND);
    freeReplyObject(redis_ask(&world.redis, "SET %s plain", key));
    assert_int_equal(get(s, "mine"), RESULT_NOT_FOUND);
    assert_int_equal(store_ping(s), RESULT_OK);
    store_free(s);
}

static void of_the_crowd_one_wins(struct store *s, bool takes, enum result loser)
{
    struct crowd c = {.store = s, .takes = takes};
    int won = 0, lost = 0;
    crowd_run(&c);
    for (int i = 0; i < CROWD; i++) {
        won += c.results[i] == RESULT_OK;
        lost += c.results[i] == loser;
    }
    assert_int_equal(won, 1);
    assert_int_equal(lost, CROWD - 1);
}

static void of_fifty_who_spend_one_succeeds(void **state)
{
    (void)state;
    struct store *s = server();
    of_the_crowd_one_wins(s, false, RESULT_USED);
    store_free(s);
}

static void of_fifty_who_take_one_gets_it(void **state)
{
    (void)state;
    struct store *s = server();
    assert_int_equal(store_put(s, world.arena, STORE_CODE, STR("code"), STR("x"), 60), RESULT_OK);
    of_the_crowd_one_wins(s, true, RESULT_NOT_FOUND);
    store_free(s);
}

static void what_was_spent_is_spent_on_every_server(void **state)
{
    (void)state;
    struct store *one = server(), *two = server();
    struct str value;
    assert_int_equal(spend(one, "x"), RESULT_OK);
    assert_int_equal(spend(two, "x"), RESULT_USED);
    assert_int_equal(store_get(two, world.arena, STORE_SPENT, STR("x"), &value), RESULT_OK);
    assert_true(str_eq(value, STR("by me")));
    store_free(one);
    store_free(two);
}

static enum result count_k(struct store *s, int64_t by, int64_t window, struct store_counter *c)
{
    *c = (struct store_counter){.id = STR("k"), .by = by, .window = window};
    return store_count(s, c, 1);
}

static void a_counter_counts_within_its_window(void **state)
{
    (void)state;
    struct store *s = server();
    struct store_counter c;
    assert_int_equal(count_k(s, 1, 2, &c), RESULT_OK);
    assert_int_equal(c.count, 1);
    assert_in_range(c.left, 1, 2);
    assert_int_equal(count_k(s, 5, 600, &c), RESULT_OK);
    assert_int_equal(c.count, 6);
    assert_in_range(c.left, 0, 2);
    assert_int_equal(count_k(s, -2, 600, &c), RESULT_OK);
    assert_int_equal(c.count, 4);
    usleep(2100000);
    assert_int_equal(count_k(s, 1, 600, &c), RESULT_OK);
    assert_int_equal(c.count, 1);
    assert_in_range(c.left, 598, 600);
    store_free(s);
}

static void several_count_in_one_step(void **state)
{
    (void)state;
    struct store *s = server();
    struct store_counter c[3] = {{.id = STR("a"), .by = 1, .window = 60},
                                 {.id = STR("b"), .by = 5, .window = 60},
                                 {.id = STR("a"), .by = 1, .window = 60}};
    assert_int_equal(store_count(s, c, 3), RESULT_OK);
    assert_int_equal(c[0].count, 1);
    assert_int_equal(c[1].count, 5);
    assert_int_equal(c[2].count, 2);
    store_free(s);
}

static void several_are_put_together(void **state)
{
    (void)state;
    struct store *s = server();
    struct store_puts all = {0};
    assert_true(store_puts_add(&all, (struct store_put){STORE_SESSION, STR("a"), STR("1"), 60, false}));
    assert_true(store_puts_add(&all, (struct store_put){STORE_SESSION, STR("b"), STR("2"), 60, true}));
    assert_int_equal(store_put_all(s, world.arena, &all), RESULT_NOT_FOUND);
    assert_holds(s, "a", "1");
    assert_int_equal(get(s, "b"), RESULT_NOT_FOUND);
    assert_int_equal(put(s, "b", "0"), RESULT_OK);
    assert_int_equal(store_put_all(s, world.arena, &all), RESULT_OK);
    assert_holds(s, "b", "2");
    for (size_t i = all.n; i < STORE_PUTS_MOST; i++)
        assert_true(store_puts_add(&all, (struct store_put){STORE_SESSION, STR("c"), STR("3"), 60, false}));
    assert_false(store_puts_add(&all, (struct store_put){STORE_SESSION, STR("d"), STR("4"), 60, false}));
    store_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_was_put_is_read_updated_and_deleted),
        STORY(an_update_keeps_or_renews_the_lifetime),
        STORY(binary_ids_and_values_and_empty_ones_survive),
        STORY(many_are_read_in_one_round_trip),
        STORY(names_and_values_in_redis_tell_nothing),
        STORY(a_value_moved_to_another_key_does_not_open),
        STORY(an_altered_value_does_not_open),
        STORY(of_fifty_who_spend_one_succeeds),
        STORY(of_fifty_who_take_one_gets_it),
        STORY(what_was_spent_is_spent_on_every_server),
        STORY(a_counter_counts_within_its_window),
        STORY(several_count_in_one_step),
        STORY(several_are_put_together),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
