/* Whether the person behind a token is one who may still hold it. */
#ifndef ONEDOOR_TOKEN_HOLDER_H
#define ONEDOOR_TOKEN_HOLDER_H

#include "server/http/request.h"
#include "server/token/grant.h"

/*
 * OK when the grant's person, as known now, is there for certain and the grant's application is meant for
 * them, or for whom they act, who is there as well. NOT_FOUND for certain. When it is possible that somebody
 * left unheard (live_unsure_before), the directory is asked, for which the request may have to move
 * (request_may_wait): UNAVAILABLE then, and when nothing is known for certain.
 */
MUST_CHECK enum result holder_check(struct provider *p, struct request *req, struct grant *g);

#endif
