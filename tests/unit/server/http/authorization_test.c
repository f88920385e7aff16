#include "server/http/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct arena *arena;
static struct pair headers[2];
static struct request request = {.headers = {.v = headers}};
static struct str got;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(64 * 1024);
    return arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static bool asks(struct str value, const char *scheme)
{
    headers[0] = (struct pair){STR("authorization"), value};
    request.headers.n = 1;
    got = STR_EMPTY;
    return request_authorization(&request, scheme, &got);
}

static void a_scheme_has_no_case(void **state)
{
    (void)state;
    assert_true(asks(STR("bEARER abc"), "Bearer"));
    assert_true(str_eq(got, STR("abc")));
}

static void another_scheme_is_none(void **state)
{
    (void)state;
    assert_false(asks(STR("Basic abc"), "Bearer"));
    assert_false(asks(STR("Bearerabc"), "Bearer"));
    assert_false(asks(STR("Bearer"), "Bearer"));
    assert_false(asks(STR("BearerX abc"), "Bearer"));
    assert_false(asks(STR(""), "Bearer"));
}

static void only_one_space_is_the_scheme_s(void **state)
{
    (void)state;
    assert_true(asks(STR("Bearer  abc"), "Bearer"));
    assert_true(str_eq(got, STR(" abc")));
}

static void two_headers_are_none(void **state)
{
    (void)state;
    headers[0] = headers[1] = (struct pair){STR("Authorization"), STR("Bearer abc")};
    request.headers.n = 2;
    assert_false(request_authorization(&request, "Bearer", &got));
    request.headers.n = 0;
    assert_false(request_authorization(&request, "Bearer", &got));
}

static void basic_is_form_decoded_behind_the_base64(void **state)
{
    (void)state;
    struct str user, password;
    /* "my%3Aapp:p%2Bq+r:s" */
    assert_true(basic_credentials(arena, STR("bXklM0FhcHA6cCUyQnErcjpz"), &user, &password));
    assert_true(str_eq(user, STR("my:app")));
    assert_true(str_eq(password, STR("p+q r:s")));
}

static void basic_may_have_empty_halves(void **state)
{
    (void)state;
    struct str user, password;
    assert_true(basic_credentials(arena, STR("Og=="), &user, &password));
    assert_int_equal(user.len, 0);
    assert_int_equal(password.len, 0);
}

static void what_is_no_basic_is_refused(void **state)
{
    (void)state;
    struct str user, password;
    const struct str bad[] = {
        STR(""),         STR("YWI="), STR("YTpi="),    STR("YTpi\n"), STR(" YTpi"),     STR("YTpiYQ"),
        STR("YTolMDA="), STR("YTol"), STR("YQA6Yg=="), STR("YTr/"),   STR("YTpi,YTpi"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(basic_credentials(arena, bad[i], &user, &password));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scheme_has_no_case),
        cmocka_unit_test(another_scheme_is_none),
        cmocka_unit_test(only_one_space_is_the_scheme_s),
        cmocka_unit_test(two_headers_are_none),
        cmocka_unit_test(basic_is_form_decoded_behind_the_base64),
        cmocka_unit_test(basic_may_have_empty_halves),
        cmocka_unit_test(what_is_no_basic_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
