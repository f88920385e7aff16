#include "server/oauth/repeat.h"

#include "server/oauth/location.h"

/* What every browser and proxy takes as an address. */
enum { ADDRESS_MAX = 4096 };

bool repeat_as_get(const struct request *req, struct response *resp)
{
    struct pairs all = {0};
    if (req->method != HTTP_POST || request_is_same_origin(req))
        return false;
    for (size_t i = 0; i < req->query.n; i++)
        if (!pairs_add(&all, req->arena, req->query.v[i].name, req->query.v[i].value))
            return false;
    for (size_t i = 0; i < req->form.n; i++)
        if (!pairs_add(&all, req->arena, req->form.v[i].name, req->form.v[i].value))
            return false;
    struct str location = location_with(req->arena, req->path, &all);
    if (location.len == 0 || location.len > ADDRESS_MAX)
        response_problem(resp, PROBLEM_TOO_LARGE);
    else
        response_redirect(resp, location);
    return true;
}
