/*
 * RFC 6749 section 4.1.3 with RFC 7636 section 4.6. A wrong attempt (another client, another address, no
 * verifier) never burns the code. The code is spent last, when the tokens are signed and written into the
 * audit log, in the one atomic step that stores them: a failure on the way leaves the code good for another
 * try, and tokens of a request that lost the race were never sent and die with the grant.
 */
#include "server/oauth/grants/family.h"
#include "server/oauth/pkce.h"
#include "server/token/code.h"

static enum oauth_error find_code(struct token_request *tr, struct code **code)
{
    enum result r = code_find(tr->p, tr->arena, token_asked(tr, "code"), code);
    if (r == RESULT_NOT_FOUND)
        return OAUTH_INVALID_GRANT;
    if (r != RESULT_OK && r != RESULT_USED)
        return oauth_error_of(r);
    if (!str_eq((*code)->client_id, tr->app->client_id))
        return OAUTH_INVALID_GRANT;
    return r == RESULT_USED ? family_reused(tr, (*code)->line.gid, AUDIT_CODE_REUSED) : OAUTH_FINE;
}

static bool is_same_request(struct token_request *tr, const struct code *code)
{
    return str_eq(token_asked(tr, "redirect_uri"), code->redirect_uri) &&
           pkce_fits(tr->arena, token_asked(tr, "code_verifier"), code->code_challenge);
}

/* From here on the grant lives as long as what comes of it; one that was ended meanwhile stays ended. */
static enum oauth_error keep_grant(struct token_request *tr, struct family *f)
{
    return oauth_error_of(grant_keep(tr->arena, f->grant, grant_seconds(tr->p, tr->app), &f->puts));
}

static enum oauth_error spend(struct token_request *tr, struct family *f, const struct code *code)
{
    struct store_steps spending = {.n = 0};
    return code_spending(tr->arena, code, &spending) ? family_store(tr, f, &spending, AUDIT_CODE_REUSED)
                                                     : OAUTH_SERVER_ERROR;
}

enum oauth_error grant_authorization_code(struct token_request *tr)
{
    struct code *code;
    struct family f = {0};
    enum oauth_error e = find_code(tr, &code);
    if (e == OAUTH_FINE && !is_same_request(tr, code))
        e = OAUTH_INVALID_GRANT;
    if (e == OAUTH_FINE)
        e = family_open(tr, &code->line, &f);
    if (e == OAUTH_FINE)
        e = family_audience(tr, &f);
    if (e == OAUTH_FINE)
        e = keep_grant(tr, &f);
    if (e == OAUTH_FINE)
        e = family_issue(tr, &f);
    return e == OAUTH_FINE ? spend(tr, &f, code) : e;
}
