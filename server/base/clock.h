/* Time, from one place that tests can replace. */
#ifndef ONEDOOR_BASE_CLOCK_H
#define ONEDOOR_BASE_CLOCK_H

#include <stdint.h>

/* Seconds since 1970-01-01 UTC: what goes into tokens and records. */
int64_t clock_now(void);
/* Milliseconds of a clock that only goes forward: for deadlines and durations. */
int64_t clock_monotonic_ms(void);
/* The same clock, some milliseconds behind, for a fraction of the price: for deadlines of seconds. */
int64_t clock_coarse_ms(void);
/* RFC 3339 in UTC with milliseconds, "2026-11-24T08:00:00.000Z", into at least 25 bytes. */
void clock_format(char out[25]);

/* For tests: replaces the source of clock_now; NULL restores the real one. */
void clock_replace(int64_t (*now)(void));

#endif
