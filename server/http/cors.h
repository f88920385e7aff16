/* Cross-origin requests by scripts (Fetch standard), for routes that any origin may call without cookies. */
#ifndef ONEDOOR_HTTP_CORS_H
#define ONEDOOR_HTTP_CORS_H

#include "server/http/response.h"

/* The methods, of enum http_method, as a list for Allow: "GET, HEAD". */
struct str cors_methods(struct arena *a, unsigned methods);
/* The answer to a preflight. */
void cors_preflight(struct response *resp, unsigned methods);

#endif
