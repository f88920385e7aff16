/*
 * Identity numbers, kept in the account's entry: sealed, with a keyed hash to find them by. An account works
 * without any. The number stands in no log, audit line, page or error.
 */
#ifndef ONEDOOR_AUTHN_IDENTITY_H
#define ONEDOOR_AUTHN_IDENTITY_H

#include "authn/authn.h"
#include "authn/identity_number.h"

/*
 * Keeps the number of the person or company of that uuid, in the place of an earlier one. REFUSED with *why
 * when it is none; USED when another account has it, or a change came between.
 */
MUST_CHECK enum result identity_set(struct authn *au, struct arena *a, struct str uuid,
                                    enum identity_kind kind, struct str number, const char **why);
/* The uuid of the account that has the number. NOT_FOUND, or REFUSED with *why when it is none. */
MUST_CHECK enum result identity_find(struct authn *au, struct arena *a, enum identity_kind kind,
                                     struct str number, struct str *uuid, const char **why);
/* The number, in the arena that wipes it: for whom the law gives a copy. NOT_FOUND when none is kept. */
MUST_CHECK enum result identity_open(struct authn *au, struct arena *a, struct str uuid, struct str *number);
/* OK also when none was kept. */
MUST_CHECK enum result identity_forget(struct authn *au, struct arena *a, struct str uuid);

#endif
