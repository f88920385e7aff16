/* A bounded number of connections: some in use, the rest kept for the next. */
#ifndef ONEDOOR_DIRECTORY_POOL_H
#define ONEDOOR_DIRECTORY_POOL_H

#include "directory/connection.h"

struct dir_pool;

/* NULL when out of memory. */
struct dir_pool *dir_pool_new(size_t max);
/*
 * A place in the pool by the deadline (clock_monotonic_ms). *kept is a connection that still looks alive, or
 * NULL: then the caller may open one. False when all places stayed taken. Every place taken is given back by
 * dir_pool_give.
 */
bool dir_pool_take(struct dir_pool *p, int64_t deadline, struct dir_connection **kept);
/*
 * The same without waiting: a connection that was kept and still looks alive. False when there is none, or
 * somebody else waits for a place.
 */
bool dir_pool_try_take(struct dir_pool *p, struct dir_connection **kept);
/* Gives the place back, with the connection to keep, or NULL when there is none. */
void dir_pool_give(struct dir_pool *p, struct dir_connection *c);
/* Closes what is kept; nothing may be in use. NULL is taken. */
void dir_pool_free(struct dir_pool *p);

#endif
