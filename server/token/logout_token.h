/* Logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.4): what an application is told by. */
#ifndef ONEDOOR_TOKEN_LOGOUT_TOKEN_H
#define ONEDOOR_TOKEN_LOGOUT_TOKEN_H

#include "authn/logout_job.h"
#include "server/token/grant.h"

/*
 * Signed as the application's ID tokens are. It is made anew for every attempt, so that it need not live
 * longer than one. An application where people act for others is told the sid alone: its ID tokens named now
 * this person, now whom they act for.
 */
MUST_CHECK enum result logout_token_issue(struct provider *p, struct arena *a, const struct application *app,
                                          const struct logout_job *job, struct str *out);

#endif
