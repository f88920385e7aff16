/* Who calls the endpoints for programs. */
#ifndef ONEDOOR_OAUTH_CLIENT_H
#define ONEDOOR_OAUTH_CLIENT_H

#include "clients/client_auth.h"
#include "server/oauth/error.h"
#include "server/token/provider.h"

/*
 * The application that the request proves to be; NULL when it could not: the response is then the refusal
 * (RFC 6749 section 5.2), with its audit line. Parameters in the address are refused before anything is
 * looked at, for addresses are logged on their way.
 */
const struct application *client_of(struct provider *p, struct request *req, struct response *resp,
                                    bool public_allowed);

#endif
