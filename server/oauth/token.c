/* POST /token (RFC 6749 section 3.2): who, which grant, whether it may; then the grant's own row. */
#include "server/oauth/client.h"
#include "server/oauth/endpoints.h"
#include "server/oauth/grants/grants.h"

static enum oauth_error choose_grant(struct token_request *tr)
{
    struct str grant_type = pairs_get(&tr->req->form, "grant_type");
    tr->row = grant_row_find(grant_type);
    if (grant_type.len == 0) {
        tr->detail = "The grant_type is missing.";
        return OAUTH_INVALID_REQUEST;
    }
    if (!tr->row)
        return OAUTH_UNSUPPORTED_GRANT_TYPE;
    return tr->app->grants & tr->row->bit ? OAUTH_FINE : OAUTH_UNAUTHORIZED_CLIENT;
}

static enum oauth_error check_needed(struct token_request *tr)
{
    struct str words = str_of(tr->row->needed), word;
    while (str_word(&words, &word)) {
        const char *name = arena_cstr(tr->arena, word);
        if (name && token_asked(tr, name).len > 0)
            continue;
        tr->detail = "A parameter that this grant needs is missing.";
        return OAUTH_INVALID_REQUEST;
    }
    return OAUTH_FINE;
}

/* RFC 6749 section 5.1 asks for both headers; Cache-Control comes with the route. */
static void send(struct response *resp, const json_t *answer)
{
    response_json(resp, 200, answer);
    response_header(resp, "Pragma", STR("no-cache"));
}

void oauth_token(void *app, struct request *req, struct response *resp)
{
    struct token_request tr = {.p = app, .req = req, .arena = req->arena};
    tr.app = client_of(tr.p, req, resp, true);
    if (!tr.app)
        return;
    enum oauth_error e = choose_grant(&tr);
    if (e == OAUTH_FINE)
        e = check_needed(&tr);
    if (e == OAUTH_FINE && request_may_wait(req, tr.row->where) != RESULT_OK)
        return;
    if (e == OAUTH_FINE)
        e = tr.row->run(&tr);
    if (e != OAUTH_FINE)
        oauth_error_answer(resp, e, tr.detail);
    else
        send(resp, tr.answer);
}
