/*
 * RFC 6749 section 6 with rotation (RFC 9700 section 4.14.2): every use gives a new refresh token, and a
 * spent one that comes again ends the family. Spent last, as codes are: until then a failure leaves the old
 * token good, and what was made beside it was never sent. Scope and resource may be less than granted, never
 * more.
 */
#include "server/token/refresh_token.h"
#include "server/oauth/grants/family.h"
#include "server/oauth/scope.h"

static enum oauth_error find_token(struct token_request *tr, struct refresh_token **t)
{
    enum result r = refresh_token_find(tr->p, tr->arena, token_asked(tr, "refresh_token"), t);
    if (r == RESULT_NOT_FOUND)
        return OAUTH_INVALID_GRANT;
    if (r != RESULT_OK && r != RESULT_USED)
        return oauth_error_of(r);
    if (!str_eq((*t)->client_id, tr->app->client_id))
        return OAUTH_INVALID_GRANT;
    return r == RESULT_USED ? family_reused(tr, (*t)->line.gid, AUDIT_REFRESH_REUSED) : OAUTH_FINE;
}

/* Words that the registration has lost since are refused here too: the application must ask for less. */
static enum oauth_error narrow_scope(struct token_request *tr, struct family *f)
{
    struct str asked = token_asked(tr, "scope");
    if (asked.len > 0 &&
        (!scope_read(tr->arena, asked, &f->scope) || !scope_within(f->scope, f->grant->scope)))
        return OAUTH_INVALID_SCOPE;
    return scope_within(f->scope, tr->app->scopes) ? OAUTH_FINE : OAUTH_INVALID_SCOPE;
}

static enum oauth_error spend(struct token_request *tr, struct family *f, const struct refresh_token *t)
{
    struct store_steps spending = {.n = 0};
    return refresh_token_spending(tr->arena, t, &spending)
               ? family_store(tr, f, &spending, AUDIT_REFRESH_REUSED)
               : OAUTH_SERVER_ERROR;
}

enum oauth_error grant_refresh_token(struct token_request *tr)
{
    struct refresh_token *t;
    struct family f = {0};
    enum oauth_error e = find_token(tr, &t);
    if (e == OAUTH_FINE)
        e = family_open(tr, &t->line, &f);
    if (e == OAUTH_FINE)
        e = narrow_scope(tr, &f);
    if (e == OAUTH_FINE)
        e = family_audience(tr, &f);
    if (e != OAUTH_FINE)
        return e;
    f.grant->nonce = STR_EMPTY; /* OpenID Connect Core section 12.2: no nonce in the ID token of a refresh */
    e = family_issue(tr, &f);
    return e == OAUTH_FINE ? spend(tr, &f, t) : e;
}
