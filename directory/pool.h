/* A bounded number of connections: some in use, the rest kept for the next. */
#ifndef ONEDOOR_DIRECTORY_POOL_H
#define ONEDOOR_DIRECTORY_POOL_H

#include "directory/connection.h"

struct pool;

/* NULL when out of memory. */
struct pool *pool_new(size_t max);
/*
 * A place in the pool by the deadline (clock_monotonic_ms). *kept is a connection that still looks alive, or
 * NULL: then the caller may open one. False when all places stayed taken. Every place taken is given back by
 * pool_give.
 */
bool pool_take(struct pool *p, int64_t deadline, struct connection **kept);
/* Gives the place back, with the connection to keep, or NULL when there is none. */
void pool_give(struct pool *p, struct connection *c);
/* Closes what is kept; nothing may be in use. NULL is taken. */
void pool_free(struct pool *p);

#endif
