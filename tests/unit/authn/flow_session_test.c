/* Sign-ins of browsers that have a session already. */
#include "authn/session_clients.h"
#include "tests/unit/authn/flow_world.h"

static void a_live_session_spares_the_form(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct str sid = v.session->sid;
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_true(str_eq(v.t->sid, sid));
    reload(&v);
    assert_true(str_eq(v.t->sid, sid));

    begin(&v, AUTHN_LOW, true);
    assert_int_equal(next(&v), FLOW_PASSWORD);
}

static uint64_t jobs_waiting(void)
{
    uint64_t n;
    assert_int_equal(store_queue_length(world.store, STORE_LOGOUT, &n), RESULT_OK);
    return n;
}

static void a_weak_session_is_raised_by_the_code_alone(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed;
    struct session *gone;
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct session *weak = v.session;
    uint64_t before = jobs_waiting();
    assert_int_equal(session_entered(&world.au, world.a, weak, STR("portal")), RESULT_OK);
    weak->inherited = STR("hall/earlier");
    assert_int_equal(session_save(&world.au, world.a, weak), RESULT_OK);
    seed = enrol(&c, NULL);

    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_false(str_eq(v.session->sid, weak->sid));
    assert_true(v.session->auth_time > weak->auth_time);
    struct str inherited = arena_printf(world.a, "hall/earlier portal/" STR_FMT, STR_ARG(weak->sid));
    assert_true(str_eq(v.session->inherited, inherited));
    assert_int_equal(session_by_sid(&world.au, world.a, weak->sid, &gone), RESULT_NOT_FOUND);
    assert_int_equal(jobs_waiting(), before);
    disenrol(&c);
}

/* A browser left signed in is no licence to add a factor of one's own. */
static void an_older_session_does_not_enrol_without_the_password(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct str seed, label;
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);

    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_ENROL);

    v.session->auth_time -= 301;
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_ENROL);
    disenrol(&c);
}

static void a_session_that_ended_lends_its_password_no_more(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed;
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    seed = enrol(&c, NULL);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(session_end(&world.au, world.a, v.session->sid), RESULT_OK);
    v.session = NULL;
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    disenrol(&c);
}

static void another_person_ends_the_session_that_was_there(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen"), other = person_of("s-200101");
    struct session *gone;
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct session *first = v.session;
    uint64_t before = jobs_waiting();
    assert_int_equal(session_entered(&world.au, world.a, first, STR("portal")), RESULT_OK);
    begin(&v, AUTHN_LOW, true);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(password(&v, other.uid, other.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_true(str_eq(v.session->person.subject, str_of(other.uid)));
    assert_int_equal(v.session->inherited.len, 0);
    assert_int_equal(session_by_sid(&world.au, world.a, first->sid, &gone), RESULT_NOT_FOUND);
    assert_int_equal(jobs_waiting(), before + 1);
}

static void a_preset_session_is_worth_nothing(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct session *s;
    struct visit v = {0}, w = {0};
    struct str preset = STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_int_equal(session_find(&world.au, world.a, preset, &s), RESULT_NOT_FOUND);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(session_find(&world.au, world.a, preset, &s), RESULT_NOT_FOUND);
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_false(str_eq(v.session->sid, w.session->sid));
    assert_false(str_eq(v.grant.session_cookie, w.grant.session_cookie));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_live_session_spares_the_form),
        WORLD_TEST(a_weak_session_is_raised_by_the_code_alone),
        WORLD_TEST(an_older_session_does_not_enrol_without_the_password),
        WORLD_TEST(a_session_that_ended_lends_its_password_no_more),
        WORLD_TEST(another_person_ends_the_session_that_was_there),
        WORLD_TEST(a_preset_session_is_worth_nothing),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
