/* The sign-in flow: a table of steps, walked by the stored transaction. */
#ifndef ONEDOOR_AUTHN_FLOW_H
#define ONEDOOR_AUTHN_FLOW_H

#include "authn/account.h"
#include "authn/session.h"
#include "authn/transaction.h"

enum flow_step {
    FLOW_PASSWORD, /* ask for name and password */
    FLOW_OTP,      /* ask for the one-time code (or a recovery code) */
    FLOW_ENROL,    /* set a second factor up: needed, and the person has none */
    FLOW_DONE      /* go on to return_to */
};

enum flow_outcome {
    FLOW_WENT_ON, /* see flow_next */
    FLOW_WRONG,   /* the same words for whatever was wrong */
    FLOW_BRAKED,  /* too many attempts: see retry_after */
    FLOW_OVER,    /* the transaction is spent or out of order */
    FLOW_AWAY,    /* directory, store or audit log unavailable: nothing granted */
    FLOW_BROKEN   /* a failure of ours */
};

/* What a step needs to know about the request beside the form. */
struct flow_request {
    struct str source, reference, device_cookie;
    bool ends_transaction; /* the caller, when the sign-in is finished: it is not stored once more then */
};

/* What finishing gives the browser. */
struct flow_grant {
    struct str session_cookie, device_cookie; /* empty: not to be set */
    struct session *session;                  /* NULL: not finished yet */
    int64_t retry_after;                      /* with FLOW_BRAKED */
};

/*
 * The step that the transaction stands at. When a live session (may be NULL) suffices, or a step of it can be
 * spared (only the second factor is missing), it is taken into the transaction. REFUSED when no factor there
 * is gives the needed level; NOT_FOUND when the transaction is over.
 */
MUST_CHECK enum result flow_next(struct authn *au, struct arena *a, struct transaction *t,
                                 const struct session *session, enum flow_step *out);

/*
 * Each: checks that its step is due, throttles, checks, writes the audit line, stores the transaction, and
 * when nothing more is due starts the session (a new id always, RFC 9700: a preset cookie is worth nothing)
 * and ends the old one. Audit is written before anything is granted.
 */
enum flow_outcome flow_password(struct authn *au, struct arena *a, struct transaction *t,
                                const struct flow_request *fr, struct str username, struct str password,
                                struct flow_grant *grant);
enum flow_outcome flow_otp(struct authn *au, struct arena *a, struct transaction *t,
                           const struct flow_request *fr, struct str code, struct flow_grant *grant);
enum flow_outcome flow_recovery_code(struct authn *au, struct arena *a, struct transaction *t,
                                     const struct flow_request *fr, struct str code,
                                     struct flow_grant *grant);
/* The seed to be shown while enrolling; the same one until the transaction ends. */
enum flow_outcome flow_enrol_seed(struct authn *au, struct arena *a, struct transaction *t, struct str *seed,
                                  struct str *label);
/* Confirms the seed by a first code, enrols it, and counts as the second factor. */
enum flow_outcome flow_enrol_confirm(struct authn *au, struct arena *a, struct transaction *t,
                                     const struct flow_request *fr, struct str code,
                                     struct str codes[RECOVERY_CODES], struct flow_grant *grant);

#endif
