/* Requests that another site's page posted: asked again as GET, so that the browser sends our cookies along.
 */
#ifndef ONEDOOR_OAUTH_REPEAT_H
#define ONEDOOR_OAUTH_REPEAT_H

#include "server/http/request.h"
#include "server/http/response.h"

/*
 * OpenID Connect lets applications post to /authorize and /logout, but SameSite=Lax cookies stay at home
 * then: the person would seem signed out. True when the response now is a 303 to the same address with the
 * same parameters.
 */
bool repeat_as_get(const struct request *req, struct response *resp);

#endif
