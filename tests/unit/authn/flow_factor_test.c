/* Sign-ins by a second factor, and setting one up on the way. */
#include "tests/unit/authn/flow_world.h"

static void the_second_factor_is_asked_when_it_is_due(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_nothing_granted(&v);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_true(str_eq(v.session->amr, STR("pwd otp")));
    disenrol(&c);
}

static void a_kind_of_person_may_need_one_always(void **state)
{
    (void)state;
    struct sample_person staff = person_of("s-200101"), citizen = person_of("citizen");
    struct visit v = {0}, w = {0};
    world.au.config.require_second_factor = STR("contractor staff");
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, staff.uid, staff.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_ENROL);
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, citizen.uid, citizen.password), FLOW_WENT_ON);
    assert_int_equal(next(&w), FLOW_DONE);
}

static void the_code_skipped_empty_wrong_or_out_of_order_signs_nobody_in(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&v, STR_EMPTY), FLOW_WRONG);
    assert_int_equal(otp(&v, STR("000000x")), FLOW_WRONG);
    assert_int_equal(otp(&v, code_at(seed, -2)), FLOW_WRONG);
    assert_int_equal(otp(&v, code_at(seed, 2)), FLOW_WRONG);
    assert_nothing_granted(&v);
    assert_int_equal(next(&v), FLOW_OTP);
    assert_int_equal(v.t->sid.len, 0);
    assert_int_equal(audited("second_factor_refused"), 4);
    assert_int_equal(otp(&v, code_at(seed, 1)), FLOW_WENT_ON);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_OVER);
    disenrol(&c);
}

static void codes_have_a_counter_that_no_new_sign_in_resets(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0};
    for (int i = 0; i < 5; i++) {
        begin(&v, AUTHN_LOW, false);
        assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
        assert_int_equal(otp(&v, code_at(seed, 5)), FLOW_WRONG);
    }
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&v, code_at(seed, 0)), FLOW_BRAKED);
    assert_true(v.grant.retry_after > 0);
    assert_int_equal(recovery(&v, STR("01ABC-DEFGH")), FLOW_BRAKED);
    assert_nothing_granted(&v);
    disenrol(&c);
}

static void codes_only_go_forward(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str seed = enrol(&c, NULL);
    struct visit v = {0}, w = {0};
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&v, code_at(seed, 1)), FLOW_WENT_ON);
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&w, code_at(seed, 0)), FLOW_WRONG);
    assert_int_equal(otp(&w, code_at(seed, -1)), FLOW_WRONG);
    assert_nothing_granted(&w);
    disenrol(&c);
}

static void a_recovery_code_stands_in_for_the_app_once(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct str codes[RECOVERY_CODES];
    struct account acc;
    struct visit v = {0}, w = {0};
    (void)enrol(&c, codes);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(recovery(&v, codes[0]), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(recovery(&v, STR("AAAAA-AAAAA")), FLOW_WRONG);
    assert_int_equal(recovery(&v, codes[0]), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_int_equal(audited("recovery_code_used"), 1);

    begin(&w, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(recovery(&w, codes[0]), FLOW_WRONG);
    assert_nothing_granted(&w);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(&c), &acc), RESULT_OK);
    assert_int_equal(acc.recovery_codes_left, RECOVERY_CODES - 1);
    disenrol(&c);
}

static enum flow_outcome confirm(struct visit *v, struct str code, struct str codes[RECOVERY_CODES])
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_enrol_confirm(&world.au, world.a, v->t, &r, code, codes, &v->grant));
}

static void a_second_factor_is_set_up_on_the_way(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen2");
    struct str seed, again, label, codes[RECOVERY_CODES];
    struct account acc;
    struct visit v = {0};
    later(120);
    disenrol(&c);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_OVER);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_ENROL);
    assert_int_equal(otp(&v, STR("123456")), FLOW_OVER);
    assert_int_equal(confirm(&v, STR("123456"), codes), FLOW_OVER);

    reload(&v);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_WENT_ON);
    reload(&v);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &again, &label), FLOW_WENT_ON);
    assert_true(str_eq(seed, again));
    assert_int_equal(seed.len, TOTP_SEED_SIZE);
    assert_true(str_has(label, '@'));

    assert_int_equal(confirm(&v, code_at(seed, 4), codes), FLOW_WRONG);
    assert_nothing_granted(&v);
    struct str first = code_at(seed, 0);
    assert_int_equal(confirm(&v, first, codes), FLOW_WENT_ON);
    assert_int_equal(next(&v), FLOW_DONE);
    assert_int_equal(v.session->level, AUTHN_SUBSTANTIAL);
    assert_int_equal(audited("factor_enrolled"), 1);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(&c), &acc), RESULT_OK);
    assert_true(acc.has_totp && str_eq(acc.totp_seed, seed));
    assert_int_equal(v.t->enrol_seed.len, 0);

    struct visit w = {0};
    begin(&w, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&w, first), FLOW_WRONG);
    assert_int_equal(recovery(&w, codes[9]), FLOW_WENT_ON);
    disenrol(&c);
}

static void nobody_enrols_over_a_factor_that_is_there(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen2");
    struct str seed, label, codes[RECOVERY_CODES];
    struct visit v = {0};
    disenrol(&c);
    begin(&v, AUTHN_SUBSTANTIAL, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_WENT_ON);
    (void)enrol(&c, NULL); /* meanwhile, in another browser */
    assert_int_equal(confirm(&v, code_at(seed, 0), codes), FLOW_OVER);
    reload(&v);
    assert_int_equal(flow_enrol_seed(&world.au, world.a, v.t, &seed, &label), FLOW_OVER);
    assert_nothing_granted(&v);
    disenrol(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_second_factor_is_asked_when_it_is_due),
        WORLD_TEST(a_kind_of_person_may_need_one_always),
        WORLD_TEST(the_code_skipped_empty_wrong_or_out_of_order_signs_nobody_in),
        WORLD_TEST(codes_have_a_counter_that_no_new_sign_in_resets),
        WORLD_TEST(codes_only_go_forward),
        WORLD_TEST(a_recovery_code_stands_in_for_the_app_once),
        WORLD_TEST(a_second_factor_is_set_up_on_the_way),
        WORLD_TEST(nobody_enrols_over_a_factor_that_is_there),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
