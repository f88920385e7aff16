/*
 * Values that work once: codes and refresh tokens. A record lies in the store until the value is spent; from
 * then on a marker remembers whose it was, so that a second use is known for what it is. Inside server/token
 * only.
 */
#ifndef ONEDOOR_TOKEN_ONCE_H
#define ONEDOOR_TOKEN_ONCE_H

#include "server/token/provider.h"

struct once_kind {
    enum store_kind store;
    const char *shape; /* what every value of the kind begins with */
};

/* Makes a new value (256 random bits behind the shape), and its record for `seconds`, to be put. */
MUST_CHECK enum result once_make(struct arena *a, const struct once_kind *kind, const json_t *record,
                                 int64_t seconds, struct store_puts *puts, struct str *value);
/* The record of a value: OK, or USED when it was spent; NOT_FOUND when it was never given out or is over. */
MUST_CHECK enum result once_find(struct provider *p, struct arena *a, const struct once_kind *kind,
                                 struct str value, json_t **record);
/*
 * The one atomic step: OK for exactly one caller, USED for every other for `seconds` from then on. A lost
 * answer of the store is UNAVAILABLE, and the value may then be spent.
 */
MUST_CHECK enum result once_spend(struct provider *p, struct arena *a, const struct once_kind *kind,
                                  struct str value, const json_t *record, int64_t seconds);

#endif
