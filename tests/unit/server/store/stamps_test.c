/* What was read may be believed until something is heard of it. */
#include "server/store/stamps.h"

#include "server/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct stamps *stamps;

static int begin(void **state)
{
    (void)state;
    stamps = stamps_new();
    return stamps ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    stamps_free(stamps);
    return 0;
}

static void for_a_while(void)
{
    stamps_assure(stamps, 0, clock_monotonic_ms() + 60000);
}

static struct store_watched read_now(const char *one, const char *other)
{
    return (struct store_watched){.moment = stamps_moment(stamps),
                                  .slots = {stamps_slot(str_of(one)), stamps_slot(str_of(other))},
                                  .count = 2,
                                  .kept = true};
}

static void nothing_holds_from_before_the_beginning(void **state)
{
    (void)state;
    for_a_while();
    struct store_watched w = read_now("a", "b");
    assert_false(stamps_hold(stamps, &w));
    stamps_forget(stamps);
    w = read_now("a", "b");
    assert_true(stamps_hold(stamps, &w));
}

static void a_change_of_any_of_its_keys_ends_it(void **state)
{
    (void)state;
    for_a_while();
    stamps_forget(stamps);
    struct store_watched w = read_now("a", "b");
    stamps_touch(stamps, stamps_slot(STR("c")));
    assert_true(stamps_hold(stamps, &w));
    stamps_touch(stamps, stamps_slot(STR("b")));
    assert_false(stamps_hold(stamps, &w));
    w = read_now("a", "b");
    assert_true(stamps_hold(stamps, &w));
}

static void what_was_read_before_the_change_is_old_even_if_it_comes_later(void **state)
{
    (void)state;
    for_a_while();
    stamps_forget(stamps);
    struct store_watched slow = read_now("a", "b");
    stamps_touch(stamps, stamps_slot(STR("a")));
    struct store_watched quick = read_now("a", "b");
    assert_false(stamps_hold(stamps, &slow));
    assert_true(stamps_hold(stamps, &quick));
}

static void forgetting_ends_everything_read_before(void **state)
{
    (void)state;
    for_a_while();
    stamps_forget(stamps);
    struct store_watched w = read_now("a", "b");
    stamps_forget(stamps);
    assert_false(stamps_hold(stamps, &w));
}

static void without_an_assurance_nothing_holds(void **state)
{
    (void)state;
    stamps_forget(stamps);
    struct store_watched w = read_now("a", "b");
    assert_false(stamps_hold(stamps, &w));
    stamps_assure(stamps, 0, clock_monotonic_ms() - 1);
    assert_false(stamps_hold(stamps, &w));
    for_a_while();
    assert_true(stamps_hold(stamps, &w));
    stamps_assure(stamps, 0, 1); /* an older one takes nothing back */
    assert_true(stamps_hold(stamps, &w));
}

static void what_is_not_to_be_kept_never_holds(void **state)
{
    (void)state;
    for_a_while();
    stamps_forget(stamps);
    struct store_watched w = read_now("a", "b");
    w.kept = false;
    assert_false(stamps_hold(stamps, &w));
}

/* What is read by another reader needs the assurance of both. */
static void each_reader_is_spoken_for_on_its_own(void **state)
{
    (void)state;
    unsigned other = stamps_add_reader(stamps);
    assert_int_equal(other, 1);
    stamps_forget(stamps);
    struct store_watched first = read_now("a", "b"), second = first;
    second.reader = 1;
    stamps_assure(stamps, other, clock_monotonic_ms() + 60000);
    assert_false(stamps_hold(stamps, &first));
    assert_false(stamps_hold(stamps, &second));
    for_a_while();
    assert_true(stamps_hold(stamps, &first));
    assert_true(stamps_hold(stamps, &second));
    stamps_forget_reader(stamps, other);
    assert_true(stamps_hold(stamps, &first));
    assert_false(stamps_hold(stamps, &second));
    second.moment = stamps_moment(stamps);
    assert_true(stamps_hold(stamps, &second));
    stamps_touch(stamps, stamps_slot(STR("a")));
    assert_false(stamps_hold(stamps, &second));
}

static void there_are_only_so_many_readers(void **state)
{
    (void)state;
    for (unsigned i = 1; i < STAMPS_READERS_MOST; i++)
        assert_int_equal(stamps_add_reader(stamps), i);
    assert_int_equal(stamps_add_reader(stamps), 0);
}

static void a_reader_is_wanted_for_a_while(void **state)
{
    (void)state;
    int64_t now = clock_monotonic_ms();
    struct store_watched w = read_now("a", "b");
    w.reader = 2;
    assert_false(stamps_wanted(stamps, 1, now + 2000));
    stamps_want(stamps, 1, now + 2000);
    assert_true(stamps_wanted(stamps, 1, now + 2500));
    assert_false(stamps_wanted(stamps, 1, now + 3500));
    (void)stamps_hold(stamps, &w);
    assert_true(stamps_wanted(stamps, 2, clock_monotonic_ms()));
}

#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORY(nothing_holds_from_before_the_beginning),
        STORY(a_change_of_any_of_its_keys_ends_it),
        STORY(what_was_read_before_the_change_is_old_even_if_it_comes_later),
        STORY(forgetting_ends_everything_read_before),
        STORY(without_an_assurance_nothing_holds),
        STORY(what_is_not_to_be_kept_never_holds),
        STORY(each_reader_is_spoken_for_on_its_own),
        STORY(there_are_only_so_many_readers),
        STORY(a_reader_is_wanted_for_a_while),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
