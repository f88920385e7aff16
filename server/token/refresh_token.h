/* Refresh tokens: rotated at every use; a spent one ends the whole grant (RFC 9700 section 4.14). */
#ifndef ONEDOOR_TOKEN_REFRESH_TOKEN_H
#define ONEDOOR_TOKEN_REFRESH_TOKEN_H

#include "server/token/grant.h"

/* What every refresh token begins with, so that nothing else is ever looked up as one. */
#define REFRESH_TOKEN_SHAPE "odr_"

struct refresh_token {
    struct str value, gid, client_id;
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
/* The one atomic step; USED for all but the first: the caller must then end the grant. */
MUST_CHECK enum result refresh_token_spend(struct provider *p, struct arena *a,
                                           const struct refresh_token *t);

#endif
