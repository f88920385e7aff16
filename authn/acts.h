/*
 * For whom a person acts at which application, as they chose it last in a session: a list of words that lies
 * in the session's record.
 */
#ifndef ONEDOOR_AUTHN_ACTS_H
#define ONEDOOR_AUTHN_ACTS_H

#include "server/base/arena.h"

struct act {
    struct str mandate; /* its id; empty: in one's own name */
    struct str subject; /* `sub` of the represented; empty likewise */
};

/* False when nothing was chosen there yet. */
bool acts_find(struct arena *a, struct str acts, struct str client_id, struct act *out);
/* The list with that choice in the place of an earlier one; STR_EMPTY without memory. */
struct str acts_with(struct arena *a, struct str acts, struct str client_id, const struct act *act);

#endif
