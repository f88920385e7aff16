#include "server/http/admission.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct route routes[] = {
    {.path = "/page",
     .methods = HTTP_GET | HTTP_POST,
     .kind = ROUTE_PAGE,
     .body = BODY_FORM,
     .body_max = 100},
    {.path = "/token",
     .methods = HTTP_POST,
     .kind = ROUTE_API,
     .body = BODY_FORM,
     .body_max = 100,
     .cors = CORS_ANY},
    {.path = "/access", .methods = HTTP_POST, .kind = ROUTE_API, .body = BODY_JSON, .body_max = 100},
    {.path = "/jwks", .methods = HTTP_GET, .kind = ROUTE_API},
};

static struct request request;
static struct response response;

static int set_up(void **state)
{
    (void)state;
    request = (struct request){.arena = arena_new(64 * 1024)};
    response = (struct response){.arena = request.arena};
    return request.arena ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(request.arena);
    return 0;
}

static void with(const char *name, const char *value)
{
    assert_true(pairs_add(&request.headers, request.arena, str_of(name), str_of(value)));
}

/* The status that the head alone leads to; 0 when it is admitted. */
static int head(enum http_method method, const char *path)
{
    request.method = method;
    request.path = str_of(path);
    return admission_of_head(routes, sizeof routes / sizeof routes[0], &request, &response) ? 0
                                                                                            : response.status;
}

/* The same for the whole of a request to /page. */
static int whole(const char *query, const char *form)
{
    request.route = &routes[0];
    request.query_raw = str_of(query);
    request.body = str_of(form);
    return admission_of_whole(&request, &response) ? 0 : response.status;
}

static void unknown_paths_and_methods_are_refused(void **state)
{
    (void)state;
    assert_int_equal(head(HTTP_GET, "/nowhere"), 404);
    assert_int_equal(head(HTTP_GET, "/token"), 405);
    assert_true(str_eq(pairs_get(&response.headers, "Allow"), STR("POST")));
    assert_int_equal(head(HTTP_OTHER, "/page"), 405);
    assert_true(str_eq(pairs_get(&response.headers, "Allow"), STR("GET, HEAD, POST")));
}

static void head_goes_where_get_goes(void **state)
{
    (void)state;
    assert_int_equal(head(HTTP_HEAD, "/jwks"), 0);
    assert_int_equal(head(HTTP_HEAD, "/token"), 405);
}

static void a_preflight_is_answered_where_any_origin_may_call(void **state)
{
    (void)state;
    assert_int_equal(head(HTTP_OPTIONS, "/token"), 204);
    assert_true(str_eq(pairs_get(&response.headers, "Access-Control-Allow-Methods"), STR("POST")));
    assert_int_equal(head(HTTP_OPTIONS, "/jwks"), 405);
}

static void a_form_is_taken_as_a_form_only(void **state)
{
    (void)state;
    with("Content-Length", "10");
    assert_int_equal(head(HTTP_POST, "/token"), 400);
    assert_ptr_equal(response.problem, problem_row(PROBLEM_MEDIA_TYPE));
    with("Content-Type", "Application/X-WWW-Form-urlencoded ; charset=\"UTF-8\"");
    assert_int_equal(head(HTTP_POST, "/token"), 0);
    assert_int_equal(head(HTTP_POST, "/access"), 400);
}

static void other_types_are_refused(void **state)
{
    const char *const bad[] = {"application/json",
                               "multipart/form-data; boundary=x",
                               "text/plain",
                               "",
                               "application/x-www-form-urlencoded; charset=iso-8859-1",
                               "application/x-www-form-urlencodedx"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        request.headers.n = 0;
        with("Content-Length", "10");
        with("Content-Type", bad[i]);
        assert_int_equal(head(HTTP_POST, "/token"), 400);
    }
    (void)state;
}

static void two_types_are_refused(void **state)
{
    (void)state;
    with("Content-Length", "10");
    with("Content-Type", "application/x-www-form-urlencoded");
    with("Content-Type", "application/x-www-form-urlencoded");
    assert_int_equal(head(HTTP_POST, "/token"), 400);
}

static void an_empty_post_needs_no_type(void **state)
{
    (void)state;
    assert_int_equal(head(HTTP_POST, "/token"), 0);
    with("Content-Length", "0");
    assert_int_equal(head(HTTP_POST, "/token"), 0);
}

