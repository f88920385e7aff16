/* The protocol endpoints, as the route table names them. `app` is a struct provider. */
#ifndef ONEDOOR_OAUTH_ENDPOINTS_H
#define ONEDOOR_OAUTH_ENDPOINTS_H

#include "server/http/request.h"
#include "server/http/response.h"
#include "server/token/provider.h"

void oauth_authorize(void *app, struct request *req, struct response *resp); /* GET, POST /authorize; dir */
void oauth_authorize_resume(void *app, struct request *req,
                            struct response *resp); /* GET /authorize/resume; dir */
/* See provider.h: what the browser would come back for is answered at once. */
void oauth_signed_in(struct provider *p, struct request *req, struct response *resp, struct transaction *t,
                     struct session *s);
void oauth_token(void *app, struct request *req, struct response *resp);      /* POST /token; dir */
void oauth_introspect(void *app, struct request *req, struct response *resp); /* POST /introspect; quick */
void oauth_revoke(void *app, struct request *req, struct response *resp);     /* POST /revoke; quick */
void oauth_userinfo(void *app, struct request *req, struct response *resp);   /* GET, POST /userinfo; dir */
void oauth_jwks(void *app, struct request *req, struct response *resp);       /* GET /jwks; now */
void oauth_discovery(void *app, struct request *req, struct response *resp);  /* GET both well-knowns; now */
void oauth_logout(void *app, struct request *req, struct response *resp);     /* GET, POST /logout; quick */
void oauth_forward(void *app, struct request *req, struct response *resp); /* GET /forward-auth/...; quick */

#endif
