/* POST /token (RFC 6749 section 3.2): who, which grant, whether it may; then the grant's own row. */
#include "server/oauth/client.h"
#include "server/oauth/endpoints.h"
#include "server/oauth/grants/grants.h"

enum { ANSWER_MAX = 64 << 10, USUAL = 1000 };

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
static void send(struct response *resp, struct buf *answer)
{
    buf_add_char(answer, '}');
    struct str text = arena_copy(resp->arena, buf_str(answer));
    if (text.len == 0) {
        response_failure(resp, RESULT_INTERNAL);
        return;
    }
    response_text(resp, 200, STR("application/json"), text);
    response_header(resp, "Pragma", STR("no-cache"));
}

static void run_grant(struct token_request *tr, struct response *resp)
{
    buf_init_of(&tr->answer, ANSWER_MAX, USUAL);
    enum oauth_error e = tr->row->run(tr);
    if (e != OAUTH_FINE)
        oauth_error_answer(resp, e, tr->detail);
    else
        send(resp, &tr->answer);
    buf_free(&tr->answer);
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
    if (e != OAUTH_FINE)
        oauth_error_answer(resp, e, tr.detail);
    else if (request_may_wait(req, tr.row->where) == RESULT_OK)
        run_grant(&tr, resp);
}
