#include "server/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int begin(void **state)
{
    *state = arena_new(1 << 20);
    return *state ? 0 : -1;
}

static int end(void **state)
{
    arena_free(*state);
    return 0;
}

/* What jansson writes of the same value. */
static void assert_as_jansson(struct arena *a, const json_t *value)
{
    char *theirs = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
    assert_non_null(theirs);
    assert_string_equal(json_text(a, value).p, theirs);
    free(theirs);
}

static void a_tree_is_written_as_jansson_writes_it(void **state)
{
    const struct str texts[] = {
        STR("{}"),
        STR("{\"z\":1,\"a\":[],\"m\":{\"y\":null,\"b\":[true,false,{\"q\":\"x\"}]}}"),
        STR("{\"n\":[0,-1,10,9223372036854775807,-9223372036854775808,1.5,-2e30]}"),
        STR("{\"王\":\"a\\\"b\\\\c\\n\\r\\t/\",\"aa\":\"\",\"a\":\"\\u007f\",\"A\":\"é\"}"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_as_jansson(*state, json_parse(*state, texts[i]));
}

static void an_object_of_many_members_is_sorted(void **state)
{
    json_t *o = json_new(*state);
    for (int i = 0; i < 200; i++)
        json_put_int(o, arena_printf(*state, "m%d", i * 7 % 200).p, i);
    assert_as_jansson(*state, o);
}

static void a_single_value_is_a_text_too(void **state)
{
    json_t *s = json_string("s"), *array = json_pack("[i,s]", -5, "x");
    assert_as_jansson(*state, s);
    assert_as_jansson(*state, array);
    json_decref(s);
    json_decref(array);
}

/* Nobody's stack is used up by what is nested too deep. */
static void what_is_nested_too_deep_is_no_text(void **state)
{
    json_t *deep = json_array();
    for (int i = 0; i < 1000; i++) {
        json_t *outer = json_array();
        json_array_append_new(outer, deep);
        deep = outer;
    }
    assert_null(json_text(*state, deep).p);
    json_decref(deep);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_tree_is_written_as_jansson_writes_it, begin, end),
        cmocka_unit_test_setup_teardown(an_object_of_many_members_is_sorted, begin, end),
        cmocka_unit_test_setup_teardown(a_single_value_is_a_text_too, begin, end),
        cmocka_unit_test_setup_teardown(what_is_nested_too_deep_is_no_text, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
