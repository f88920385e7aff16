/* What is judged before any handler: path, method, media type, sizes, repeated parameters. */
#ifndef ONEDOOR_HTTP_ADMISSION_H
#define ONEDOOR_HTTP_ADMISSION_H

#include "server/http/route.h"

/*
 * By the head alone: sets r->route. False when the answer is already known (a problem, or a CORS preflight);
 * it then stands in resp.
 */
bool admission_of_head(const struct route *routes, size_t n, struct request *r, struct response *resp);
/* The whole request: fills query, cookies and form. False as above. */
bool admission_of_whole(struct request *r, struct response *resp);
/* What Content-Length announces; 0 without one. */
uint64_t admission_length(const struct request *r);
/* Whether an answer to this request is a page: by its route, else by what it accepts. */
bool admission_is_page(const struct request *r);

#endif
