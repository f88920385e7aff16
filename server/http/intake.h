/* What MHD hands over piece by piece, put together in the request. */
#ifndef ONEDOOR_HTTP_INTAKE_H
#define ONEDOOR_HTTP_INTAKE_H

#include "server/http/exchange.h"

enum intake {
    INTAKE_GOES_ON,
    INTAKE_DECIDED, /* the answer is known and stands in x->response */
    INTAKE_BROKEN   /* the same, and where the request ends is anybody's guess: the connection must end */
};

/* Method, path, query, headers, source. */
enum intake intake_head(struct exchange *x, const char *method, const char *version);
/* Whether the body of a request whose answer is known is small enough to be read and thrown away. */
bool intake_may_swallow(const struct exchange *x);
/* A piece of the body, which is wiped where MHD keeps it. False when the connection must be closed. */
bool intake_body(struct exchange *x, const char *data, size_t size);

#endif
