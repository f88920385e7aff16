/* Sign-ins as browsers make them: a visit through one flow, step by step. */
#ifndef ONEDOOR_TESTS_FLOW_WORLD_H
#define ONEDOOR_TESTS_FLOW_WORLD_H

#include "tests/unit/authn/world.h"

/* A browser on its way through one sign-in. */
struct visit {
    struct str browser, device;
    struct transaction *t;
    struct flow_grant grant;
    struct session *session; /* of the browser's cookie */
};

static struct flow_request request(const struct visit *v)
{
    return (struct flow_request){
        .source = STR("192.0.2.7"), .reference = STR("REF0000001"), .device_cookie = v->device};
}

__attribute__((unused)) static void begin(struct visit *v, enum authn_level needed, bool reauthenticate)
{
    struct transaction t = {.client_id = STR("portal"),
                            .return_to = STR("/authorize/resume"),
                            .needed = needed,
                            .reauthenticate = reauthenticate};
    assert_int_equal(transaction_begin(&world.au, world.a, &t, &v->browser), RESULT_OK);
    assert_int_equal(transaction_find(&world.au, world.a, t.id, v->browser, &v->t), RESULT_OK);
}

/* The stored transaction as the next request reads it. */
__attribute__((unused)) static void reload(struct visit *v)
{
    assert_int_equal(transaction_find(&world.au, world.a, v->t->id, v->browser, &v->t), RESULT_OK);
}

__attribute__((unused)) static enum flow_step next(struct visit *v)
{
    enum flow_step step;
    reload(v);
    assert_int_equal(flow_next(&world.au, world.a, v->t, v->session, &step), RESULT_OK);
    return step;
}

/* What the browser keeps of an answer. */
__attribute__((unused)) static enum flow_outcome keep(struct visit *v, enum flow_outcome outcome)
{
    if (v->grant.session_cookie.len > 0)
        assert_int_equal(session_find(&world.au, world.a, v->grant.session_cookie, &v->session), RESULT_OK);
    if (v->grant.device_cookie.len > 0)
        v->device = v->grant.device_cookie;
    return outcome;
}

__attribute__((unused)) static enum flow_outcome password(struct visit *v, const char *username,
                                                          const char *secret)
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_password(&world.au, world.a, v->t, &r, str_of(username), str_of(secret), &v->grant));
}

__attribute__((unused)) static enum flow_outcome otp(struct visit *v, struct str code)
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_otp(&world.au, world.a, v->t, &r, code, &v->grant));
}

__attribute__((unused)) static enum flow_outcome recovery(struct visit *v, struct str code)
{
    struct flow_request r = request(v);
    reload(v);
    return keep(v, flow_recovery_code(&world.au, world.a, v->t, &r, code, &v->grant));
}

__attribute__((unused)) static void assert_nothing_granted(const struct visit *v)
{
    assert_int_equal(v->grant.session_cookie.len, 0);
    assert_int_equal(v->grant.device_cookie.len, 0);
    assert_null(v->session);
}

/* Gives the person a second factor, new at every call; codes are one step on, so that none was spent before.
 */
__attribute__((unused)) static struct str enrol(const struct sample_person *c,
                                                struct str codes[RECOVERY_CODES])
{
    struct account acc;
    struct str seed, made[RECOVERY_CODES];
    later(120);
    assert_int_equal(account_remove_totp(&world.au, world.a, uuid_of(c)), RESULT_OK);
    assert_int_equal(account_read(&world.au, world.a, uuid_of(c), &acc), RESULT_OK);
    assert_true(totp_seed_make(world.a, &seed));
    assert_int_equal(account_enrol_totp(&world.au, world.a, &acc, seed, codes ? codes : made), RESULT_OK);
    return seed;
}

__attribute__((unused)) static void disenrol(const struct sample_person *c)
{
    assert_int_equal(account_remove_totp(&world.au, world.a, uuid_of(c)), RESULT_OK);
}

#endif
