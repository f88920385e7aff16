/*
 * POST /revoke (RFC 7009). An application gives back its own tokens: an access token alone, or with a refresh
 * token everything of its grant. For whatever else it names the answer is the same 200 (section 2.2), but
 * nothing happens. 200 is said only when the store did it.
 */
#include "server/oauth/client.h"
#include "server/oauth/endpoints.h"
#include "server/oauth/trail.h"
#include "server/token/access_token.h"
#include "server/token/refresh_token.h"

struct revocation {
    struct provider *p;
    struct request *req;
    const struct application *caller;
    struct str token;
};

static void note(const struct revocation *v, struct str subject, struct str sid, struct str what)
{
    trail_note(v->p, v->req, AUDIT_TOKEN_REVOKED,
               (struct audit_entry){
                   .subject = subject, .client_id = v->caller->client_id, .sid = sid, .detail = what});
}

static enum result revoke_access_token(const struct revocation *v)
{
    struct access_token *t;
    enum result r = access_token_find(v->p, v->req->arena, v->token, &t);
    if (r != RESULT_OK || !str_eq(t->client_id, v->caller->client_id))
        return r;
    r = access_token_revoke(v->p, v->req->arena, v->token);
    if (r == RESULT_OK)
        note(v, t->subject, t->sid, STR("access_token"));
    return r;
}

/* A spent one ends its grant too: whoever gives it back wants no more of all that. */
static enum result revoke_refresh_token(const struct revocation *v)
{
    struct refresh_token *t;
    enum result r = refresh_token_find(v->p, v->req->arena, v->token, &t);
    if (r != RESULT_OK && r != RESULT_USED)
        return r;
    if (!str_eq(t->client_id, v->caller->client_id))
        return RESULT_NOT_FOUND;
    r = grant_end(v->p, v->req->arena, t->line.gid);
    if (r == RESULT_OK)
        note(v, STR_EMPTY, STR_EMPTY, STR("refresh_token"));
    return r;
}

void oauth_revoke(void *app, struct request *req, struct response *resp)
{
    struct revocation v = {.p = app, .req = req, .token = pairs_get(&req->form, "token")};
    v.caller = client_of(v.p, req, resp, true);
    if (!v.caller)
        return;
    if (v.token.len == 0) {
        oauth_error_answer(resp, OAUTH_INVALID_REQUEST, "The token is missing.");
        return;
    }
    bool refresh = str_starts(v.token, STR(REFRESH_TOKEN_SHAPE));
    enum result r = refresh ? revoke_refresh_token(&v) : revoke_access_token(&v);
    if (r == RESULT_OK || r == RESULT_NOT_FOUND)
        response_text(resp, 200, STR_EMPTY, STR_EMPTY);
    else
        response_failure(resp, r);
}
