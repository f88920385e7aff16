#include "server/base/json_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "server/base/json.h"

#include <stdio.h>

static struct arena *arena;

static int setup(void **state)
{
    (void)state;
    arena = arena_new(1 << 22);
    return arena ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const struct node *member(const struct node *n, const char *name)
{
    return node_member(n, str_of(name));
}

static void assert_str(const struct node *n, struct str expected)
{
    assert_true(node_is(n, NODE_STRING));
    assert_true(str_eq(node_str(n), expected));
}

static void every_kind_is_read(void **state)
{
    (void)state;
    const struct node *n =
        json_read(arena, STR(" {\"s\":\"x\",\"i\":-7,\"r\":1.5e3,\"t\":true,\"f\":false,\"n\":null,"
                             "\"a\":[1,\"two\",[]],\"o\":{\"\":{}}}\r\n"));
    int64_t number = 0;
    assert_true(node_is(n, NODE_OBJECT));
    assert_int_equal(n->count, 8);
    assert_str(member(n, "s"), STR("x"));
    assert_true(node_int(member(n, "i"), &number));
    assert_int_equal(number, -7);
    assert_true(node_is(member(n, "r"), NODE_REAL));
    assert_true(node_is(member(n, "t"), NODE_TRUE));
    assert_true(node_is(member(n, "f"), NODE_FALSE));
    assert_true(node_is(member(n, "n"), NODE_NULL));
    assert_int_equal(member(n, "a")->count, 3);
    assert_str(member(n, "a")->first->next, STR("two"));
    assert_true(node_is(member(member(n, "o"), ""), NODE_OBJECT));
}

static void what_is_not_there_or_of_another_kind_is_nothing(void **state)
{
    (void)state;
    const struct node *n = json_read(arena, STR("{\"s\":\"1\",\"r\":1.0}"));
    int64_t number = 42;
    assert_null(member(n, "absent"));
    assert_null(member(NULL, "s"));
    assert_null(member(member(n, "s"), "s"));
    assert_int_equal(node_str(member(n, "r")).len, 0);
    assert_int_equal(node_str(NULL).len, 0);
    assert_false(node_int(member(n, "s"), &number));
    assert_false(node_int(member(n, "r"), &number));
    assert_false(node_int(NULL, &number));
    assert_int_equal(number, 42);
}

static void escapes_are_decoded(void **state)
{
    (void)state;
    const struct node *n =
        json_read(arena, STR("{\"\\u006e\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u738B\\ud83d\\uDE00.\"}"));
    assert_str(member(n, "n"), STR("\"\\/\b\f\n\r\t\xE7\x8E\x8B\xF0\x9F\x98\x80."));
}

/* Taken by neither, or by both: jansson is the measure. */
static void assert_as_jansson(const struct str *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!json_read(arena, texts[i]) != !json_parse(arena, texts[i]))
            fail_msg("%zu: " STR_FMT, i, STR_ARG(texts[i]));
}
#define ASSERT_AS_JANSSON(list) assert_as_jansson(list, sizeof(list) / sizeof *(list))

static void objects_and_lists_are_refused_as_by_the_other_parser(void **state)
{
    (void)state;
    static const struct str texts[] = {
        STR(""),
        STR(" "),
        STR("null"),
        STR("[]"),
        STR("{"),
        STR("{}}"),
        STR("{}{}"),
        STR("{}\0"),
        STR("\xEF\xBB\xBF{}"),
        STR("{\"a\"}"),
        STR("{\"a\":}"),
        STR("{\"a\":1,}"),
        STR("{,}"),
        STR("{a:1}"),
        STR("{'a':1}"),
        STR("{\"a\":1 \"b\":2}"),
        STR("{\"a\":1,\"a\":1}"),
        STR("{\"a\":1,\"\\u0061\":1}"),
        STR("{\"a\":[1,]}"),
        STR("{\"a\":[}"),
        STR("{\"a\":[1}"),
        STR("{\xFF}"),
        STR("{}\xFF"),
        STR("{/**/}"),
        STR("{\"a\":1}//"),
        STR("\v{}"),
        STR("{\"a\":\"b\"c}"),
        STR("{\"\":1}"),
        STR("{\"a\":[[],{}]}"),
    };
    ASSERT_AS_JANSSON(texts);
}

