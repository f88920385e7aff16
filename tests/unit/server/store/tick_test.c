/* What is published comes out as it was; nothing else is taken for a tick. */
#include "server/store/tick.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The last word of the batch: between the last two line ends. */
static struct str published(const struct batch *b)
{
    struct str text = buf_str(&b->text);
    size_t from = text.len - 2;
    while (text.p[from - 1] != '\n')
        from--;
    return str_sub(text, from, text.len - 2 - from);
}

static void a_tick_is_read_as_it_was_published(void **state)
{
    (void)state;
    const struct tick ticks[] = {{0, 1, 0}, {1, 2, 3}, {63, UINT32_MAX, INT64_MAX}};
    for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
        struct batch b;
        struct tick read;
        batch_init(&b);
        tick_publish(&b, STR("channel"), &ticks[i]);
        assert_true(tick_read(published(&b), &read));
        assert_int_equal(read.reader, ticks[i].reader);
        assert_int_equal(read.listener, ticks[i].listener);
        assert_int_equal(read.noted, ticks[i].noted);
        batch_free(&b);
    }
}

static void nothing_else_is_a_tick(void **state)
{
    (void)state;
    static const char *const others[] = {"",
                                         "tick",
                                         "tick ",
                                         "tick 1",
                                         "tick 1 2",
                                         "tick 1 2 ",
                                         "tick 1  3",
                                         "tick 1 2 3 4",
                                         "tick 256 2 3",
                                         "tick -1 2 3",
                                         "tick 1 x 3",
                                         "heard 1 2 3",
                                         " tick 1 2 3",
                                         "tick 1 2 9223372036854775808"};
    struct tick t;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(tick_read(str_of(others[i]), &t));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tick_is_read_as_it_was_published),
        cmocka_unit_test(nothing_else_is_a_tick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
