/* The pages of administration, as the route table names them. `app` is a struct provider. */
#ifndef ONEDOOR_ADMIN_ADMIN_H
#define ONEDOOR_ADMIN_ADMIN_H

#include "server/http/request.h"
#include "server/http/response.h"

/*
 * GET, POST /admin and /admin/...; dir. Whoever holds no administrative role is told that there is nothing,
 * whatever the address.
 */
void admin_pages(void *app, struct request *req, struct response *resp);

#endif
