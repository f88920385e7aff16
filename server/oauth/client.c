#include "server/oauth/client.h"

#include "server/oauth/trail.h"

enum { CLAIMED_MAX = 128 };

/* The name that the caller gave itself, for the audit log alone. */
static struct str claimed_id(const struct request *req)
{
    struct str credentials, user, password, claimed = pairs_get(&req->form, "client_id");
    if (request_authorization(req, "Basic", &credentials) &&
        basic_credentials(req->arena, credentials, &user, &password))
        claimed = user;
    return str_sub(claimed, 0, CLAIMED_MAX);
}

static const struct application *refuse(struct provider *p, struct request *req, struct response *resp,
                                        enum client_failure failure)
{
    bool invalid = failure == CLIENT_FAILURE_INVALID_CLIENT;
    /* The audit log may have to be waited for. */
    if (request_may_wait(req, RUN_QUICK) != RESULT_OK)
        return NULL;
    trail_note(p, req, AUDIT_CLIENT_REFUSED,
               (struct audit_entry){.client_id = claimed_id(req), .detail = req->path});
    oauth_error_answer(resp, invalid ? OAUTH_INVALID_CLIENT : OAUTH_INVALID_REQUEST,
                       invalid ? NULL
                               : "The application's credentials are missing, malformed or given twice.");
    return NULL;
}

const struct application *client_of(struct provider *p, struct request *req, struct response *resp,
                                    bool public_allowed)
{
    const struct application *app = NULL;
    enum client_failure failure = CLIENT_FAILURE_NONE;
    if (req->query_raw.len > 0) {
        oauth_error_answer(resp, OAUTH_INVALID_REQUEST, "Parameters belong in the body.");
        return NULL;
    }
    enum result r = client_authenticate(p->applications, req, public_allowed, &app, &failure);
    if (r == RESULT_OK)
        return app;
    if (r == RESULT_REFUSED)
        return refuse(p, req, resp, failure);
    response_failure(resp, r);
    return NULL;
}
