/* Sign-ins while a part of the system is away: nobody is wrong, and nothing is granted. */
#include "tests/unit/authn/flow_world.h"

static void without_an_audit_line_nothing_is_granted(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen"), staff = person_of("staff");
    struct str codes[RECOVERY_CODES], seed = enrol(&staff, codes);
    struct visit v = {0}, w = {0};
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, staff.uid, staff.password), FLOW_WENT_ON);
    world_open_audit("/dev/full");
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_AWAY);
    assert_nothing_granted(&v);
    assert_int_equal(password(&v, c.uid, "wrong"), FLOW_AWAY);
    assert_int_equal(otp(&w, code_at(seed, 0)), FLOW_AWAY);
    assert_int_equal(recovery(&w, codes[1]), FLOW_AWAY);
    assert_nothing_granted(&w);
    world_open_audit(world.audit_path);
    assert_int_equal(next(&v), FLOW_PASSWORD);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    disenrol(&staff);
}

static void without_the_directory_nobody_is_wrong(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    begin(&v, AUTHN_LOW, false);
    slapd_kill(&world.slapd);
    for (int i = 0; i < 12; i++)
        assert_int_equal(password(&v, c.uid, c.password), FLOW_AWAY);
    assert_nothing_granted(&v);
    slapd_return();
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
}

static void without_redis_nobody_is_wrong(void **state)
{
    (void)state;
    struct sample_person c = person_of("citizen");
    struct visit v = {0};
    struct flow_request r = request(&v);
    struct transaction *t;
    begin(&v, AUTHN_LOW, false);
    redis_freeze(&world.redis);
    assert_int_equal(flow_password(&world.au, world.a, v.t, &r, str_of(c.uid), str_of(c.password), &v.grant),
                     FLOW_AWAY);
    assert_nothing_granted(&v);
    assert_int_equal(transaction_find(&world.au, world.a, v.t->id, v.browser, &t), RESULT_UNAVAILABLE);
    redis_thaw(&world.redis);
    for (int i = 0; i < 100 && store_ping(world.store) != RESULT_OK; i++) {
        usleep(50000);
        store_beat(world.store);
    }
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
}

/* The last: it leaves another epoch behind. */
static void a_code_spent_before_redis_lost_all_is_not_taken_again(void **state)
{
    (void)state;
    struct sample_person c = person_of("staff");
    struct visit v = {0};
    atomic_store(&clock_offset, 0); /* the floor is of the real clock */
    struct account acc;
    struct str seed, codes[RECOVERY_CODES];
    disenrol(&c);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(&c), &acc), RESULT_OK);
    assert_true(totp_seed_make(world.a, &seed));
    assert_int_equal(account_enrol_totp(&world.au, world.a, &acc, seed, codes), RESULT_OK);
    begin(&v, AUTHN_LOW, false);
    assert_int_equal(password(&v, c.uid, c.password), FLOW_WENT_ON);
    struct str code = code_at(seed, 0);
    assert_int_equal(otp(&v, code), FLOW_WENT_ON);

    freeReplyObject(redis_ask(&world.redis, "FLUSHALL"));
    for (int i = 0; i < 100 && (store_floor(world.store) == 0 || store_ping(world.store) != RESULT_OK); i++) {
        store_beat(world.store);
        usleep(50000);
    }
    assert_true(store_floor(world.store) > 0);
    struct visit w = {0};
    begin(&w, AUTHN_LOW, false);
    assert_int_equal(password(&w, c.uid, c.password), FLOW_WENT_ON);
    assert_int_equal(otp(&w, code), FLOW_WRONG);
    assert_nothing_granted(&w);
    later(60);
    assert_int_equal(otp(&w, code_at(seed, 0)), FLOW_WENT_ON);
    disenrol(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(without_an_audit_line_nothing_is_granted),
        WORLD_TEST(without_the_directory_nobody_is_wrong),
        WORLD_TEST(without_redis_nobody_is_wrong),
        WORLD_TEST(a_code_spent_before_redis_lost_all_is_not_taken_again),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
