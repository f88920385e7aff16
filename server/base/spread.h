/* Places of counters that all threads write: on cache lines of their own, so that the threads don't wait for
 * one another. */
#ifndef ONEDOOR_BASE_SPREAD_H
#define ONEDOOR_BASE_SPREAD_H

enum { SPREAD = 32, CACHE_LINE = 64 };

/* The place of this thread, below SPREAD. Threads take turns; two at one place only share a cache line. */
unsigned spread_place(void);

#endif
