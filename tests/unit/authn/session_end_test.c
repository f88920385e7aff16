/* The end of a session queues what tells its applications, in whatever state the store is. */
#include "authn/logout_job.h"
#include "authn/session_clients.h"
#include "server/base/metric.h"
#include "tests/unit/support/provider.h"

static struct authn *au(void)
{
    return &city->provider.authn;
}

static void ending_a_session_queues_a_job_for_each_application_once(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    struct session *s = city->session;
    assert_int_equal(session_entered(au(), city->arena, s, STR("portal")), RESULT_OK);
    assert_int_equal(session_entered(au(), city->arena, s, STR("portal")), RESULT_OK);
    s->inherited = STR("office/earlier");
    assert_int_equal(session_save(au(), city->arena, s), RESULT_OK);
    assert_int_equal(session_end(au(), city->arena, s->sid), RESULT_OK);
    assert_int_equal(memory_count(&city->store, STORE_SESSION), 0);
    assert_int_equal(memory_count(&city->store, STORE_LOGOUT), 2);
    const struct logout_job told = {.client_id = STR("office"), .sid = STR("earlier")};
    assert_non_null(memory_find(&city->store, STORE_LOGOUT, logout_job_id(city->arena, &told)));
    assert_int_equal(session_end(au(), city->arena, s->sid), RESULT_OK);
    assert_int_equal(memory_count(&city->store, STORE_LOGOUT), 2);
}

static void nothing_is_entered_from_a_session_that_is_over(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    assert_int_equal(session_end(au(), city->arena, city->session->sid), RESULT_OK);
    assert_int_equal(session_entered(au(), city->arena, city->session, STR("portal")), RESULT_NOT_FOUND);
}

static void a_full_queue_keeps_nobody_signed_in(void **state)
{
    (void)state;
    uint64_t before = metric_read(METRIC_LOGOUTS_DROPPED);
    sign_in(AUTHN_LOW);
    assert_int_equal(session_entered(au(), city->arena, city->session, STR("portal")), RESULT_OK);
    assert_int_equal(session_entered(au(), city->arena, city->session, STR("office")), RESULT_OK);
    city->provider.authn.config.logout_queue = 1;
    assert_int_equal(session_end(au(), city->arena, city->session->sid), RESULT_OK);
    assert_int_equal(memory_count(&city->store, STORE_SESSION), 0);
    assert_int_equal(memory_count(&city->store, STORE_LOGOUT), 0);
    assert_int_equal(metric_read(METRIC_LOGOUTS_DROPPED) - before, 1);
}

/* From the password to the token the directory is asked once, while the feed tells of every change. */
static void what_the_directory_said_in_this_sign_in_is_not_asked_for_again(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    struct session *s = city->session;
    assert_false(session_person_is_fresh(au(), s)); /* nothing is followed */
    au()->live = &city->live;
    fixture_time += 10;
    assert_true(session_person_is_fresh(au(), s));
    city->live.silent = true;
    assert_false(session_person_is_fresh(au(), s));
    city->live.silent = false;
    city->live.unsure_before = fixture_time;
    assert_false(session_person_is_fresh(au(), s));
    city->live.unsure_before = 0;
    fixture_time += 1;
    assert_false(session_person_is_fresh(au(), s));
}

static void a_store_that_is_away_ends_nothing_and_says_so(void **state)
{
    (void)state;
    sign_in(AUTHN_LOW);
    for (int i = 0; i < 3; i++) {
        city->store.away_after = i;
        assert_int_equal(session_end(au(), city->arena, city->session->sid), RESULT_UNAVAILABLE);
    }
    city->store.away_after = -1;
    assert_int_equal(memory_count(&city->store, STORE_SESSION), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(ending_a_session_queues_a_job_for_each_application_once),
        TEST(nothing_is_entered_from_a_session_that_is_over),
        TEST(a_full_queue_keeps_nobody_signed_in),
        TEST(what_the_directory_said_in_this_sign_in_is_not_asked_for_again),
        TEST(a_store_that_is_away_ends_nothing_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
