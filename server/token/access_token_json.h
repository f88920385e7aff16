/* An access token as the packed record that lies in the store, and as a JWT's claims. Inside server/token
 * only. */
#ifndef ONEDOOR_TOKEN_ACCESS_TOKEN_JSON_H
#define ONEDOOR_TOKEN_ACCESS_TOKEN_JSON_H

#include "server/token/access_token.h"

/* What every opaque access token begins with; no JWT does. */
#define OPAQUE_SHAPE "oda_"

/* STR_EMPTY when memory is out. */
struct str access_token_text(struct arena *a, const struct access_token *t);
/*
 * NULL when it is none. `value` is not in the record; of a token with a gid, neither is what its grant says:
 * access_token_of_grant puts that in.
 */
struct access_token *access_token_parse(struct arena *a, struct str value, struct str record);
/* False when it is the token of another grant or session. */
MUST_CHECK bool access_token_of_grant(struct access_token *t, struct grant *g);
/* The claims of RFC 9068 section 2.2 and, of a person's token (NULL otherwise), `more`. STR_EMPTY without
 * memory. */
struct str access_token_claims(const struct provider *p, struct arena *a, const struct access_token *t,
                               const json_t *more);

#endif
