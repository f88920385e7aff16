#include "server/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int make_arena(void **state)
{
    *state = arena_new(100000);
    return *state ? 0 : -1;
}

static int free_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static void an_object_is_parsed_and_read(void **state)
{
    json_t *o = json_parse(*state, STR(" {\"s\":\"\\u738b{[\\\"\",\"n\":-7,\"r\":1.5,\"o\":{}} \n"));
    int64_t n = 0;
    assert_non_null(o);
    assert_true(str_eq(json_get_str(o, "s"), STR("王{[\"")));
    assert_true(json_get_int(o, "n", &n));
    assert_int_equal(n, -7);
}

static void a_member_of_the_wrong_type_counts_as_absent(void **state)
{
    json_t *o = json_parse(
        *state, STR("{\"i\":1,\"s\":\"1\",\"r\":1e300,\"z\":1.0,\"t\":true,\"n\":null,\"a\":[\"x\"]}"));
    int64_t n = 42;
    static const char *const names[] = {"r", "z", "s", "t", "n", "a", "absent"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_false(json_get_int(o, names[i], &n));
    assert_int_equal(n, 42);
    assert_int_equal(json_get_str(o, "i").len, 0);
    assert_int_equal(json_get_str(o, "a").len, 0);
    assert_int_equal(json_get_str(o, "absent").len, 0);
    assert_int_equal(json_get_str(NULL, "s").len, 0);
    assert_int_equal(json_get_str(json_object_get(o, "a"), "s").len, 0);
    assert_false(json_get_int(NULL, "i", &n));
}

static void what_is_not_one_clean_object_is_refused(void **state)
{
    static const struct str bad[] = {
        STR(""),
        STR(" "),
        STR("null"),
        STR("[]"),
        STR("\"{}\""),
        STR("{"),
        STR("{}}"),
        STR("{}{}"),
        STR("{} x"),
        STR("{}\0"),
        STR("\0{}"),
        STR("\xEF\xBB\xBF{}"),
        STR("{\"a\":1,\"a\":1}"),
        STR("{\"a\":{\"b\":1,\"b\":2}}"),
        STR("{\"a\":1,\"\\u0061\":2}"),
        STR("{\"a\":\"\\u0000\"}"),
        STR("{\"\\u0000\":1}"),
        STR("{\"a\":\"x\0y\"}"),
        STR("{\"a\":\"\n\"}"),
        STR("{\"a\":\"\xFF\"}"),
        STR("{\"a\":\"\\ud800\"}"),
        STR("{\"a\":01}"),
        STR("{\"a\":+1}"),
        STR("{\"a\":NaN}"),
        STR("{\"a\":1e999}"),
        STR("{\"a\":9223372036854775808}"),
        STR("{'a':1}"),
        STR("{\"a\":1,}"),
        STR("{a:1}"),
        STR("{\"a\":1}//"),
        STR("{\"a\\"),
        STR("{\"a"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (json_parse(*state, bad[i]))
            print_error("accepted: %.*s\n", STR_ARG(bad[i]));
        assert_null(json_parse(*state, bad[i]));
    }
    assert_false(arena_failed(*state));
}

/* `levels` objects or arrays, one in the other. */
static struct str nested(struct arena *a, size_t levels, struct str open, struct str close)
{
    struct str s = STR("0");
    for (size_t i = 1; i < levels; i++)
        s = arena_join(a, (const struct str[]){open, s, close}, 3);
    return arena_join(a, (const struct str[]){STR("{\"a\":"), s, STR("}")}, 3);
}

static void sixteen_levels_are_taken_and_seventeen_refused(void **state)
{
    struct arena *a = *state;
    assert_non_null(json_parse(a, nested(a, 16, STR("["), STR("]"))));
    assert_null(json_parse(a, nested(a, 17, STR("["), STR("]"))));
    assert_non_null(json_parse(a, nested(a, 16, STR("{\"a\":"), STR("}"))));
    assert_null(json_parse(a, nested(a, 17, STR("{\"a\":"), STR("}"))));
    assert_null(json_parse(a, nested(a, 100, STR("["), STR(""))));
}

static void brackets_in_strings_are_no_levels(void **state)
{
    struct str s = STR("{\"a\":\"[[[[[[[[[[[[[[[[[[[[\\\"[[[[[[[[[[[[[[[[[[[[\\\\\",\"b\":[[[1]]]}");
    assert_non_null(json_parse(*state, s));
    /* and a string's end is seen behind escapes, so that what follows counts */
    struct str deep = STR("{\"a\":\"\\\\\",\"b\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}");
    assert_null(json_parse(*state, deep));
}

static void many_siblings_are_no_depth(void **state)
{
    assert_non_null(
        json_parse(*state, STR("{\"a\":[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],{}]}")));
}

static void text_is_compact_and_sorted(void **state)
{
    json_t *o = json_new(*state);
    json_put_str(o, "z", STR("a\"\n王"));
    json_put_int(o, "b", INT64_MIN);
    json_put_str(o, "empty", STR_EMPTY);
    assert_true(str_eq(json_text(*state, o), STR("{\"b\":-9223372036854775808,\"z\":\"a\\\"\\n王\"}")));
    assert_null(json_text(*state, NULL).p);
}

static void an_empty_or_broken_string_is_left_out_and_removes_the_old(void **state)
{
    json_t *o = json_new(*state);
    json_put_str(o, "a", STR("old"));
    json_put_str(o, "b", STR("old"));
    json_put_str(o, "a", STR_EMPTY);
    json_put_str(o, "b", STR("\xFF"));
    json_put_str(o, "c", STR("\xC0\x80"));
    assert_true(str_eq(json_text(*state, o), STR("{}")));
}

static void an_audience_is_a_string_or_an_array_of_strings(void **state)
{
    json_t *o = json_parse(
        *state,
        STR("{\"s\":\"a\",\"l\":[\"b\",\"a\"],\"m\":[\"a\",1],\"i\":1,\"e\":[],\"o\":{\"a\":\"a\"}}"));
    assert_true(json_holds(o, "s", STR("a")));
    assert_false(json_holds(o, "s", STR("a/")));
    assert_true(json_holds(o, "l", STR("a")));
    assert_true(json_holds(o, "l", STR("b")));
    assert_false(json_holds(o, "l", STR("c")));
    static const char *const never[] = {"m", "i", "e", "o", "absent"};
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        assert_false(json_holds(o, never[i], STR("a")));
    assert_false(json_holds(NULL, "s", STR("a")));
}

static void without_memory_nothing_is_parsed_or_written(void **state)
{
    json_t *o = json_new(*state);
    json_put_str(o, "a", STR("a long string that the small arena cannot hold"));
    struct arena *small = arena_new(30);
    assert_null(json_text(small, o).p);
    assert_true(arena_failed(small));
    assert_null(json_parse(small, STR("{}")));
    assert_null(json_new(small));
    arena_free(small);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, make_arena, free_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_ARENA(an_object_is_parsed_and_read),
        WITH_ARENA(a_member_of_the_wrong_type_counts_as_absent),
        WITH_ARENA(what_is_not_one_clean_object_is_refused),
        WITH_ARENA(sixteen_levels_are_taken_and_seventeen_refused),
        WITH_ARENA(brackets_in_strings_are_no_levels),
        WITH_ARENA(many_siblings_are_no_depth),
        WITH_ARENA(text_is_compact_and_sorted),
        WITH_ARENA(an_empty_or_broken_string_is_left_out_and_removes_the_old),
        WITH_ARENA(an_audience_is_a_string_or_an_array_of_strings),
        WITH_ARENA(without_memory_nothing_is_parsed_or_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
