/* When to try again, and how many deliveries at once: so that an application that is dead holds up no other.
 */
#ifndef ONEDOOR_SERVER_COURIER_REST_H
#define ONEDOOR_SERVER_COURIER_REST_H

#include "server/base/str.h"

/*
 * Seconds until the next attempt after `failures` (at least 1) in a row: 5, doubled each time, an hour at
 * most; of that between a half and all, as the dice fell, so that what failed together does not come back
 * together.
 */
int64_t courier_pause(int64_t failures, uint32_t dice);

enum {
    REST_EACH =
        8, /* deliveries at once to an application that answers; one to an application that does not */
    REST_KNOWN = 256, /* applications remembered; more than deliveries at once */
};

/* What one courier has lately seen of the applications; others learn it by themselves. One thread uses it. */
struct rests;

/* NULL when out of memory. */
struct rests *rests_new(void);
void rests_free(struct rests *r);
enum rest_answer {
    REST_GO,   /* a delivery to it may begin */
    REST_FULL, /* it answers, but has as many under way as it may */
    REST_WAIT  /* it does not answer: not before *until */
};
/* Unix seconds. */
enum rest_answer rests_ask(struct rests *r, struct str client_id, int64_t now, int64_t *until);
/* The same; after REST_GO one more counts as under way until rests_settle. */
enum rest_answer rests_admit(struct rests *r, struct str client_id, int64_t now, int64_t *until);
/* It is over; `answered`: the application is alive, whatever it said. */
void rests_settle(struct rests *r, struct str client_id, bool answered, int64_t now, uint32_t dice);

#endif
