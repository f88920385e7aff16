/*
 * A sign-in under way. What an application asked is stored once; every later step reads the stored values,
 * never the request, and only the browser that began it may go on.
 */
#ifndef ONEDOOR_AUTHN_TRANSACTION_H
#define ONEDOOR_AUTHN_TRANSACTION_H

#include "authn/authn.h"
#include "server/base/acr.h"
#include "server/http/pairs.h"

#define BROWSER_COOKIE "__Host-onedoor-browser"
#define DEVICE_COOKIE  "__Host-onedoor-device"

struct transaction {
    struct str id;
    struct str browser; /* hash of the browser cookie */
    struct str csrf;    /* hidden field of every form of this sign-in */

    /* what was asked */
    struct str client_id; /* empty: our own pages (portal, account) */
    struct str return_to; /* path of ours to go on to when done: "/authorize/resume?t=…" or "/" */
    struct pairs asked;   /* the authorization request's parameters */
    int64_t begun;        /* when that came; 0: there is none */
    bool denied;          /* the person said no to it */
    enum authn_level needed;
    bool reauthenticate; /* prompt=login, max_age: an existing session does not count */
    struct str login_hint, ui_locales;
    struct str form_target; /* origin of the redirect address, for CSP form-action */

    /* how far it is */
    struct str uuid; /* the person, once the password was right (or from the session to be raised) */
    bool password_done, otp_done;
    struct str amr;
    struct str enrol_seed; /* base64url, while enrolling */
    bool act_done;         /* for whom was chosen: */
    struct str mandate;    /* by which they act; empty: in their own name */
    bool consent_done;
    struct str replaces; /* sid of the browser's session that the new one will end */
    bool from_session;   /* the password is the one given for `replaces`, which must still live */
    struct str sid;      /* the session that satisfied it, once done */
};

/*
 * Stores a new transaction. *browser_cookie is the request's BROWSER_COOKIE value, or empty; it is replaced
 * by a new value that must be set when it was empty or malformed.
 */
MUST_CHECK enum result transaction_begin(struct authn *au, struct arena *a, struct transaction *t,
                                         struct str *browser_cookie);
/* REFUSED when it was begun in another browser; NOT_FOUND when it is over. */
MUST_CHECK enum result transaction_find(struct authn *au, struct arena *a, struct str id,
                                        struct str browser_cookie, struct transaction **out);
MUST_CHECK enum result transaction_save(struct authn *au, struct arena *a, const struct transaction *t);
/* The same as a step of something greater. False without memory, or when there are too many. */
MUST_CHECK bool transaction_saving(struct arena *a, const struct transaction *t, struct store_steps *steps);
/* Ends it in one atomic step: OK for one caller only, NOT_FOUND for others. */
MUST_CHECK enum result transaction_end(struct authn *au, struct arena *a, const struct transaction *t);
/* The same, whose result says so, as a step of something greater. */
struct store_step transaction_ending(const struct transaction *t);

#endif
