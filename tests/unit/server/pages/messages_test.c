#include "server/pages/messages.h"
#include "tests/unit/server/pages/well_formed.h"

static struct arena *arena;
static struct str why;

static int begin(void **state)
{
    (void)state;
    arena = arena_new(1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static struct catalogue *parse(const char *text)
{
    return catalogue_parse(arena, str_of(text), &why);
}

static void a_catalogue_gives_the_words_of_a_key(void **state)
{
    (void)state;
    struct catalogue *c = parse("# words\n\nb.x = two = 2\n a =  one  \nb = 三");
    assert_non_null(c);
    assert_int_equal(catalogue_count(c), 3);
    assert_true(str_eq(catalogue_text(c, STR("a")), STR("one")));
    assert_true(str_eq(catalogue_text(c, STR("b.x")), STR("two = 2")));
    assert_true(str_eq(catalogue_text(c, STR("b")), STR("三")));
    assert_int_equal(catalogue_text(c, STR("b.")).len, 0);
    assert_int_equal(catalogue_text(c, STR_EMPTY).len, 0);
}

static void a_line_that_is_none_is_an_error_with_its_number(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "a = 1\nb",      "a = 1\nb =",    "a = 1\n= x",    "a = 1\nB = x",      "a = 1\na = 2",
        "a = 1\nb = {x", "a = 1\nb = x}", "a = 1\nb = {}", "a = 1\nb = {x{y}}", "a = 1\nb = }{"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        if (parse(broken[i]))
            fail_msg("taken: %s", broken[i]);
        assert_true(str_starts(why, STR("line 2:")));
    }
}

static void two_catalogues_differ_in_keys_or_in_what_they_name(void **state)
{
    (void)state;
    const struct catalogue *c = parse("a = 1\nb = for {x} and {y}");
    assert_int_equal(catalogue_difference(c, parse("b = {y}: {x}\na = 2")).len, 0);
    assert_true(str_eq(catalogue_difference(c, parse("a = 1")), STR("b")));
    assert_true(str_eq(catalogue_difference(c, parse("a = 1\nb = {x} {y}\nc = 2")), STR("c")));
    assert_true(str_eq(catalogue_difference(c, parse("a = 1\nb = {x}")), STR("b")));
    assert_true(str_eq(catalogue_difference(c, parse("a = {z}\nb = {x} {y}")), STR("a")));
}

static void a_text_is_cut_at_its_names(void **state)
{
    (void)state;
    struct str rest = STR("a {x}{y} b"), literal, name;
    assert_true(message_piece(&rest, &literal, &name));
    assert_true(str_eq(literal, STR("a ")) && str_eq(name, STR("x")));
    assert_true(message_piece(&rest, &literal, &name));
    assert_true(literal.len == 0 && str_eq(name, STR("y")));
    assert_true(message_piece(&rest, &literal, &name));
    assert_true(str_eq(literal, STR(" b")) && name.len == 0);
    assert_false(message_piece(&rest, &literal, &name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_catalogue_gives_the_words_of_a_key, begin, end),
        cmocka_unit_test_setup_teardown(a_line_that_is_none_is_an_error_with_its_number, begin, end),
        cmocka_unit_test_setup_teardown(two_catalogues_differ_in_keys_or_in_what_they_name, begin, end),
        cmocka_unit_test_setup_teardown(a_text_is_cut_at_its_names, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
