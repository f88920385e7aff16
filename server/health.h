/* Health and metrics, on the management listener. `app` is a struct provider. */
#ifndef ONEDOOR_SERVER_HEALTH_H
#define ONEDOOR_SERVER_HEALTH_H

#include "server/http/request.h"
#include "server/http/response.h"

/*
 * 200 {"status":"pass"} when Redis and the directory answer and changes of the directory are followed; "warn" when
 * they are not, or when a loss is not believed; 503 {"status":"fail"} naming the one that is away.
 */
void health_report(void *app, struct request *req, struct response *resp);
/* Prometheus text. */
void metrics_report(void *app, struct request *req, struct response *resp);

#endif
