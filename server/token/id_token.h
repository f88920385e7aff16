/* ID tokens (OpenID Connect Core section 2). */
#ifndef ONEDOOR_TOKEN_ID_TOKEN_H
#define ONEDOOR_TOKEN_ID_TOKEN_H

#include "server/token/grant.h"

MUST_CHECK enum result id_token_issue(struct provider *p, struct arena *a, const struct application *app,
                                      const struct grant *g, const struct person *person,
                                      struct str access_token, struct str *out);

struct id_token_hint {
    struct str subject, client_id, sid;
};
/*
 * Verifies an ID token given as id_token_hint: signature, typ, issuer; an expired one is taken (RP-Initiated
 * Logout section 2). REFUSED for any other.
 */
MUST_CHECK enum result id_token_read_hint(struct provider *p, struct arena *a, struct str value,
                                          struct id_token_hint *out);

#endif
