/*
 * GET /authorize/resume: the browser comes back from signing in or from the consent page; and the same where
 * a sign-in ends, so that whoever is asked nothing more gets the answer at once. Only the transaction's id is
 * read of the request; it is ended in the one atomic step in which a code is issued, so that two clicks give
 * one code.
 */
#include "server/oauth/checks/checks.h"
#include "server/oauth/endpoints.h"

static void send_to(struct authorization *az, const struct transaction *t, struct str page)
{
    enum result r = az->unsaved ? transaction_save(&az->p->authn, az->arena, t) : RESULT_OK;
    if (r == RESULT_NOT_FOUND)
        response_problem(az->resp, PROBLEM_OTHER_BROWSER);
    else if (r != RESULT_OK)
        response_failure(az->resp, r);
    else
        response_redirect(az->resp, arena_join(az->arena, (struct str[]){page, STR("?t="), t->id}, 3));
}

/* For the one that ends the transaction: the refusal. */
static void refuse(struct authorization *az, const struct transaction *t, enum oauth_error e)
{
    enum result r = transaction_end(&az->p->authn, az->arena, t);
    if (r == RESULT_NOT_FOUND)
        response_problem(az->resp, PROBLEM_OTHER_BROWSER);
    else if (r != RESULT_OK)
        response_failure(az->resp, r);
    else
        authorization_refuse(az, e);
}

static void answer_chosen(struct authorization *az, const struct transaction *t, struct session *session)
{
    bool ask = false;
    enum oauth_error e = authorization_admits(az, session);
    if (e == OAUTH_FINE && !authorization_suffices(az, session))
        e = OAUTH_LOGIN_REQUIRED;
    if (e == OAUTH_FINE && t->denied)
        e = OAUTH_ACCESS_DENIED;
    enum result r = RESULT_OK;
    if (e == OAUTH_FINE && !t->consent_done)
        r = authorization_needs_consent(az, session, &ask);
    if (r != RESULT_OK)
        response_failure(az->resp, r);
    else if (ask)
        send_to(az, t, STR("/consent"));
    else if (e != OAUTH_FINE)
        refuse(az, t, e);
    else
        authorization_grant(az, session, t);
}

static void answer_session(struct authorization *az, const struct transaction *t, struct session *session)
{
    enum acting acting;
    enum result r = authorization_acting(az, session, t, &acting);
    if (r != RESULT_OK)
        response_failure(az->resp, r);
    else if (acting == ACTING_ASK)
        send_to(az, t, STR("/signin/act"));
    else
        answer_chosen(az, t, session);
}

static void find_session(struct authorization *az, const struct transaction *t)
{
    struct session *session;
    enum result r = authorization_session(az, t->uuid, &session);
    if (r != RESULT_OK)
        response_failure(az->resp, r);
    else if (!session || !str_eq(session->sid, t->sid))
        response_problem(az->resp, PROBLEM_OTHER_BROWSER);
    else
        answer_session(az, t, session);
}

/* The session may be known already: that in which the transaction's person has just signed in. */
static void run(struct authorization *az, const struct transaction *t, struct session *session)
{
    if (!authorization_resume(az, t)) {
        response_problem(az->resp, PROBLEM_BAD_REQUEST);
        return;
    }
    enum oauth_error e = authorization_check(az);
    if (e != OAUTH_FINE)
        authorization_refuse(az, e);
    else if (t->sid.len == 0)
        send_to(az, t, STR("/signin"));
    else if (az->unsaved && az->form_post) /* no page answers a post of credentials (RFC 9700 section 4.12) */
        send_to(az, t, STR("/authorize/resume"));
    else if (session)
        answer_session(az, t, session);
    else
        find_session(az, t);
}

void oauth_signed_in(struct provider *p, struct request *req, struct response *resp, struct transaction *t,
                     struct session *s)
{
    struct authorization az = {.p = p, .req = req, .resp = resp, .arena = req->arena, .unsaved = true};
    run(&az, t, s);
}

void oauth_authorize_resume(void *app, struct request *req, struct response *resp)
{
    struct authorization az = {.p = app, .req = req, .resp = resp, .arena = req->arena};
    struct transaction *t;
    if (req->method == HTTP_HEAD) {
        response_problem(resp, PROBLEM_METHOD_NOT_ALLOWED);
        return;
    }
    enum result r = transaction_find(&az.p->authn, req->arena, pairs_get(&req->query, "t"),
                                     request_cookie(req, BROWSER_COOKIE), &t);
    if (r == RESULT_REFUSED || r == RESULT_NOT_FOUND)
        response_problem(resp, PROBLEM_OTHER_BROWSER);
    else if (r != RESULT_OK)
        response_failure(resp, r);
    else
        run(&az, t, NULL);
}
