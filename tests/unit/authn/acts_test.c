#include "authn/acts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 16);
    return a ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void the_last_choice_at_each_application_is_known(void **state)
{
    (void)state;
    const struct act company = {STR("m 1"), STR("c-91350100")}, self = {STR_EMPTY, STR_EMPTY};
    struct act found;
    struct str acts = acts_with(a, STR_EMPTY, STR("portal"), &company);
    assert_false(acts_find(a, acts, STR("spa"), &found));
    acts = acts_with(a, acts, STR("spa"), &self);
    assert_true(acts_find(a, acts, STR("portal"), &found));
    assert_true(str_eq(found.mandate, STR("m 1")) && str_eq(found.subject, STR("c-91350100")));
    assert_true(acts_find(a, acts, STR("spa"), &found));
    assert_int_equal(found.mandate.len + found.subject.len, 0);
    acts = acts_with(a, acts, STR("portal"), &self);
    assert_true(acts_find(a, acts, STR("portal"), &found));
    assert_int_equal(found.mandate.len, 0);
    assert_true(acts_find(a, acts, STR("spa"), &found));
}

/* Each application stands there once, however often it is entered. */
static void choosing_anew_does_not_make_it_longer(void **state)
{
    (void)state;
    const struct act one = {STR("m-1"), STR("x")};
    struct str acts = acts_with(a, STR_EMPTY, STR("portal"), &one);
    acts = acts_with(a, acts, STR("spa"), &one);
    size_t len = acts.len;
    for (int i = 0; i < 20; i++)
        acts = acts_with(a, acts, i & 1 ? STR("spa") : STR("portal"), &one);
    assert_int_equal(acts.len, len);
}

static void what_is_no_list_holds_nothing(void **state)
{
    (void)state;
    struct act found;
    static const char *const bad[] = {"", "portal", "portal -", " ", "- - -"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(acts_find(a, str_of(bad[i]), STR("portal"), &found));
    assert_true(acts_find(a, STR("portal ?? ??"), STR("portal"), &found));
    assert_int_equal(found.mandate.len + found.subject.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_last_choice_at_each_application_is_known, begin, end),
        cmocka_unit_test_setup_teardown(choosing_anew_does_not_make_it_longer, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_list_holds_nothing, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
