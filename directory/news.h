/* Changes of people on their way from the feed to the watcher, in order; so many at most. */
#ifndef ONEDOOR_DIRECTORY_NEWS_H
#define ONEDOOR_DIRECTORY_NEWS_H

#include "directory/live.h"

struct news;

/* NULL when out of memory. */
struct news *news_new(size_t most);
void news_free(struct news *n);

/* One change, or, with `cookie` true, that everything before it may be remembered as done. */
struct news_item {
    bool cookie;
    struct str text; /* the cookie */
    struct person_change change;
};
/*
 * Copied. Waits while there is no room, which is logged and counted once until half of it is free;
 * false when news_stop was called or memory is out.
 */
bool news_put(struct news *n, const struct news_item *item);
/* The oldest one, borrowed until news_done; waits for one. NULL after news_stop, and after news_wake. */
const struct news_item *news_next(struct news *n);
void news_done(struct news *n);
/* Whether there was no room, until half of it is free: the feed lags behind. */
bool news_is_full(struct news *n);
/* Whether all that was put has been done with. */
bool news_is_empty(struct news *n);
/* Makes a waiting news_next return NULL once. */
void news_wake(struct news *n);
/* Waits `ms`; true when news_stop was called meanwhile. */
bool news_pause(struct news *n, int64_t ms);
bool news_is_stopped(struct news *n);
/* Nobody waits any longer. */
void news_stop(struct news *n);
/* As new: what was left is dropped. Nobody may use it meanwhile. */
void news_start(struct news *n);

#endif
