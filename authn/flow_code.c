#include "authn/flow_parts.h"
#include "authn/throttle.h"
#include "authn/totp.h"

/* One way of giving the second factor. */
struct factor {
    enum result (*check)(struct authn *au, struct arena *a, const struct account *acc, struct str code);
    enum audit_event success; /* AUDIT_SIGN_IN: nothing beside the line that every sign-in writes */
    const char *name;
};

static enum result check_totp(struct authn *au, struct arena *a, const struct account *acc, struct str code)
{
    return totp_check(au, a, acc->uuid, acc->totp_seed, code);
}

static enum result check_recovery(struct authn *au, struct arena *a, const struct account *acc,
                                  struct str code)
{
    return account_spend_recovery_code(au, a, acc->uuid, code);
}

static const struct factor totp = {check_totp, AUDIT_SIGN_IN, "otp"};
static const struct factor recovery = {check_recovery, AUDIT_RECOVERY_CODE_USED, "recovery_code"};

/* The attempt is counted before the code is looked at, on a counter that no new session or sign-in resets. */
static enum result count_and_check(const struct flow *f, const struct factor *by, const struct account *acc,
                                   struct str code, int64_t *retry_after)
{
    enum result r = throttle_enter_code(f->au, f->a, acc->uuid, retry_after);
    if (r != RESULT_OK)
        return r;
    *retry_after = 0;
    r = by->check(f->au, f->a, acc, code);
    if (r != RESULT_REFUSED)
        throttle_code_succeeded(f->au, f->a, acc->uuid);
    return r;
}

static enum flow_outcome second_factor(const struct flow *f, const struct factor *by, struct str code)
{
    struct person *person;
    struct account acc;
    int64_t retry_after = 0;
    *f->grant = (struct flow_grant){0};
    enum flow_outcome outcome = flow_second_due(f, FLOW_OTP, &person, &acc);
    if (outcome != FLOW_WENT_ON)
        return outcome;
    enum result r = count_and_check(f, by, &acc, code, &retry_after);
    if (r == RESULT_REFUSED && retry_after > 0)
        return flow_brake(f, person->subject, retry_after);
    if (r == RESULT_REFUSED)
        return flow_refuse(f, AUDIT_SECOND_FACTOR_REFUSED, person->subject, str_of(by->name));
    if (r != RESULT_OK)
        return flow_outcome_of(r);
    if (by->success != AUDIT_SIGN_IN && !flow_audit(f, by->success, person->subject, STR_EMPTY))
        return FLOW_AWAY;
    f->t->otp_done = true;
    f->t->amr = STR("pwd otp");
    return flow_finish(f, person, AUTHN_SUBSTANTIAL, NULL);
}

enum flow_outcome flow_otp(struct authn *au, struct arena *a, struct transaction *t,
                           const struct flow_request *fr, struct str code, struct flow_grant *grant)
{
    struct flow f = {au, a, t, fr, grant};
    return second_factor(&f, &totp, code);
}

enum flow_outcome flow_recovery_code(struct authn *au, struct arena *a, struct transaction *t,
                                     const struct flow_request *fr, struct str code, struct flow_grant *grant)
{
    struct flow f = {au, a, t, fr, grant};
    return second_factor(&f, &recovery, code);
}
