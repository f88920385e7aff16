#include "authn/flow_parts.h"
#include "server/base/clock.h"

enum { RECENT_SECONDS = 300 };

enum flow_outcome flow_outcome_of(enum result r)
{
    switch (r) {
    case RESULT_OK:
        return FLOW_WENT_ON;
    case RESULT_NOT_FOUND:
    case RESULT_REFUSED:
    case RESULT_USED:
        return FLOW_OVER;
    case RESULT_UNAVAILABLE:
        return FLOW_AWAY;
    case RESULT_INTERNAL:
        break;
    }
    return FLOW_BROKEN;
}

void flow_restart(struct transaction *t)
{
    t->uuid = t->amr = t->enrol_seed = t->sid = t->mandate = STR_EMPTY;
    t->password_done = t->otp_done = t->act_done = t->consent_done = t->from_session = false;
}

bool flow_needs_second(const struct authn *au, const struct transaction *t, struct str kind, bool enrolled)
{
    return enrolled || t->needed >= AUTHN_SUBSTANTIAL || str_has_word(au->config.require_second_factor, kind);
}

/* The steps in their order: the first that is due is where the transaction stands. */
static bool password_due(const struct transaction *t, bool enrolled)
{
    (void)enrolled;
    return !t->password_done;
}

static bool otp_due(const struct transaction *t, bool enrolled)
{
    return !t->otp_done && enrolled;
}

static bool enrol_due(const struct transaction *t, bool enrolled)
{
    return !t->otp_done && !enrolled;
}

static const struct {
    enum flow_step step;
    bool (*due)(const struct transaction *t, bool enrolled);
} steps[] = {
    {FLOW_PASSWORD, password_due},
    {FLOW_OTP, otp_due},
    {FLOW_ENROL, enrol_due},
};

/*
 * A password alone never waits here: where it suffices, the same request that brought it finished the flow.
 * So behind a password some second factor is due.
 */
static enum flow_step stands_at(const struct transaction *t, bool enrolled)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (steps[i].due(t, enrolled))
            return steps[i].step;
    return FLOW_PASSWORD;
}

static bool same_person(const struct session *s, struct str uuid)
{
    return str_eq(s->person.uuid, uuid);
}

/* The session is as good as the sign-in that was asked for. */
static void take_session(struct transaction *t, const struct session *s)
{
    struct transaction answered = *t;
    bool same = same_person(s, t->uuid);
    flow_restart(t);
    if (same) { /* what they answered already */
        t->act_done = answered.act_done;
        t->mandate = answered.mandate;
        t->consent_done = answered.consent_done;
    }
    t->uuid = s->person.uuid;
    t->amr = s->amr;
    t->sid = s->sid;
}

/* Its password counts, its second factor is missing. */
static void take_password(struct transaction *t, const struct session *s)
{
    flow_restart(t);
    t->uuid = s->person.uuid;
    t->amr = STR("pwd");
    t->password_done = t->from_session = true;
}

/* Nothing else than this, or a session, makes follow_session change anything. */
static bool is_of_other_session(const struct transaction *t, const struct session *s)
{
    return t->sid.len > 0 || !str_eq(t->replaces, s ? s->sid : STR_EMPTY);
}

/* Brings the transaction in line with the browser's session; false when it is done. */
static bool follow_session(struct transaction *t, const struct session *s)
{
    bool same = s && str_eq(t->replaces, s->sid);
    if (t->sid.len > 0 || (t->from_session && !same))
        flow_restart(t);
    t->replaces = s ? s->sid : STR_EMPTY;
    if (!s || t->reauthenticate || t->password_done)
        return true;
    if (s->level >= t->needed) {
        take_session(t, s);
        return false;
    }
    take_password(t, s);
    return true;
}

static bool is_done(const struct transaction *t, const struct session *s)
{
    return s && t->sid.len > 0 && str_eq(t->sid, s->sid);
}

/* Who finds a browser signed in must not be able to add a factor of their own: the password is asked again.
 */
static bool is_stale(const struct transaction *t, const struct session *s)
{
    return t->from_session && s && clock_now() - s->auth_time > RECENT_SECONDS;
}

enum result flow_next(struct authn *au, struct arena *a, struct transaction *t, const struct session *session,
                      enum flow_step *out)
{
    struct account acc;
    if (t->needed > FLOW_STRONGEST)
        return RESULT_REFUSED;
    *out = FLOW_DONE;
    if (is_done(t, session))
        return RESULT_OK;
    bool changes = session || is_of_other_session(t, session);
    bool more = follow_session(t, session);
    enum result r = changes ? transaction_save(au, a, t) : RESULT_OK;
    if (r != RESULT_OK || !more)
        return r;
    *out = FLOW_PASSWORD;
    if (!t->password_done)
        return RESULT_OK;
    r = account_read(au, a, t->uuid, &acc);
    if (r != RESULT_OK)
        return r;
    *out = stands_at(t, acc.has_totp);
    if (*out != FLOW_ENROL || !is_stale(t, session))
        return RESULT_OK;
    flow_restart(t);
    *out = FLOW_PASSWORD;
    return transaction_save(au, a, t);
}

/* The session whose password counts for this sign-in must not have been ended meanwhile. */
static enum flow_outcome still_signed_in(const struct flow *f)
{
    struct session *s;
    if (!f->t->from_session)
        return FLOW_WENT_ON;
    enum result r = session_by_sid(f->au, f->a, f->t->replaces, &s);
    if (r == RESULT_OK && !same_person(s, f->t->uuid))
        return FLOW_OVER;
    return flow_outcome_of(r);
}

enum flow_outcome flow_second_due(const struct flow *f, enum flow_step step, struct person **person,
                                  struct account *acc)
{
    const struct transaction *t = f->t;
    if (t->sid.len > 0 || !t->password_done || t->otp_done || t->uuid.len == 0)
        return FLOW_OVER;
    enum flow_outcome outcome = still_signed_in(f);
    if (outcome != FLOW_WENT_ON)
        return outcome;
    enum result r = person_by_uuid(f->au->directory, f->a, t->uuid, person);
    if (r == RESULT_OK && (*person)->disabled)
        return FLOW_OVER;
    if (r == RESULT_OK)
        r = account_read(f->au, f->a, t->uuid, acc);
    if (r != RESULT_OK)
        return flow_outcome_of(r);
    return stands_at(t, acc->has_totp) == step ? FLOW_WENT_ON : FLOW_OVER;
}