static void a_body_that_announces_too_much_is_refused_before_it_comes(void **state)
{
    (void)state;
    with("Content-Type", "application/x-www-form-urlencoded");
    with("Content-Length", "100");
    assert_int_equal(head(HTTP_POST, "/token"), 0);
    request.headers.v[1].value = STR("101");
    assert_int_equal(head(HTTP_POST, "/token"), 413);
}

static void a_get_with_a_body_is_refused(void **state)
{
    (void)state;
    with("Content-Length", "0");
    assert_int_equal(head(HTTP_GET, "/jwks"), 0);
    request.headers.v[0].value = STR("1");
    assert_int_equal(head(HTTP_GET, "/jwks"), 400);
    assert_int_equal(head(HTTP_GET, "/page"), 400);
    request.headers.v[0] = (struct pair){STR("Transfer-Encoding"), STR("chunked")};
    assert_int_equal(head(HTTP_HEAD, "/jwks"), 400);
}

static void a_parameter_stands_once(void **state)
{
    (void)state;
    assert_int_equal(whole("a=1&b=2", "c=3"), 0);
    assert_true(str_eq(pairs_get(&request.query, "b"), STR("2")));
    assert_true(str_eq(pairs_get(&request.form, "c"), STR("3")));
}

static void a_parameter_that_stands_twice_is_refused_wherever_it_stands(void **state)
{
    const char *const bad[][2] = {{"a=1&a=1", ""}, {"", "a=1&a="}, {"a=1", "a=1"}, {"a=1&%61=2", ""}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        request.query.n = request.form.n = 0;
        assert_int_equal(whole(bad[i][0], bad[i][1]), 400);
        assert_ptr_equal(response.problem, problem_row(PROBLEM_PARAMETER_TWICE));
    }
    (void)state;
}

static void bad_escapes_and_too_many_parameters_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(whole("a=%zz", ""), 400);
    assert_ptr_equal(response.problem, problem_row(PROBLEM_BAD_REQUEST));
    struct str many = STR_EMPTY;
    for (int i = 0; i <= PAIRS_MAX; i++)
        many = arena_printf(request.arena, STR_FMT "&p%d=", STR_ARG(many), i);
    request.query.n = 0;
    assert_int_equal(whole(many.p, ""), 400);
    assert_ptr_equal(response.problem, problem_row(PROBLEM_TOO_MANY_PARAMETERS));
}

static void a_cookie_of_ours_that_stands_twice_is_refused(void **state)
{
    (void)state;
    with("Cookie", "__Host-onedoor-session=a; x=1");
    assert_int_equal(whole("", ""), 0);
    with("Cookie", "__Host-onedoor-session=a");
    request.cookies.n = 0;
    assert_int_equal(whole("", ""), 400);
    assert_ptr_equal(response.problem, problem_row(PROBLEM_PARAMETER_TWICE));
}

static void cookies_of_others_may_repeat(void **state)
{
    (void)state;
    with("Cookie", "x=1; x=2; __Host-onedoor-lang=en");
    assert_int_equal(whole("", ""), 0);
    assert_true(str_eq(request_cookie(&request, "__Host-onedoor-lang"), STR("en")));
}

static void who_accepts_html_gets_a_page_at_unknown_addresses(void **state)
{
    (void)state;
    assert_false(admission_is_page(&request));
    with("Accept", "application/xhtml+xml, Text/HTML;q=0.9");
    assert_true(admission_is_page(&request));
    request.headers.v[0].value = STR("*/*");
    assert_false(admission_is_page(&request));
    request.route = &routes[0];
    assert_true(admission_is_page(&request));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(unknown_paths_and_methods_are_refused),
        TEST(head_goes_where_get_goes),
        TEST(a_preflight_is_answered_where_any_origin_may_call),
        TEST(a_form_is_taken_as_a_form_only),
        TEST(other_types_are_refused),
        TEST(two_types_are_refused),
        TEST(an_empty_post_needs_no_type),
        TEST(a_body_that_announces_too_much_is_refused_before_it_comes),
        TEST(a_get_with_a_body_is_refused),
        TEST(a_parameter_stands_once),
        TEST(a_parameter_that_stands_twice_is_refused_wherever_it_stands),
        TEST(bad_escapes_and_too_many_parameters_are_told_apart),
        TEST(a_cookie_of_ours_that_stands_twice_is_refused),
        TEST(cookies_of_others_may_repeat),
        TEST(who_accepts_html_gets_a_page_at_unknown_addresses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
