/* Refresh tokens: rotated at every use; a spent one ends the whole grant (RFC 9700 section 4.14). */
#ifndef ONEDOOR_TOKEN_REFRESH_TOKEN_H
#define ONEDOOR_TOKEN_REFRESH_TOKEN_H

#include "server/token/lineage.h"

/* What every refresh token begins with, so that nothing else is ever looked up as one. */
#define REFRESH_TOKEN_SHAPE "odr_"

struct refresh_token {
    struct str value, client_id;
    struct lineage line;
    int64_t issued, expires;
};

int64_t refresh_token_seconds(const struct provider *p, const struct application *app);
/* REFUSED when the grant is too near its end for one more. */
MUST_CHECK enum result refresh_token_issue(struct provider *p, struct arena *a, const struct application *app,
                                           const struct grant *g, struct refresh_token *t,
                                           struct store_puts *puts);
/* Reads without spending. USED, with *out, when it was spent: the caller must then end the grant. */
MUST_CHECK enum result refresh_token_find(struct provider *p, struct arena *a, struct str value,
                                          struct refresh_token **out);
/*
 * What spends it, as steps of the atomic one that does; the result of the first is USED for all but the first
 * caller, who must then end the grant. False without memory, or when there are too many.
 */
MUST_CHECK bool refresh_token_spending(struct arena *a, const struct refresh_token *t,
                                       struct store_steps *steps);

#endif
