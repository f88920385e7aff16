#include "server/oauth/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct arena *a;
static struct response resp;

static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 20);
    resp = (struct response){.arena = a};
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

/* RFC 6749 appendix A.7 and A.8: what error and error_description may hold. */
static void every_row_can_be_sent(void **state)
{
    (void)state;
    for (int e = OAUTH_FINE + 1; e < OAUTH_ERROR_COUNT; e++) {
        const struct oauth_error_row *row = oauth_error_row((enum oauth_error)e);
        assert_true(row->status >= 400 && row->status < 600);
        assert_true(strlen(row->code) > 0 && strlen(row->text) > 0);
        for (const char *c = row->text; *c; c++)
            assert_true(*c >= 0x20 && *c < 0x7F && *c != '"' && *c != '\\');
    }
}

static void what_is_no_error_reads_as_a_failure_of_ours(void **state)
{
    (void)state;
    assert_string_equal(oauth_error_row(OAUTH_FINE)->code, "server_error");
    assert_string_equal(oauth_error_row((enum oauth_error)999)->code, "server_error");
}

static void an_outage_is_never_the_callers_fault(void **state)
{
    (void)state;
    assert_int_equal(oauth_error_of(RESULT_UNAVAILABLE), OAUTH_TEMPORARILY_UNAVAILABLE);
    assert_int_equal(oauth_error_of(RESULT_INTERNAL), OAUTH_SERVER_ERROR);
    assert_int_equal(oauth_error_of(RESULT_REFUSED), OAUTH_SERVER_ERROR);
    oauth_error_answer(&resp, OAUTH_TEMPORARILY_UNAVAILABLE, NULL);
    assert_int_equal(resp.problem->status, 503);
    assert_true(resp.problem->retry_after > 0);
}

static void an_unknown_client_is_told_how_to_prove_itself(void **state)
{
    (void)state;
    oauth_error_answer(&resp, OAUTH_INVALID_CLIENT, NULL);
    assert_int_equal(resp.status, 401);
    assert_true(str_starts(pairs_get(&resp.headers, "WWW-Authenticate"), STR("Basic ")));
}

static void a_page_goes_nowhere(void **state)
{
    (void)state;
    struct request req = {.arena = a, .reference = STR("REFERENCE1")};
    oauth_error_page(&req, &resp, OAUTH_INVALID_REDIRECT_URI, NULL);
    assert_int_equal(resp.status, 400);
    assert_string_equal(resp.view, "error");
    assert_true(str_eq(json_get_str(resp.view_data, "problem"), STR("invalid_redirect_uri")));
    assert_int_equal(pairs_count(&resp.headers, "Location"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_row_can_be_sent, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_error_reads_as_a_failure_of_ours, begin, end),
        cmocka_unit_test_setup_teardown(an_outage_is_never_the_callers_fault, begin, end),
        cmocka_unit_test_setup_teardown(an_unknown_client_is_told_how_to_prove_itself, begin, end),
        cmocka_unit_test_setup_teardown(a_page_goes_nowhere, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
