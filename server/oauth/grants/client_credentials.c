/*
 * RFC 6749 section 4.4: an application on its own behalf. There is no person, so there is no ID token, no
 * refresh token and none of the scopes that release something of a person.
 */
#include "server/oauth/answer.h"
#include "server/oauth/scope.h"
#include "server/oauth/target.h"
#include "server/oauth/trail.h"
#include "server/token/claims.h"

static enum oauth_error read_scope(struct token_request *tr, struct str *scope)
{
    struct str rest, word;
    if (!scope_read(tr->arena, token_asked(tr, "scope"), scope) || !scope_within(*scope, tr->app->scopes))
        return OAUTH_INVALID_SCOPE;
    rest = *scope;
    while (str_word(&rest, &word))
        if (claims_scope_known(word))
            return OAUTH_INVALID_SCOPE;
    return OAUTH_FINE;
}

static enum oauth_error issue(struct token_request *tr, struct access_token *t)
{
    struct store_puts puts = {0};
    enum result r = access_token_issue(tr->p, tr->arena, tr->app, NULL, t, &puts);
    if (r == RESULT_OK)
        r = store_put_all(tr->p->store, tr->arena, &puts);
    if (r == RESULT_OK)
        r = answer_begin(tr, t);
    if (r == RESULT_OK)
        r = trail_write(tr->p, tr->req, AUDIT_TOKEN_ISSUED,
                        (struct audit_entry){.subject = t->subject,
                                             .client_id = t->client_id,
                                             .detail = str_of(tr->row->name)});
    return oauth_error_of(r);
}

enum oauth_error grant_client_credentials(struct token_request *tr)
{
    struct access_token t = {.client_id = tr->app->client_id, .subject = tr->app->client_id};
    struct str resource = token_asked(tr, "resource");
    if (tr->app->method == CLIENT_NONE) /* whoever cannot prove itself has nothing to act on behalf of */
        return OAUTH_UNAUTHORIZED_CLIENT;
    enum oauth_error e = read_scope(tr, &t.scope);
    if (e != OAUTH_FINE)
        return e;
    if (resource.len > 0 && !target_is_allowed(tr->p->applications, tr->arena, tr->app, resource))
        return OAUTH_INVALID_TARGET;
    t.audience = resource.len > 0 ? resource : tr->app->client_id;
    return issue(tr, &t);
}
