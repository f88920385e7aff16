/*
 * Values that work once: codes and refresh tokens. A record lies in the store until the value is spent; from
 * then on a marker remembers whose it was, so that a second use is known for what it is. Inside server/token
 * only.
 */
#ifndef ONEDOOR_TOKEN_ONCE_H
#define ONEDOOR_TOKEN_ONCE_H

#include "server/token/lineage.h"

struct once_kind {
    enum store_kind store;
    const char *shape; /* what every value of the kind begins with */
};

/* Makes a new value (the shape, what it comes of, 256 random bits), and its record for `seconds`, to be put.
 */
MUST_CHECK enum result once_make(struct arena *a, const struct once_kind *kind, const struct lineage *line,
                                 struct str record, int64_t seconds, struct store_puts *puts,
                                 struct str *value);
/*
 * The record of a value, and what it comes of: OK, or USED when it was spent; NOT_FOUND when it was never
 * given out or is over.
 */
MUST_CHECK enum result once_find(struct provider *p, struct arena *a, const struct once_kind *kind,
                                 struct str value, struct str *record, struct lineage *line);
/*
 * What spends it, as steps of the one in which what it gives is stored: the result of the first is OK for
 * exactly one caller, USED for every other for `seconds` from then on. A lost answer of the store is
 * UNAVAILABLE, and the value may then be spent. False when there are too many.
 */
MUST_CHECK bool once_spending(const struct once_kind *kind, struct str value, struct str record,
                              int64_t seconds, struct store_steps *steps);

#endif
