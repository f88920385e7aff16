#include "server/pages/html_place.h"
#include "tests/unit/server/pages/well_formed.h"

static enum hole hole_after(const char *text)
{
    struct html_place p = {.state = HTML_TEXT};
    enum hole hole = HOLE_TEXT;
    const char *wrong = html_read(&p, str_of(text));
    if (!wrong)
        wrong = html_hole(&p, &hole);
    if (wrong)
        fail_msg("%s: %s", text, wrong);
    return hole;
}

static void the_place_decides_how_a_value_is_written(void **state)
{
    (void)state;
    assert_int_equal(hole_after("<p>"), HOLE_TEXT);
    assert_int_equal(hole_after("<input value=\""), HOLE_TEXT);
    assert_int_equal(hole_after("<p aria-label=\"x "), HOLE_TEXT);
    assert_int_equal(hole_after("<a href=\""), HOLE_URL);
    assert_int_equal(hole_after("<form method=\"post\" action=\""), HOLE_URL);
    assert_int_equal(hole_after("<img src=\""), HOLE_IMAGE);
    assert_int_equal(hole_after("<a href=\"/x?t="), HOLE_QUERY);
    assert_int_equal(hole_after("<a href=\"#"), HOLE_QUERY);
    assert_int_equal(hole_after("<input autofocus value=\"\"><b>x</b> "), HOLE_TEXT);
}

static void two_places_are_the_same_only_in_the_same_part_of_a_value(void **state)
{
    (void)state;
    struct html_place a = {.state = HTML_TEXT}, b = a;
    assert_null(html_read(&a, STR("<a href=\"/x")));
    assert_null(html_read(&b, STR("<a href=\"/x?")));
    assert_false(html_same_place(&a, &b));
    assert_null(html_read(&a, STR("\">")));
    assert_null(html_read(&b, STR("\">")));
    assert_true(html_same_place(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place_decides_how_a_value_is_written),
        cmocka_unit_test(two_places_are_the_same_only_in_the_same_part_of_a_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
