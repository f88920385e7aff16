#include "server/base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void what_is_added_stands_in_order(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    assert_int_equal(buf_str(&b).len, 0);
    buf_add(&b, STR("ab"));
    buf_add(&b, STR_EMPTY);
    buf_add_char(&b, '\0');
    buf_printf(&b, "%d%s", 42, "");
    buf_printf(&b, "%s", "");
    assert_true(str_eq(buf_str(&b), STR("ab\0"
                                        "42")));
    buf_free(&b);
    assert_int_equal(buf_str(&b).len, 0);
}

static void a_buffer_grows_up_to_its_ceiling_exactly(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 5000);
    for (int i = 0; i < 5000; i++)
        buf_add_char(&b, (char)('a' + i % 26));
    assert_false(b.failed);
    assert_int_equal(buf_str(&b).len, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(buf_str(&b).p[i], 'a' + i % 26);
    buf_add_char(&b, 'x');
    assert_true(b.failed);
    assert_int_equal(buf_str(&b).len, 0);
    buf_free(&b);
}

static void after_a_failure_all_adds_are_ignored(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 4);
    buf_add(&b, STR("abc"));
    buf_printf(&b, "%s", "de");
    assert_true(b.failed);
    buf_add_char(&b, 'd');
    assert_int_equal(b.len, 3);
    assert_int_equal(buf_str(&b).len, 0);
    buf_free(&b);

    buf_init(&b, 4);
    buf_printf(&b, "%s", "abcd");
    assert_true(str_eq(buf_str(&b), STR("abcd")));
    buf_free(&b);
}

static void a_length_of_all_bytes_fails_instead_of_wrapping(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 100);
    buf_add(&b, STR("x"));
    buf_add(&b, (struct str){"x", SIZE_MAX});
    assert_true(b.failed);
    buf_free(&b);
}

static void numbers_stand_in_decimal_digits(void **state)
{
    (void)state;
    struct buf b;
    buf_init_of(&b, 1000, 100);
    const int64_t numbers[] = {0, 7, 10, -1, 1732000000, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        buf_add_int(&b, numbers[i]);
        buf_add_char(&b, ' ');
    }
    assert_true(str_eq(buf_str(&b), STR("0 7 10 -1 1732000000 9223372036854775807 -9223372036854775808 ")));
    assert_int_equal(b.cap, 100);
    buf_free(&b);
}

/* What fits stays in the caller's room; what does not is moved out of it, and the room is wiped. */
static void a_buffer_may_begin_in_its_callers_room(void **state)
{
    (void)state;
    struct buf b;
    char room[8] = "????????";
    buf_init_in(&b, 20, room, sizeof room);
    buf_add(&b, STR("secret"));
    assert_ptr_equal(buf_str(&b).p, room);
    buf_add(&b, STR("s of others"));
    assert_true(str_eq(buf_str(&b), STR("secrets of others")));
    assert_ptr_not_equal(buf_str(&b).p, room);
    assert_memory_equal(room, "\0\0\0\0\0\0??", 8);
    buf_add(&b, STR("1234"));
    assert_true(b.failed);
    buf_free(&b);

    buf_init_in(&b, 4, room, sizeof room);
    buf_add(&b, STR("1234"));
    assert_true(str_eq(buf_str(&b), STR("1234")));
    buf_add_char(&b, '5');
    assert_true(b.failed);
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_added_stands_in_order),
        cmocka_unit_test(a_buffer_grows_up_to_its_ceiling_exactly),
        cmocka_unit_test(after_a_failure_all_adds_are_ignored),
        cmocka_unit_test(a_length_of_all_bytes_fails_instead_of_wrapping),
        cmocka_unit_test(numbers_stand_in_decimal_digits),
        cmocka_unit_test(a_buffer_may_begin_in_its_callers_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
