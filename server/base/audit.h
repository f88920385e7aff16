/* The append-only log of security events: one JSON object a line, from one event table. */
#ifndef ONEDOOR_BASE_AUDIT_H
#define ONEDOOR_BASE_AUDIT_H

#include "server/base/arena.h"
#include "server/base/result.h"

/* name, text in the file. One row gives the enum, the text and the documentation. */
#define AUDIT_EVENTS(X)                                                                                      \
    X(SIGN_IN, "sign_in")                                                                                    \
    X(SIGN_IN_REFUSED, "sign_in_refused")                                                                    \
    X(SIGN_IN_THROTTLED, "sign_in_throttled")                                                                \
    X(SECOND_FACTOR_REFUSED, "second_factor_refused")                                                        \
    X(FACTOR_ENROLLED, "factor_enrolled")                                                                    \
    X(FACTOR_REMOVED, "factor_removed")                                                                      \
    X(RECOVERY_CODE_USED, "recovery_code_used")                                                              \
    X(SIGN_OUT, "sign_out")                                                                                  \
    X(SESSION_ENDED, "session_ended") /* not by its person: the account was disabled or is gone */           \
    X(CONSENT_GIVEN, "consent_given")                                                                        \
    X(CONSENT_DENIED, "consent_denied")                                                                      \
    X(CODE_ISSUED, "code_issued")                                                                            \
    X(CODE_REUSED, "code_reused")                                                                            \
    X(TOKEN_ISSUED, "token_issued")                                                                          \
    X(REFRESH_REUSED, "refresh_reused")                                                                      \
    X(TOKEN_REVOKED, "token_revoked")                                                                        \
    X(CLIENT_REFUSED, "client_refused")                                                                      \
    X(KEY_ROTATED, "key_rotated")                                                                            \
    X(APPLICATION_CHANGED, "application_changed")                                                            \
    X(MANDATE_GRANTED, "mandate_granted")                                                                    \
    X(MANDATE_CONFIRMED, "mandate_confirmed")                                                                \
    X(MANDATE_ENDED, "mandate_ended")                                                                        \
    X(MANDATE_REFUSED, "mandate_refused")                                                                    \
    X(MANDATE_CHOSEN, "mandate_chosen")                                                                      \
    X(IDENTITY_NUMBER_SET, "identity_number_set")                                                            \
    X(IDENTITY_NUMBER_SOUGHT, "identity_number_sought")                                                      \
    X(IDENTITY_NUMBER_SHOWN, "identity_number_shown")                                                        \
    X(IDENTITY_NUMBER_FORGOTTEN, "identity_number_forgotten")                                                \
    X(CHANGE_ASKED, "change_asked")       /* an administrator asks for it; a second person is needed */      \
    X(CHANGE_MADE, "change_made")         /* is about to be made */                                          \
    X(CHANGE_NOT_MADE, "change_not_made") /* refused, withdrawn, overtaken, expired, failed */               \
    X(ADMINISTRATION_REFUSED, "administration_refused")                                                      \
    X(EPOCH_CHANGED, "epoch_changed")                                                                        \
    X(LOGOUT_DELIVERED, "logout_delivered")                                                                  \
    X(LOGOUT_GIVEN_UP, "logout_given_up")                                                                    \
    X(SERVER_STARTED, "server_started")                                                                      \
    X(SERVER_STOPPED, "server_stopped")

enum audit_event {
#define X(name, text) AUDIT_##name,
    AUDIT_EVENTS(X)
#undef X
        AUDIT_EVENT_COUNT
};

/* Empty fields are left out. None may hold a secret, code, token or identity number. */
struct audit_entry {
    struct str subject;       /* who, as in `sub` */
    struct str client_id;     /* for which application */
    struct str sid;           /* in which session */
    struct str source;        /* from which address */
    struct str reference;     /* of which request */
    struct str detail;        /* a short word on how or why */
    struct str change;        /* id of an administrator's change */
    struct str target;        /* what it is about */
    struct str before, after; /* JSON texts, bounded by the caller */
};

struct audit;

/* Opens (or makes, mode 0600) the file for appending; NULL with *why set when that fails. */
struct audit *audit_open(const char *path, const char **why);
/*
 * Appends one line with one write(2) before it returns. RESULT_UNAVAILABLE when the line could not be written
 * (disk full): the caller must then refuse what it was about to grant. A line half written is made whole with
 * a newline by the next write.
 */
MUST_CHECK enum result audit_write(struct audit *a, enum audit_event event, const struct audit_entry *entry);
/*
 * The last lines of the file, `max` bytes at most, copied into the arena; what was cut in two is left out.
 * UNAVAILABLE when the file can't be read.
 */
MUST_CHECK enum result audit_tail(struct audit *a, struct arena *arena, size_t max, struct str *out);
/* "sign_in": an event as it stands in the file. */
const char *audit_event_name(enum audit_event event);
/* Opens the file anew, after log rotation. */
void audit_reopen(struct audit *a);
void audit_close(struct audit *a);

#endif
