/* Sets of members under one id. */
#include "tests/unit/server/store/world.h"

static size_t add(struct store *s, const char *id, const char *member)
{
    size_t count;
    assert_int_equal(store_set_add(s, world.arena, STORE_PERSON, str_of(id), str_of(member), 600, &count),
                     RESULT_OK);
    return count;
}

/* How many there are, and whether this one is among them. */
static size_t members(struct store *s, const char *id, const char *member, bool *there)
{
    struct str *v;
    size_t n;
    assert_int_equal(store_set_members(s, world.arena, STORE_PERSON, str_of(id), &v, &n), RESULT_OK);
    *there = false;
    for (size_t i = 0; i < n; i++)
        *there = *there || str_eq(v[i], str_of(member));
    return n;
}

static void members_come_and_go(void **state)
{
    (void)state;
    struct store *s = server();
    bool there;
    assert_int_equal(members(s, "zhang", "one", &there), 0);
    assert_int_equal(add(s, "zhang", "one"), 1);
    assert_int_equal(add(s, "zhang", "two"), 2);
    assert_int_equal(add(s, "zhang", "two"), 2);
    assert_int_equal(add(s, "li", "one"), 1);
    assert_int_equal(members(s, "zhang", "one", &there), 2);
    assert_true(there);
    assert_int_equal(store_set_remove(s, world.arena, STORE_PERSON, STR("zhang"), STR("one")), RESULT_OK);
    assert_int_equal(store_set_remove(s, world.arena, STORE_PERSON, STR("zhang"), STR("one")), RESULT_OK);
    assert_int_equal(members(s, "zhang", "one", &there), 1);
    assert_false(there);
    assert_int_equal(members(s, "li", "one", &there), 1);
    assert_true(there);
    store_free(s);
}

static void every_server_sees_the_same_set(void **state)
{
    (void)state;
    struct store *one = server(), *two = server();
    bool there;
    assert_int_equal(add(one, "zhang", "one"), 1);
    assert_int_equal(add(two, "zhang", "two"), 2);
    assert_int_equal(members(one, "zhang", "two", &there), 2);
    assert_true(there);
    store_free(one);
    store_free(two);
}

static void a_set_lives_from_its_last_add(void **state)
{
    (void)state;
    struct store *s = server();
    char key[80];
    size_t count;
    assert_int_equal(store_set_add(s, world.arena, STORE_PERSON, STR("a"), STR("x"), 50, &count), RESULT_OK);
    assert_int_equal(store_set_add(s, world.arena, STORE_PERSON, STR("a"), STR("y"), 500, &count), RESULT_OK);
    record_key(key, sizeof key, 0);
    redisReply *ttl = redis_ask(&world.redis, "TTL %s", key);
    assert_in_range(ttl->integer, 498, 500);
    freeReplyObject(ttl);
    store_free(s);
}

static void members_in_redis_tell_nothing(void **state)
{
    (void)state;
    struct store *s = server();
    char key[80];
    (void)add(s, "zhang.wei", "the session of zhang.wei");
    record_key(key, sizeof key, 0);
    redisReply *all = redis_ask(&world.redis, "HGETALL %s", key);
    assert_int_equal(all->elements, 2);
    for (size_t i = 0; i < all->elements; i++)
        assert_null(memmem(all->element[i]->str, (size_t)all->element[i]->len, "zhang", 5));
    freeReplyObject(all);
    store_free(s);
}

/* Whoever can write to Redis can't put one person's session into another's set. */
static void a_member_moved_from_another_set_is_left_out(void **state)
{
    (void)state;
    struct store *s = server();
    char first[80], second[80];
    bool there;
    (void)add(s, "mine", "my session");
    record_key(first, sizeof first, 0);
    (void)add(s, "theirs", "their session");
    record_key(second, sizeof second, 0);
    if (strcmp(first, second) == 0)
        record_key(second, sizeof second, 1);
    redisReply *value = redis_ask(&world.redis, "HVALS %s", second);
    freeReplyObject(redis_ask(&world.redis, "HSET %s other %b", first, value->element[0]->str,
                              (size_t)value->element[0]->len));
    freeReplyObject(value);
    assert_int_equal(members(s, "mine", "my session", &there), 1);
    assert_true(there);
    store_free(s);
}

static void without_redis_nothing_is_known_of_a_set(void **state)
{
    (void)state;
    struct store *s = server();
    struct str *v;
    size_t n;
    (void)add(s, "zhang", "one");
    redis_kill(&world.redis);
    assert_int_equal(store_set_members(s, world.arena, STORE_PERSON, STR("zhang"), &v, &n),
                     RESULT_UNAVAILABLE);
    assert_int_equal(store_set_add(s, world.arena, STORE_PERSON, STR("zhang"), STR("two"), 60, &n),
                     RESULT_UNAVAILABLE);
    assert_int_equal(store_set_remove(s, world.arena, STORE_PERSON, STR("zhang"), STR("one")),
                     RESULT_UNAVAILABLE);
    store_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(members_come_and_go),
        STORY(every_server_sees_the_same_set),
        STORY(a_set_lives_from_its_last_add),
        STORY(members_in_redis_tell_nothing),
        STORY(a_member_moved_from_another_set_is_left_out),
        STORY(without_redis_nothing_is_known_of_a_set),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
