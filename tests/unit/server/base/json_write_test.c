#include "server/base/json_write.h"

#include "server/base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_written(struct str s, const char *expected)
{
    struct buf b;
    buf_init(&b, 1024);
    json_write_str(&b, s);
    buf_add_char(&b, 0);
    assert_string_equal(buf_str(&b).p, expected);
    buf_free(&b);
}

static void what_json_reserves_is_escaped(void **state)
{
    (void)state;
    assert_written(STR(""), "\"\"");
    assert_written(STR("case:approve"), "\"case:approve\"");
    assert_written(STR("a\"b\\c\n\r\t\x01\x1f/"), "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f/\"");
    assert_written(STR("审批 \xf0\x9f\x9a\xaa\x7f"), "\"审批 \xf0\x9f\x9a\xaa\x7f\"");
    assert_written((struct str){"a\0b", 3}, "\"a\\u0000b\"");
}

static void bytes_that_are_no_text_are_not_passed_on(void **state)
{
    (void)state;
    assert_written(STR("a\xff\"b"), "\"a?\\\"b\"");
    assert_written(STR("\xed\xa0\x80"), "\"???\"");
}

/* jansson reads every byte back. */
static void what_is_written_is_read_again(void **state)
{
    (void)state;
    for (int c = 1; c < 128; c++) {
        struct arena *a = arena_new(1 << 16);
        char text[] = "xabcdefg?yabcdefghijklmn";
        text[1 + c % 23] = (char)c;
        struct buf b;
        buf_init(&b, 1024);
        buf_add_char(&b, '{');
        json_write_member(&b, "m", str_of(text));
        buf_add_char(&b, '}');
        json_t *back = json_parse(a, buf_str(&b));
        assert_non_null(back);
        assert_true(str_eq(json_get_str(back, "m"), str_of(text)));
        buf_free(&b);
        arena_free(a);
    }
}

static void a_full_buffer_stays_failed(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    json_write_str(&b, STR("too long"));
    assert_true(b.failed);
    assert_int_equal(buf_str(&b).len, 0);
    buf_free(&b);
}

/* Written member by member, with a tree's behind them, and an empty string nowhere. */
static void an_object_is_written_from_its_beginning(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct buf b;
    buf_init(&b, 1024);
    json_t *more = json_new(a);
    json_put_int(more, "z", 3);
    json_put_str(more, "x", STR("y"));
    json_add_str(&b, "none", STR_EMPTY);
    json_add_true(&b, "active");
    json_add_str(&b, "sub", STR("a\"b"));
    json_add_int(&b, "exp", -12);
    assert_true(json_add_members(&b, more));
    assert_true(json_add_members(&b, json_new(a)));
    assert_true(
        str_eq(buf_str(&b), STR("{\"active\":true,\"sub\":\"a\\\"b\",\"exp\":-12,\"x\":\"y\",\"z\":3")));
    buf_free(&b);
    assert_true(json_add_members(&b, more));
    assert_true(str_eq(buf_str(&b), STR("{\"x\":\"y\",\"z\":3")));
    buf_free(&b);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_json_reserves_is_escaped),
        cmocka_unit_test(bytes_that_are_no_text_are_not_passed_on),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_full_buffer_stays_failed),
        cmocka_unit_test(an_object_is_written_from_its_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
