#include "server/http/cors.h"

#include "server/http/request.h"

static const struct {
    unsigned method;
    struct str text;
} names[] = {
    {HTTP_GET, {"GET", 3}},
    {HTTP_HEAD, {"HEAD", 4}},
    {HTTP_POST, {"POST", 4}},
    {HTTP_OPTIONS, {"OPTIONS", 7}},
};

struct str cors_methods(struct arena *a, unsigned methods)
{
    struct str parts[2 * sizeof names / sizeof names[0]];
    size_t n = 0;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if ((methods & names[i].method) == 0)
            continue;
        if (n > 0)
            parts[n++] = STR(", ");
        parts[n++] = names[i].text;
    }
    return arena_join(a, parts, n);
}

void cors_preflight(struct response *resp, unsigned methods)
{
    response_text(resp, 204, STR_EMPTY, STR_EMPTY);
    response_header(resp, "Access-Control-Allow-Methods", cors_methods(resp->arena, methods));
    response_header(resp, "Access-Control-Allow-Headers", STR("authorization, content-type"));
    response_header(resp, "Access-Control-Max-Age", STR("600"));
}
