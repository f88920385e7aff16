#include "authn/logout_job.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

static struct logout_job usual(void)
{
    return (struct logout_job){.client_id = STR("portal"),
                               .subject = STR("s-1"),
                               .sid = STR("sid-one"),
                               .created = 1800000000,
                               .attempts = 3,
                               .refusals = 1};
}

static void a_job_comes_back_as_it_was_written(void **state)
{
    (void)state;
    struct logout_job job = usual(), *back = logout_job_parse(a, logout_job_text(a, &job));
    assert_non_null(back);
    assert_true(str_eq(back->client_id, job.client_id) && str_eq(back->subject, job.subject) &&
                str_eq(back->sid, job.sid));
    assert_int_equal(back->created, 1800000000);
    assert_int_equal(back->attempts, 3);
    assert_int_equal(back->refusals, 1);
}

static void what_is_no_job_is_none(void **state)
{
    (void)state;
    const struct str bad[] = {
        STR(""), STR("{}"), STR("[]"),
        STR("{\"client_id\":\"a\",\"subject\":\"b\",\"sid\":\"c\",\"created\":\"1\","
            "\"attempts\":0,\"refusals\":0}"),
        STR("{\"client_id\":\"a\",\"sid\":\"c\",\"created\":1,\"attempts\":0,\"refusals\":0}")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(logout_job_parse(a, bad[i]));
}

static void one_session_and_application_have_one_id(void **state)
{
    (void)state;
    struct logout_job job = usual(), later = usual(), other = usual(), elsewhere = usual();
    later.attempts = 9;
    other.client_id = STR("office");
    elsewhere.sid = STR("sid-two");
    struct str id = logout_job_id(a, &job);
    assert_int_equal(id.len, 43);
    assert_true(str_eq(id, logout_job_id(a, &later)));
    assert_false(str_eq(id, logout_job_id(a, &other)));
    assert_false(str_eq(id, logout_job_id(a, &elsewhere)));
}

static void each_application_is_told_of_the_session_that_it_knows(void **state)
{
    (void)state;
    struct store_job *jobs;
    size_t n;
    assert_true(logout_jobs(a, STR("portal office/old portal/old"), STR("s-1"), STR("new"), 7, &jobs, &n));
    assert_int_equal(n, 3);
    const char *expected[][2] = {{"portal", "new"}, {"office", "old"}, {"portal", "old"}};
    for (size_t i = 0; i < n; i++) {
        struct logout_job *job = logout_job_parse(a, jobs[i].value);
        assert_non_null(job);
        assert_true(str_eq(job->client_id, str_of(expected[i][0])));
        assert_true(str_eq(job->sid, str_of(expected[i][1])));
        assert_true(str_eq(job->subject, STR("s-1")));
        assert_int_equal(job->created, 7);
        assert_int_equal(job->attempts, 0);
        assert_true(str_eq(jobs[i].id, logout_job_id(a, job)));
    }
    assert_true(logout_jobs(a, STR_EMPTY, STR("s-1"), STR("new"), 7, &jobs, &n));
    assert_int_equal(n, 0);
}

static void memory_that_is_out_is_no_empty_list(void **state)
{
    (void)state;
    struct arena *small = arena_new(256);
    struct store_job *jobs;
    size_t n;
    assert_false(logout_jobs(small, STR("portal office"), STR("s-1"), STR("new"), 7, &jobs, &n));
    arena_free(small);
}

static void what_is_inherited_keeps_the_sid_that_was_given_last(void **state)
{
    (void)state;
    const struct {
        struct str clients, inherited;
    } rows[] = {
        {STR_EMPTY, STR_EMPTY},
        {STR("portal"), STR("portal/two")},
        {STR("portal office"), STR("portal/two office/two")},
        {STR("portal/one"), STR("portal/one")},
        {STR("portal/one portal office/one"), STR("portal/two office/one")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(str_eq(logout_clients_inherited(a, rows[i].clients, STR("two")), rows[i].inherited));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(a_job_comes_back_as_it_was_written),
        TEST(what_is_no_job_is_none),
        TEST(one_session_and_application_have_one_id),
        TEST(each_application_is_told_of_the_session_that_it_knows),
        TEST(memory_that_is_out_is_no_empty_list),
        TEST(what_is_inherited_keeps_the_sid_that_was_given_last),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
