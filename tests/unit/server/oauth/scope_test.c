#include "server/oauth/scope.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void words_come_out_once_and_in_order(void **state)
{
    (void)state;
    struct str out;
    assert_true(scope_read(a, STR("openid  profile openid email profile"), &out));
    assert_true(str_eq(out, STR("openid profile email")));
    assert_true(scope_read(a, STR_EMPTY, &out));
    assert_int_equal(out.len, 0);
}

static void what_is_no_scope_token_is_refused(void **state)
{
    (void)state;
    struct str out;
    assert_false(scope_read(a, STR("openid \"x\""), &out));
    assert_false(scope_read(a, STR("open\\id"), &out));
    assert_false(scope_read(a, STR("openid\tprofile"), &out));
    assert_false(scope_read(a, STR("op\xc3\xa9n"), &out));
}

static void a_scope_has_a_limit(void **state)
{
    (void)state;
    static char many[SCOPE_MAX + 1];
    struct str out;
    memset(many, 'x', sizeof many);
    assert_true(scope_read(a, (struct str){many, SCOPE_MAX}, &out));
    assert_false(scope_read(a, (struct str){many, SCOPE_MAX + 1}, &out));
}

static void within_means_every_word(void **state)
{
    (void)state;
    assert_true(scope_within(STR("openid"), STR("email openid")));
    assert_true(scope_within(STR_EMPTY, STR_EMPTY));
    assert_false(scope_within(STR("openid admin"), STR("email openid")));
    assert_false(scope_within(STR("open"), STR("openid")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(words_come_out_once_and_in_order, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_scope_token_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_scope_has_a_limit, begin, end),
        cmocka_unit_test_setup_teardown(within_means_every_word, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
