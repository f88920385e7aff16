#include "server/oauth/error.h"

static const struct oauth_error_row rows[OAUTH_ERROR_COUNT] = {
#define X(name, code, status, text) [OAUTH_##name] = {code, status, text},
    OAUTH_ERRORS(X)
#undef X
};

const struct oauth_error_row *oauth_error_row(enum oauth_error e)
{
    bool known = e > OAUTH_FINE && (unsigned)e < OAUTH_ERROR_COUNT;
    return &rows[known ? e : OAUTH_SERVER_ERROR];
}

enum oauth_error oauth_error_of(enum result r)
{
    if (r == RESULT_OK)
        return OAUTH_FINE;
    return r == RESULT_UNAVAILABLE ? OAUTH_TEMPORARILY_UNAVAILABLE : OAUTH_SERVER_ERROR;
}

/* What is our own failure has its words in the catalogue of problems, with Retry-After. */
static bool answer_failure(struct response *resp, enum oauth_error e)
{
    if (e == OAUTH_TEMPORARILY_UNAVAILABLE)
        response_failure(resp, RESULT_UNAVAILABLE);
    else if (oauth_error_row(e) == &rows[OAUTH_SERVER_ERROR])
        response_failure(resp, RESULT_INTERNAL);
    else
        return false;
    return true;
}

void oauth_error_answer(struct response *resp, enum oauth_error e, const char *detail)
{
    const struct oauth_error_row *row = oauth_error_row(e);
    if (answer_failure(resp, e))
        return;
    json_t *body = json_new(resp->arena);
    if (!body) {
        response_failure(resp, RESULT_INTERNAL);
        return;
    }
    json_put_str(body, "error", str_of(row->code));
    json_put_str(body, "error_description", str_of(detail ? detail : row->text));
    response_json(resp, row->status, body);
    if (e == OAUTH_INVALID_CLIENT)
        response_header(resp, "WWW-Authenticate", STR("Basic realm=\"onedoor\""));
}

void oauth_error_page(const struct request *req, struct response *resp, enum oauth_error e,
                      const char *detail)
{
    const struct oauth_error_row *row = oauth_error_row(e);
    if (answer_failure(resp, e))
        return;
    json_t *data = json_new(resp->arena);
    if (!data) {
        response_failure(resp, RESULT_INTERNAL);
        return;
    }
    json_put_int(data, "status", row->status);
    json_put_str(data, "problem", str_of(row->code));
    json_put_str(data, "reference", req->reference);
    json_put_str(data, "detail", str_of(detail ? detail : row->text));
    response_view(resp, row->status, "error", data);
}
