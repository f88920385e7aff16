/* What the files of this folder share. */
#ifndef ONEDOOR_STORE_INTERNAL_H
#define ONEDOOR_STORE_INTERNAL_H

#include "server/store/lane.h"
#include "server/store/stamps.h"

#include <stdatomic.h>

/* A beat outlives its server by so long; a server cut off for longer takes it for lost. */
enum { STORE_BEAT_TTL_S = 7 * 24 * 3600 };

struct store {
    struct store_config config;
    const struct seal *seal;
    struct directory *directory;
    struct trouble trouble;
    struct guard *guard;
    struct lane *reads, *writes; /* shared by all threads that run no loop */
    atomic_uint flushes;         /* strands from before the last one are not used any more */
    struct stamps *stamps;
    struct watch *watch; /* NULL: nobody listens */
    atomic_bool written; /* records, since the registry last heard of the pulse */

    /* Of the thread that beats alone. */
    struct connection *line; /* its own, so that a crowd can't keep it waiting */
    struct epoch epoch;      /* the one entered last; the name empty: none yet */
    struct key_name pulse;   /* the key that all servers count up */
    int64_t pulse_seen;
    int64_t stamp_at, follow_at; /* monotonic ms: when the registry is told, and asked, next */
    bool advanced;               /* an epoch, which is not entered yet */
    bool told_settings;
};

/* The time limit of an operation that begins now. */
int64_t store_deadline(const struct store *s);

/* beat.c's line to Redis: connected when this is true. Errors close it. */
MUST_CHECK bool store_line(struct store *s, int64_t deadline);
void store_hang_up(struct store *s);
/* Runs a batch on the line; false, with the trouble told and the line closed, on any failure or error reply.
 */
MUST_CHECK bool store_line_run(struct store *s, const struct batch *b, redisReply **replies,
                               int64_t deadline);

/*
 * Finds out which epoch holds and makes it ours, or begins a new one when Redis has lost writes. Waits for
 * the registry. After OK the guard is live.
 */
MUST_CHECK enum result store_reconcile(struct store *s);
/* The last beat of a clean stop. */
void store_stop_beating(struct store *s);

#endif
