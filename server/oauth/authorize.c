/* GET and POST /authorize (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2). */
#include "server/oauth/checks/checks.h"
#include "server/oauth/endpoints.h"
#include "server/oauth/repeat.h"

struct str authorization_asked(const struct authorization *az, const char *name)
{
    return pairs_get(&az->asked, name);
}

/* Query and form together: the dispatcher has seen to it that no name stands in both. */
static bool take_parameters(struct authorization *az)
{
    const struct pairs *from[] = {&az->req->query, &az->req->form};
    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < from[i]->n; k++)
            if (!pairs_add(&az->asked, az->arena, from[i]->v[k].name, from[i]->v[k].value))
                return false;
    return true;
}

static void sign_in(struct authorization *az, const struct session *session)
{
    if (az->prompt & PROMPT_NONE)
        authorization_refuse(az, OAUTH_LOGIN_REQUIRED);
    else
        authorization_begin(az, session);
}

static void answer_chosen(struct authorization *az, struct session *session)
{
    enum oauth_error e = authorization_admits(az, session);
    bool ask;
    if (e != OAUTH_FINE) {
        authorization_refuse(az, e);
        return;
    }
    enum result r = authorization_needs_consent(az, session, &ask);
    if (r != RESULT_OK)
        response_failure(az->resp, r);
    else if (!ask)
        authorization_grant(az, session, NULL);
    else if (az->prompt & PROMPT_NONE)
        authorization_refuse(az, OAUTH_CONSENT_REQUIRED);
    else
        authorization_begin(az, session);
}

/* Whoever is there may be enough: then the code is issued at once, and nobody sees a page. */
static void answer_session(struct authorization *az, struct session *session)
{
    enum acting acting;
    if (!authorization_suffices(az, session)) {
        sign_in(az, session);
        return;
    }
    enum result r = authorization_acting(az, session, NULL, &acting);
    if (r != RESULT_OK)
        response_failure(az->resp, r);
    else if (acting != ACTING_ASK)
        answer_chosen(az, session);
    else if (az->prompt & PROMPT_NONE)
        authorization_refuse(az, OAUTH_INTERACTION_REQUIRED);
    else
        authorization_begin(az, session);
}

static void run(struct authorization *az)
{
    struct session *session;
    enum oauth_error e = authorization_check(az);
    if (e != OAUTH_FINE) {
        authorization_refuse(az, e);
        return;
    }
    enum result r = authorization_session(az, STR_EMPTY, &session);
    if (r != RESULT_OK)
        response_failure(az->resp, r);
    else if (session)
        answer_session(az, session);
    else
        sign_in(az, NULL);
}

void oauth_authorize(void *app, struct request *req, struct response *resp)
{
    struct authorization az = {.p = app, .req = req, .resp = resp, .arena = req->arena};
    if (req->method == HTTP_HEAD) /* looking is not asking: no code comes of it */
        response_problem(resp, PROBLEM_METHOD_NOT_ALLOWED);
    else if (!repeat_as_get(req, resp)) {
        if (take_parameters(&az))
            run(&az);
        else
            response_problem(resp, PROBLEM_TOO_MANY_PARAMETERS);
    }
}
