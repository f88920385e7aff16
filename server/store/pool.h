/* The connections of the workers: kept, bounded, and left alone for a moment while Redis is away. */
#ifndef ONEDOOR_STORE_POOL_H
#define ONEDOOR_STORE_POOL_H

#include "server/store/guard.h"

struct pool;

/* All are borrowed. NULL when out of memory. */
struct pool *pool_new(const struct store_config *config, struct guard *guard, struct trouble *trouble);
/* No connection may be in use any more. */
void pool_free(struct pool *p);

/*
 * An idle connection or a new one that the guard admitted; waits for one until the deadline. UNAVAILABLE at
 * once while Redis is known to be away, but for the one caller that tries again.
 */
MUST_CHECK enum result pool_take(struct pool *p, int64_t deadline, struct connection **out);
/* Gives it back; one that is broken is closed, and after a time-out the idle ones with it. */
void pool_put(struct pool *p, struct connection *c);
/* Closes one that works, but whose answers are those of a Redis that starts or only reads. */
void pool_discard(struct pool *p, struct connection *c);
/* Closes the idle ones: those of another epoch. */
void pool_flush(struct pool *p);
/* Redis has answered elsewhere: the next caller need not wait. */
void pool_retry(struct pool *p);

#endif
