/*
 * GET and POST /userinfo (OpenID Connect Core section 5.3, RFC 6750): what the scopes of the token release of
 * its person, as the directory says now. The token must be meant for the application itself, not for another
 * resource.
 */
#include "server/oauth/endpoints.h"
#include "server/oauth/error.h"
#include "server/token/access_token.h"
#include "server/token/acting.h"
#include "server/token/claims.h"
#include "server/token/rights.h"

/* RFC 6750 section 3: what was wrong stands in the header too, except where nothing was sent. */
static void refuse(struct response *resp, enum oauth_error e)
{
    const struct oauth_error_row *row = oauth_error_row(e);
    const char *scope = e == OAUTH_INSUFFICIENT_SCOPE ? ", scope=\"openid\"" : "";
    oauth_error_answer(resp, e, NULL);
    if (e == OAUTH_TEMPORARILY_UNAVAILABLE || e == OAUTH_SERVER_ERROR)
        return;
    response_header(resp, "WWW-Authenticate",
                    arena_printf(resp->arena,
                                 "Bearer realm=\"onedoor\", error=\"%s\", error_description=\"%s\"%s",
                                 row->code, row->text, scope));
}

static void ask_for_token(struct response *resp)
{
    response_text(resp, 401, STR_EMPTY, STR_EMPTY);
    response_header(resp, "WWW-Authenticate", STR("Bearer realm=\"onedoor\""));
}

/* RFC 6750 section 2: in the header or in the body, never in both and never in the address. */
static enum oauth_error read_token(const struct request *req, struct str *token)
{
    struct str posted = pairs_get(&req->form, "access_token");
    bool in_header = pairs_count_nocase(&req->headers, "authorization") > 0;
    if (pairs_count(&req->query, "access_token") > 0 || (in_header && posted.len > 0))
        return OAUTH_INVALID_REQUEST;
    *token = posted;
    if (in_header && !request_authorization(req, "Bearer", token))
        return OAUTH_INVALID_REQUEST;
    return OAUTH_FINE;
}

static enum oauth_error invalid_or_failure(enum result r)
{
    return r == RESULT_NOT_FOUND ? OAUTH_INVALID_TOKEN : oauth_error_of(r);
}

/* Whoever the token is about: the person, or for whom they act. */
static enum oauth_error check_admitted(struct provider *p, struct arena *a, struct grant *g,
                                       const struct person *person)
{
    const struct application *app = applications_find(p->applications, a, g->client_id);
    enum result r = acting_renew(p, a, g, person);
    if (r == RESULT_OK)
        r = app ? rights_admit(p, a, app, acting_subject(g, person)) : RESULT_NOT_FOUND;
    return invalid_or_failure(r == RESULT_REFUSED ? RESULT_NOT_FOUND : r);
}

static enum oauth_error find_person(struct provider *p, struct arena *a, struct str token,
                                    struct access_token **t, struct person *person)
{
    struct grant *g;
    enum result r = access_token_find(p, a, token, t);
    if (r != RESULT_OK)
        return invalid_or_failure(r);
    if (!str_eq((*t)->audience, (*t)->client_id))
        return OAUTH_INVALID_TOKEN;
    if ((*t)->gid.len == 0 || !str_has_word((*t)->scope, STR("openid")))
        return OAUTH_INSUFFICIENT_SCOPE;
    r = grant_find(p, a, (*t)->gid, &g);
    if (r == RESULT_OK)
        r = grant_person(p, a, g, person);
    (*t)->grant = g;
    return r == RESULT_OK ? check_admitted(p, a, g, person) : invalid_or_failure(r);
}

static void send_claims(struct provider *p, struct response *resp, const struct access_token *t,
                        const struct person *person)
{
    struct str scope = t->mandate.len > 0 ? acting_scope(resp->arena, t->scope) : t->scope;
    struct rights_question q;
    json_t *claims = json_new(resp->arena);
    enum result r = RESULT_INTERNAL;
    if (claims)
        r = acting_question(p, resp->arena, t->grant, person, t->audience, &q);
    if (r == RESULT_OK)
        r = rights_put(p, resp->arena, &q, rights_parts(t->scope), claims);
    if (r != RESULT_OK) {
        response_failure(resp, r);
        return;
    }
    claims_for_scope(acting_subject(t->grant, person), scope, claims);
    json_put_str(claims, "sub", t->subject);
    if (acting_put(claims, t->mandate, t->actor))
        response_json(resp, 200, claims);
    else
        response_failure(resp, RESULT_INTERNAL);
}

void oauth_userinfo(void *app, struct request *req, struct response *resp)
{
    struct provider *p = app;
    struct access_token *t;
    struct person person;
    struct str token;
    enum oauth_error e = read_token(req, &token);
    if (e == OAUTH_FINE && token.len == 0) {
        ask_for_token(resp);
        return;
    }
    if (e == OAUTH_FINE)
        e = find_person(p, req->arena, token, &t, &person);
    if (e == OAUTH_FINE)
        send_claims(p, resp, t, &person);
    else
        refuse(resp, e);
}
