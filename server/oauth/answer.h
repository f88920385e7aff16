/* The token response, RFC 6749 section 5.1. */
#ifndef ONEDOOR_OAUTH_ANSWER_H
#define ONEDOOR_OAUTH_ANSWER_H

#include "server/oauth/grants/grants.h"
#include "server/token/access_token.h"

/* Begins tr->answer: token_type, expires_in, scope, access_token. */
MUST_CHECK enum result answer_begin(struct token_request *tr, const struct access_token *t);
/* Adds one more token; INTERNAL when it did not get in. */
MUST_CHECK enum result answer_add(struct token_request *tr, const char *name, struct str value);

#endif
