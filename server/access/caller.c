/*
 * Basic is answered from memory. A token must be looked up, so that its revocation counts: such a request
 * moves to the quick pool. Tokens with a person behind them are no proof of an application, and one that is
 * meant for somebody else may have come from there.
 */
#include "server/access/caller.h"

#include "clients/client_auth.h"
#include "server/base/log.h"

enum { CLAIMED_MAX = 128 };

#define CHALLENGE "Basic realm=\"onedoor\", charset=\"UTF-8\", Bearer realm=\"onedoor\""

/* The line is written by who may wait for the disk. */
static bool refuse(struct inquiry *in, int status, const char *code, const char *text, struct str claimed)
{
    if (request_may_wait(in->req, RUN_QUICK) != RESULT_OK)
        return false;
    struct audit_entry line = {.client_id = str_sub(claimed, 0, CLAIMED_MAX),
                               .source = in->req->source,
                               .reference = in->req->reference,
                               .detail = in->req->path};
    if (audit_write(in->p->audit, AUDIT_CLIENT_REFUSED, &line) != RESULT_OK)
        LOG(LOG_LEVEL_ERROR, "audit.line_lost", LOG_Z("event", "client_refused"));
    response_text(in->resp, status, STR("application/json"),
                  arena_printf(in->arena, "{\"error\":\"%s\",\"error_description\":\"%s\"}", code, text));
    if (status == 401)
        response_header(in->resp, "WWW-Authenticate", STR(CHALLENGE));
    return false;
}

static struct str claimed_id(const struct inquiry *in)
{
    struct str credentials, user = STR_EMPTY, password;
    if (!request_authorization(in->req, "Basic", &credentials) ||
        !basic_credentials(in->arena, credentials, &user, &password))
        return STR_EMPTY;
    return user;
}

static bool find_by_secret(struct inquiry *in)
{
    enum client_failure failure = CLIENT_FAILURE_NONE;
    enum result r = client_authenticate(in->p->applications, in->req, false, &in->caller, &failure);
    if (r == RESULT_OK)
        return true;
    if (r != RESULT_REFUSED)
        response_failure(in->resp, r);
    else if (failure == CLIENT_FAILURE_INVALID_CLIENT)
        refuse(in, 401, "invalid_client", "The application could not be authenticated.", claimed_id(in));
    else
        refuse(in, 400, "invalid_request", "The application's credentials are malformed or given twice.",
               claimed_id(in));
    return false;
}

static bool is_own_proof(const struct inquiry *in, const struct access_token *t)
{
    bool meant = str_eq(t->audience, t->client_id) || str_eq(t->audience, in->p->config.issuer);
    return t->gid.len == 0 && meant;
}

static bool find_by_token(struct inquiry *in, struct str value)
{
    struct access_token *t;
    enum result r = request_may_wait(in->req, RUN_QUICK);
    if (r == RESULT_OK)
        r = access_token_find(in->p, in->arena, value, &t);
    if (r == RESULT_OK && is_own_proof(in, t))
        in->caller = applications_find(in->p->applications, in->arena, t->client_id);
    if (r != RESULT_OK && r != RESULT_NOT_FOUND)
        response_failure(in->resp, r);
    else if (!in->caller)
        refuse(in, 401, "invalid_token", "The access token is not the application's own, or does not hold.",
               STR_EMPTY);
    return in->caller != NULL;
}

bool caller_find(struct inquiry *in)
{
    struct str token;
    if (request_authorization(in->req, "Bearer", &token))
        return find_by_token(in, token);
    return find_by_secret(in);
}
