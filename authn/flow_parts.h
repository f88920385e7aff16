/* What the steps of the sign-in flow share. */
#ifndef ONEDOOR_AUTHN_FLOW_PARTS_H
#define ONEDOOR_AUTHN_FLOW_PARTS_H

#include "authn/flow.h"

/* One request's work on one transaction. */
struct flow {
    struct authn *au;
    struct arena *a;
    struct transaction *t;
    const struct flow_request *request;
    struct flow_grant *grant;
};

/* The strongest level that the steps there are can give. */
#define FLOW_STRONGEST AUTHN_SUBSTANTIAL

/* OK: WENT_ON; outage: AWAY; failure of ours: BROKEN; everything else says that the transaction is over. */
enum flow_outcome flow_outcome_of(enum result r);
/* Forgets how far the transaction is: the next step is the password. */
void flow_restart(struct transaction *t);
/* Whether a second factor is due for that person in this transaction. */
bool flow_needs_second(const struct authn *au, const struct transaction *t, struct str kind, bool enrolled);

/*
 * For the second-factor steps: WENT_ON when `step` (FLOW_OTP or FLOW_ENROL) is the one that is due; person
 * and account are then read from the directory as they are now.
 */
enum flow_outcome flow_second_due(const struct flow *f, enum flow_step step, struct person **person,
                                  struct account *acc);

/* Writes the audit line; false when it could not be written. The subject may be empty. */
MUST_CHECK bool flow_audit(const struct flow *f, enum audit_event event, struct str subject,
                           struct str detail);
/* The audit line of a refusal, and WRONG. */
enum flow_outcome flow_refuse(const struct flow *f, enum audit_event event, struct str subject,
                              struct str detail);
/* The audit line of a braked attempt, and BRAKED. */
enum flow_outcome flow_brake(const struct flow *f, struct str subject, int64_t retry_after);
/*
 * All factors are given: starts the session of t->amr and that level (in one step with it is done what `more`
 * says, which may be NULL), writes the audit line, marks the transaction (and stores it, unless the caller
 * ends it) and ends the session that is replaced. When one of these fails, the new session is ended and
 * nothing granted.
 */
enum flow_outcome flow_finish(const struct flow *f, const struct person *person, enum authn_level level,
                              const struct store_steps *more);

#endif
