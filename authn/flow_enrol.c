#include "authn/flow_parts.h"
#include "authn/throttle.h"
#include "authn/totp.h"
#include "server/base/encode.h"

/* The seed lies sealed in the transaction until a first code confirms that the app has it. */
static enum flow_outcome keep_seed(const struct flow *f, struct str *seed)
{
    if (f->t->enrol_seed.len > 0)
        return base64url_decode(f->a, f->t->enrol_seed, seed) ? FLOW_WENT_ON : FLOW_BROKEN;
    if (!totp_seed_make(f->a, seed))
        return FLOW_BROKEN;
    f->t->enrol_seed = base64url_encode(f->a, *seed);
    if (f->t->enrol_seed.len == 0)
        return FLOW_BROKEN;
    return flow_outcome_of(transaction_save(f->au, f->a, f->t));
}

enum flow_outcome flow_enrol_seed(struct authn *au, struct arena *a, struct transaction *t, struct str *seed,
                                  struct str *label)
{
    struct flow f = {.au = au, .a = a, .t = t};
    struct person *person;
    struct account acc;
    enum flow_outcome outcome = flow_second_due(&f, FLOW_ENROL, &person, &acc);
    if (outcome != FLOW_WENT_ON)
        return outcome;
    *label = person->mail.len > 0 ? person->mail : person->subject;
    return keep_seed(&f, seed);
}

/* Counted like any code, so that the enrolment page is no way to guess either. */
static enum result confirm(const struct flow *f, const struct account *acc, struct str seed, struct str code,
                           int64_t *retry_after)
{
    enum result r = throttle_enter_code(f->au, f->a, acc->uuid, retry_after);
    if (r != RESULT_OK)
        return r;
    *retry_after = 0;
    r = totp_check(f->au, f->a, acc->uuid, seed, code);
    if (r != RESULT_REFUSED)
        throttle_code_succeeded(f->au, f->a, acc->uuid);
    return r;
}

static enum flow_outcome enrol(const struct flow *f, const struct person *person, const struct account *acc,
                               struct str seed, struct str codes[RECOVERY_CODES])
{
    if (!flow_audit(f, AUDIT_FACTOR_ENROLLED, person->subject, STR("otp")))
        return FLOW_AWAY;
    enum result r = account_enrol_totp(f->au, f->a, acc, seed, codes);
    if (r != RESULT_OK)
        return flow_outcome_of(r);
    f->t->otp_done = true;
    f->t->enrol_seed = STR_EMPTY;
    f->t->amr = STR("pwd otp");
    return flow_finish(f, person, AUTHN_SUBSTANTIAL, NULL);
}

enum flow_outcome flow_enrol_confirm(struct authn *au, struct arena *a, struct transaction *t,
                                     const struct flow_request *fr, struct str code,
                                     struct str codes[RECOVERY_CODES], struct flow_grant *grant)
{
    struct flow f = {au, a, t, fr, grant};
    struct person *person;
    struct account acc;
    struct str seed;
    int64_t retry_after = 0;
    *grant = (struct flow_grant){0};
    enum flow_outcome outcome = flow_second_due(&f, FLOW_ENROL, &person, &acc);
    if (outcome != FLOW_WENT_ON)
        return outcome;
    if (t->enrol_seed.len == 0)
        return FLOW_OVER;
    if (!base64url_decode(a, t->enrol_seed, &seed))
        return FLOW_BROKEN;
    enum result r = confirm(&f, &acc, seed, code, &retry_after);
    if (r == RESULT_REFUSED && retry_after > 0)
        return flow_brake(&f, person->subject, retry_after);
    if (r == RESULT_REFUSED)
        return flow_refuse(&f, AUDIT_SECOND_FACTOR_REFUSED, person->subject, STR("enrolment"));
    return r == RESULT_OK ? enrol(&f, person, &acc, seed, codes) : flow_outcome_of(r);
}