static void so_are_numbers_and_words(void **state)
{
    (void)state;
    static const struct str texts[] = {
        STR("{\"a\":01}"),
        STR("{\"a\":+1}"),
        STR("{\"a\":-}"),
        STR("{\"a\":-0}"),
        STR("{\"a\":1.}"),
        STR("{\"a\":.5}"),
        STR("{\"a\":1e}"),
        STR("{\"a\":1e+}"),
        STR("{\"a\":1E-2}"),
        STR("{\"a\":1e999}"),
        STR("{\"a\":1e-999}"),
        STR("{\"a\":0x1}"),
        STR("{\"a\":9223372036854775807}"),
        STR("{\"a\":9223372036854775808}"),
        STR("{\"a\":-9223372036854775808}"),
        STR("{\"a\":-9223372036854775809}"),
        STR("{\"a\":99999999999999999999999999999999}"),
        STR("{\"a\":NaN}"),
        STR("{\"a\":Infinity}"),
        STR("{\"a\":True}"),
        STR("{\"a\":truex}"),
        STR("{\"a\":tru"),
        STR("{\"a\":true false}"),
    };
    ASSERT_AS_JANSSON(texts);
}

static void so_are_strings(void **state)
{
    (void)state;
    static const struct str texts[] = {
        STR("{\"a\":\"\\u0000\"}"),
        STR("{\"a\":\"\0\"}"),
        STR("{\"a\":\"\\ud800\"}"),
        STR("{\"a\":\"\\udc00\"}"),
        STR("{\"a\":\"\\ud800\\u0041\"}"),
        STR("{\"a\":\"\\ud800\\ud800\"}"),
        STR("{\"a\":\"\\u12\"}"),
        STR("{\"a\":\"\\u12g4\"}"),
        STR("{\"a\":\"\\x\"}"),
        STR("{\"a\":\"\\"),
        STR("{\"a\":\"\\\""),
        STR("{\"a\":\"\n\"}"),
        STR("{\"a\":\"\x7F\"}"),
        STR("{\"a\":\"\xFF\"}"),
        STR("{\"a\":\"\xC0\xAF\"}"),
        STR("{\"a\":\"\xED\xA0\x80\"}"),
    };
    ASSERT_AS_JANSSON(texts);
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    assert_non_null(json_read(arena, STR("{\"a\":[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]}")));
    assert_null(json_read(arena, STR("{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}")));
}

/* n members, of which the last is named as the one of that number. */
static struct str object_of(unsigned n, unsigned last)
{
    struct str text = STR("{");
    for (unsigned i = 0; i < n; i++) {
        unsigned name = i == n - 1 ? last : i;
        struct str one = arena_printf(arena, "%s\"%u\":%u", i > 0 ? "," : "", name, i);
        text = arena_join(arena, (struct str[]){text, one}, 2);
    }
    return arena_join(arena, (struct str[]){text, STR("}")}, 2);
}

static void repeated_names_are_seen_among_few_and_among_many(void **state)
{
    (void)state;
    for (unsigned n = 2; n < 40; n++) {
        assert_non_null(json_read(arena, object_of(n, n - 1)));
        for (unsigned last = 0; last < n - 1; last++)
            assert_null(json_read(arena, object_of(n, last)));
    }
}

static void members_are_found_among_few_and_among_many(void **state)
{
    (void)state;
    for (unsigned n = 1; n < 40; n++) {
        const struct node *object = json_read(arena, object_of(n, n - 1));
        int64_t number;
        char name[16];
        assert_non_null(object);
        for (unsigned i = 0; i < n; i++) {
            snprintf(name, sizeof name, "%u", i);
            assert_true(node_int(member(object, name), &number));
            assert_int_equal(number, i);
        }
        assert_null(member(object, "x"));
        assert_null(member(object, ""));
    }
}

static void a_long_text_needs_little_of_the_arena_it_is_read_for(void **state)
{
    (void)state;
    enum { LEN = 100000 };
    struct arena *small = arena_new(1000);
    static char text[LEN];
    for (size_t i = 0; i < LEN; i++)
        text[i] = i % 2 == 0 ? '1' : ',';
    memcpy(text, "{\"a\":[", 6);
    memcpy(text + LEN - 3, " ]}", 3);
    const struct node *n = json_read(small, (struct str){text, LEN});
    assert_non_null(n);
    assert_int_equal(member(n, "a")->count, (LEN - 8) / 2);
    assert_false(arena_failed(small));
    arena_free(small);
}

static void without_memory_nothing_is_read(void **state)
{
    (void)state;
    struct arena *small = arena_new(200);
    assert_null(json_read(small, STR("{\"a\":[1,2,3,4,5,6,7,8]}")));
    assert_true(arena_failed(small));
    arena_free(small);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_is_read),
        TEST(what_is_not_there_or_of_another_kind_is_nothing),
        TEST(escapes_are_decoded),
        TEST(objects_and_lists_are_refused_as_by_the_other_parser),
        TEST(so_are_numbers_and_words),
        TEST(so_are_strings),
        TEST(nesting_has_a_limit),
        TEST(repeated_names_are_seen_among_few_and_among_many),
        TEST(members_are_found_among_few_and_among_many),
        TEST(a_long_text_needs_little_of_the_arena_it_is_read_for),
        TEST(without_memory_nothing_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
