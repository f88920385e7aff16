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
        char text[] = {'x', (char)c, 'y'};
        struct buf b;
        buf_init(&b, 1024);
        buf_add_char(&b, '{');
        json_write_member(&b, "m", (struct str){text, 3});
        buf_add_char(&b, '}');
        json_t *back = json_parse(a, buf_str(&b));
        assert_non_null(back);
        assert_true(str_eq(json_get_str(back, "m"), (struct str){text, 3}));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_json_reserves_is_escaped),
        cmocka_unit_test(bytes_that_are_no_text_are_not_passed_on),
        cmocka_unit_test(what_is_written_is_read_again),
        cmocka_unit_test(a_full_buffer_stays_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
