#include "server/access/inquiry.h"

#include "server/access/caller.h"
#include "server/base/clock.h"
#include "server/base/json.h"

/* A longer body is parsed where others do not wait for it. */
enum { AT_ONCE_BYTES = 32 * 1024 };

void inquiry_refuse(struct inquiry *in, struct str fault)
{
    json_t *body = json_new(in->arena);
    if (!body) {
        response_failure(in->resp, RESULT_INTERNAL);
        return;
    }
    json_put_str(body, "error", STR("invalid_request"));
    json_put_str(body, "error_description", fault);
    response_json(in->resp, 400, body);
}

void inquiry_answer(struct inquiry *in, struct buf *body)
{
    struct str text = arena_copy(in->arena, buf_str(body));
    if (text.len > 0)
        response_text(in->resp, 200, STR("application/json"), text);
    else
        response_failure(in->resp, RESULT_INTERNAL);
    buf_free(body);
}

bool inquiry_begin(struct inquiry *in, void *app, struct request *req, struct response *resp)
{
    *in = (struct inquiry){.p = app, .req = req, .resp = resp, .arena = req->arena, .now = clock_now()};
    if (req->query_raw.len > 0) {
        inquiry_refuse(in, STR("Parameters belong in the body, not in the address."));
        return false;
    }
    if (!caller_find(in))
        return false;
    if (req->body.len > AT_ONCE_BYTES && request_may_wait(req, RUN_QUICK_APART) != RESULT_OK)
        return false;
    in->body = json_read(in->arena, req->body);
    if (!in->body) {
        inquiry_refuse(in, STR("The body must be one JSON object, without repeated names and nested at most "
                               "16 deep."));
        return false;
    }
    in->model = live_model(in->p->live, in->arena);
    if (!in->model)
        response_failure(resp, RESULT_UNAVAILABLE);
    return in->model != NULL;
}
