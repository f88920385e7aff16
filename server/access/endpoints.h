/* The decision point's endpoints, as the route table names them. `app` is a struct provider. */
#ifndef ONEDOOR_ACCESS_ENDPOINTS_H
#define ONEDOOR_ACCESS_ENDPOINTS_H

#include "server/http/request.h"
#include "server/http/response.h"

/* now, and where it may wait if it must */
void access_evaluation(void *app, struct request *req, struct response *resp);  /* POST …/evaluation */
void access_evaluations(void *app, struct request *req, struct response *resp); /* POST …/evaluations */
void access_search_subject(void *app, struct request *req,
                           struct response *resp); /* POST …/search/subject; dir */
void access_search_resource(void *app, struct request *req,
                            struct response *resp); /* POST …/search/resource; quick, dir */
void access_search_action(void *app, struct request *req,
                          struct response *resp); /* POST …/search/action; now … */
void access_metadata(void *app, struct request *req,
                     struct response *resp); /* GET /.well-known/authzen-configuration; now */

#endif
