#include "server/base/packed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 100000 };

static struct arena *arena;
static struct buf out;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(2 * MOST);
    buf_init(&out, MOST);
    return arena ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    buf_free(&out);
    return 0;
}

static void numbers_come_back(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        size_t bytes;
    } rows[] = {{0, 1},   {-1, 1},         {63, 1},         {-64, 1},        {64, 2},
                {-65, 2}, {1795586800, 5}, {INT64_MAX, 10}, {INT64_MIN, 10}, {INT32_MIN, 5}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t back = 0;
        size_t before = out.len;
        pack_number(&out, rows[i].number);
        assert_int_equal(out.len - before, rows[i].bytes);
        struct str rest = str_sub(buf_str(&out), before, out.len);
        assert_true(unpack_number(&rest, &back));
        assert_true(back == rows[i].number);
        assert_int_equal(rest.len, 0);
    }
}

static void numbers_have_one_spelling(void **state)
{
    (void)state;
    const struct str bad[] = {STR(""),
                              STR("\x80"),
                              STR("\x80\x00"),
                              STR("\xff\x80\x00"),
                              STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
                              STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct str rest = bad[i];
        int64_t number;
        assert_false(unpack_number(&rest, &number));
    }
}

static void texts_come_back(void **state)
{
    (void)state;
    static char many[3000];
    memset(many, 'A', sizeof many);
    const struct {
        struct str text;
        size_t bytes;
    } rows[] = {{STR(""), 1},
                {STR("a"), 2},
                {STR("ab"), 3}, /* its last bits are not zero: no base64url */
                {STR("AA"), 2},
                {STR("https://records.city.example/api"), 33},
                {STR("0f6ddf31-5a44-4e0b-9d6b-0ba5d1f7b0ac"), 28},
                {STR("8oKXrYVrQh6PCqYO7k8kiA"), 17},
                {STR("a\0b"), 4},
                {{many, sizeof many}, 2252}};
    size_t at = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        pack_text(&out, arena, rows[i].text);
        assert_int_equal(out.len - at, rows[i].bytes);
        at = out.len;
    }
    struct str rest = buf_str(&out), text;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_true(unpack_text(&rest, arena, &text));
        assert_true(str_eq(text, rows[i].text));
    }
    assert_int_equal(rest.len, 0);
    assert_false(unpack_text(&rest, arena, &text));
    assert_false(arena_failed(arena));
}

static void a_text_that_was_cut_is_none(void **state)
{
    (void)state;
    struct str text;
    pack_text(&out, arena, STR("8oKXrYVrQh6PCqYO7k8kiA"));
    for (size_t len = 0; len < out.len; len++) {
        struct str rest = str_sub(buf_str(&out), 0, len);
        assert_false(unpack_text(&rest, arena, &text));
    }
    struct str rest = STR("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
    assert_false(unpack_text(&rest, arena, &text));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {TEST(numbers_come_back), TEST(numbers_have_one_spelling),
                                       TEST(texts_come_back), TEST(a_text_that_was_cut_is_none)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
