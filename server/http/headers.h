/* The headers that every response bears, whatever its handler did. */
#ifndef ONEDOOR_HTTP_HEADERS_H
#define ONEDOOR_HTTP_HEADERS_H

#include "server/http/exchange.h"

/* Adds the fixed headers and those of x->response; false when there is no memory. */
bool headers_add(struct MHD_Response *to, const struct exchange *x);

#endif
