/* What authentication works with: the stores below and its settings. */
#ifndef ONEDOOR_AUTHN_AUTHN_H
#define ONEDOOR_AUTHN_AUTHN_H

#include "certs/master.h"
#include "directory/live.h"
#include "directory/person.h"
#include "server/base/audit.h"
#include "server/store/store.h"

struct authn_config {
    int64_t transaction_seconds;      /* 600 */
    int64_t session_idle_seconds;     /* 900 */
    int64_t session_absolute_seconds; /* 36000 */
    int64_t device_seconds;           /* 15552000: how long a device stays known */
    /* throttling: failures allowed in a window of seconds */
    int64_t account_failures, account_window; /* 10 in 300 */
    int64_t source_failures, source_window;   /* 50 in 60 */
    int64_t overall_failures, overall_window; /* 3000 in 60 */
    int64_t code_failures, code_window;       /* 5 in 300: one-time codes, per account */
    struct str totp_issuer;                   /* the name shown by authenticator apps */
    struct str require_second_factor;         /* kinds of person who always need one, space-separated */
    int64_t
        logout_give_up_seconds; /* 86400: how long an application is tried that is to be told of a sign-out */
    int64_t logout_queue;       /* 100000: most such messages that wait */
};

struct authn {
    struct authn_config config;
    struct directory *directory;
    struct live *live; /* NULL: nothing is followed, so the directory is asked every time */
    struct store *store;
    struct audit *audit;
    struct seal *account_seal; /* purpose "account": seeds and identity numbers in the registry */
    struct secret *device_key; /* purpose "device": MAC of known-device cookies */
    struct secret *throttle_key;
    struct secret *recovery_key; /* purpose "recovery": recovery codes are kept as its MACs */
    struct secret *identity_key; /* purpose "identity": identity numbers are found by its MACs */
};

/* Fills in what is derived from the master key; the rest is set by the caller. False when that fails. */
MUST_CHECK bool authn_setup(struct authn *au, const struct master *master);
void authn_clear(struct authn *au);

#endif
