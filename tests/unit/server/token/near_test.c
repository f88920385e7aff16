/* Answers kept in memory: true only while the store's watch and the world say so, and never more than fit. */
#include "server/token/near.h"

#include "server/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Stands in for the store: tests/unit/server/store/watch_test.c is about the real one. */
static bool holds;

bool store_watched_holds(struct store *s, const struct store_watched *w)
{
    (void)s;
    return holds && w->moment == 7 && w->generation == 3 && w->count == 2 && w->slots[1] == 12;
}

enum { WORLD = 5, ROOM = 1 << 20 };

static struct near *near;
static struct arena *arena;
static int64_t now;

static int64_t tick(void)
{
    return now;
}

static int begin(void **state)
{
    (void)state;
    now = 1000;
    clock_replace(tick);
    holds = true;
    near = near_new(ROOM);
    arena = arena_new(64 << 20);
    return near && arena ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    near_free(near);
    arena_free(arena);
    clock_replace(NULL);
    return 0;
}

static struct near_answer answer(const char *shared, const char *own)
{
    return (struct near_answer){
        .watched = {.moment = 7, .generation = 3, .slots = {11, 12}, .count = 2, .kept = true},
        .world = WORLD,
        .until = 2000,
        .shared = str_of(shared),
        .own = str_of(own)};
}

static struct near_key key_of(const char *client_id, const char *token)
{
    struct near_key key;
    assert_true(near_key_of(str_of(client_id), str_of(token), &key));
    return key;
}

static void keep(const char *token, const struct near_answer *a)
{
    struct near_key key = key_of("portal", token);
    near_keep(near, &key, a);
}

static bool finds(const char *client_id, const char *token, const char *expected)
{
    struct near_key key = key_of(client_id, token);
    struct str text;
    if (!near_find(near, &key, NULL, WORLD, arena, &text))
        return false;
    assert_true(str_eq(text, str_of(expected)));
    return true;
}

static void what_was_kept_is_found_by_the_whole_token_and_the_caller(void **state)
{
    (void)state;
    struct near_answer a = answer("{\"a\":1", ",\"b\":2}");
    keep("token", &a);
    assert_true(finds("portal", "token", "{\"a\":1,\"b\":2}"));
    assert_false(finds("portal", "Token", ""));
    assert_false(finds("other", "token", ""));
    assert_false(finds("porta", "ltoken", ""));
}

static void it_is_gone_with_what_it_was_made_from(void **state)
{
    (void)state;
    struct near_answer a = answer("{", "}");
    struct near_key key = key_of("portal", "token");
    struct str text;
    keep("token", &a);
    holds = false;
    assert_false(finds("portal", "token", ""));
    holds = true;
    assert_true(finds("portal", "token", "{}"));
    assert_false(near_find(near, &key, NULL, WORLD + 1, arena, &text));
    now = 1999;
    assert_true(finds("portal", "token", "{}"));
    now = 2000;
    assert_false(finds("portal", "token", ""));
}

static void what_may_not_be_kept_is_not(void **state)
{
    (void)state;
    struct near_answer a = answer("{", "}");
    a.watched.kept = false;
    keep("token", &a);
    assert_false(finds("portal", "token", ""));
    assert_int_equal(near_size(near).answers, 0);
    assert_int_equal(near_size(near).bytes, 0);
}

static void a_newer_answer_takes_the_place_of_the_older(void **state)
{
    (void)state;
    struct near_answer a = answer("{", "1}"), b = answer("{", "2}");
    keep("token", &a);
    size_t bytes = near_size(near).bytes;
    keep("token", &b);
    assert_true(finds("portal", "token", "{2}"));
    assert_int_equal(near_size(near).answers, 1);
    assert_int_equal(near_size(near).bytes, bytes);
}

static void tokens_alike_share_what_they_have_in_common(void **state)
{
    (void)state;
    char shared[301], token[16];
    memset(shared, 'x', 300);
    shared[300] = 0;
    struct near_answer a =
        answer(shared, ",\"jti\":\"aaaaaaaaaaaaaaaaaaaaaa\",\"iat\":1795587197,\"exp\":1795587797}");
    for (int i = 0; i < 4000; i++) {
        snprintf(token, sizeof token, "t%d", i);
        keep(token, &a);
    }
    assert_int_equal(near_size(near).answers, 4000);
    assert_true(near_size(near).bytes < (size_t)4000 * 200);
}

static void what_was_not_asked_for_lately_makes_room(void **state)
{
    (void)state;
    char token[16], own[400];
    struct near_answer a = answer("{", "hot}");
    keep("hot", &a);
    memset(own, 'y', sizeof own - 1);
    own[sizeof own - 1] = 0;
    for (int i = 0; i < 20000; i++) {
        a = answer("{", own);
        snprintf(token, sizeof token, "t%d", i);
        keep(token, &a);
        assert_true(near_size(near).bytes <= ROOM);
        assert_true(finds("portal", "hot", "{hot}"));
    }
    assert_true(near_size(near).answers > 1000);
    assert_false(finds("portal", "t0", ""));
}

static void an_answer_larger_than_all_room_is_left_out(void **state)
{
    (void)state;
    near_free(near);
    near = near_new(64 * 200);
    char own[400];
    memset(own, 'y', sizeof own - 1);
    own[sizeof own - 1] = 0;
    struct near_answer a = answer("{", own);
    keep("token", &a);
    assert_false(finds("portal", "token", ""));
    assert_int_equal(near_size(near).bytes, 0);
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(what_was_kept_is_found_by_the_whole_token_and_the_caller),
        STORY(it_is_gone_with_what_it_was_made_from),
        STORY(what_may_not_be_kept_is_not),
        STORY(a_newer_answer_takes_the_place_of_the_older),
        STORY(tokens_alike_share_what_they_have_in_common),
        STORY(what_was_not_asked_for_lately_makes_room),
        STORY(an_answer_larger_than_all_room_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
