/* Authorization codes: 60 seconds, one use, only their hash is stored. */
#ifndef ONEDOOR_TOKEN_CODE_H
#define ONEDOOR_TOKEN_CODE_H

#include "server/token/lineage.h"

struct code {
    struct str value;    /* as the application holds it */
    struct lineage line; /* of which only gid and sid are needed to issue it */
    struct str client_id, redirect_uri, code_challenge;
};

MUST_CHECK enum result code_issue(struct provider *p, struct arena *a, struct code *c,
                                  struct store_puts *puts);
/*
 * Reads without spending. NOT_FOUND when unknown or expired; USED, with *out, when it was spent, for a day
 * longer than it lived: the caller must then end the grant.
 */
MUST_CHECK enum result code_find(struct provider *p, struct arena *a, struct str value, struct code **out);
/*
 * What spends it, as steps of the atomic one that does; the result of the first is USED for all but the first
 * caller, who must then end the grant (attack 15). False without memory, or when there are too many.
 */
MUST_CHECK bool code_spending(struct arena *a, const struct code *c, struct store_steps *steps);

#endif
