/* Braking guesses: per account, per source and overall, counted in the store before the guess is looked at.
 */
#ifndef ONEDOOR_AUTHN_THROTTLE_H
#define ONEDOOR_AUTHN_THROTTLE_H

#include "authn/authn.h"

/* One counter, what it may reach and for how long it counts. */
struct brake {
    struct str id;
    int64_t limit, window;
};

enum { BRAKES_MAX = 3 };

struct attempt {
    struct str account; /* the person's uuid, or what was typed when there is no such person */
    struct str source;  /* address */
    struct str device;  /* id of a known device of that account, or empty: it has a counter of its own */
    struct brake brakes[BRAKES_MAX]; /* which count it: set by throttle_enter, as is their number */
    size_t brake_count;
};

/*
 * Counts the attempt (in one atomic step, before the password is checked, so that parallel guesses count).
 * REFUSED with *retry_after in seconds when a limit is passed.
 */
MUST_CHECK enum result throttle_enter(struct authn *au, struct arena *a, struct attempt *at,
                                      int64_t *retry_after);
/* Takes the count of a successful attempt back. Best effort. */
void throttle_succeeded(struct authn *au, const struct attempt *at);
/* The same as steps of something greater. False when there are too many. */
MUST_CHECK bool throttle_succeeding(const struct attempt *at, struct store_steps *steps);
/* The same for one-time codes: a counter of the account alone, which no new session resets. */
MUST_CHECK enum result throttle_enter_code(struct authn *au, struct arena *a, struct str uuid,
                                           int64_t *retry_after);
void throttle_code_succeeded(struct authn *au, struct arena *a, struct str uuid);

/* The known-device cookie: an id and a MAC over id and account. */
struct str device_cookie_make(struct authn *au, struct arena *a, struct str uuid);
/* The device's id when the cookie is ours, of that account, and not over its age; STR_EMPTY otherwise. */
struct str device_cookie_check(struct authn *au, struct arena *a, struct str cookie, struct str uuid);

#endif
