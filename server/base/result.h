/* The one result type of everything below the endpoints. */
#ifndef ONEDOOR_BASE_RESULT_H
#define ONEDOOR_BASE_RESULT_H

#define MUST_CHECK __attribute__((warn_unused_result))

/*
 * "Wrong" and "we don't know" are different answers: REFUSED is the caller's fault, UNAVAILABLE and
 * INTERNAL are ours. Callers switch exhaustively (-Wswitch-enum) so that an outage is never reported
 * as a wrong password or an inactive token.
 */
enum result {
    RESULT_OK = 0,
    RESULT_NOT_FOUND,   /* what was asked for does not exist, for certain */
    RESULT_REFUSED,     /* what the caller gave is wrong, for certain */
    RESULT_USED,        /* single-use and spent, or a compare-and-swap that another won */
    RESULT_UNAVAILABLE, /* the store or the directory is away: nothing is known, try again later */
    RESULT_INTERNAL     /* a failure of ours: memory, randomness, a record that does not open */
};

/* A constant name for logs, such as "unavailable". */
const char *result_name(enum result r);

#endif
