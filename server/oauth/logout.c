/*
 * GET and POST /logout (OpenID Connect RP-Initiated Logout 1.0). A valid id_token_hint of the browser's own
 * session signs out at once; any other request only shows a page that asks. The browser is sent on to an
 * address only if it is registered for the application that a valid hint names, or that the person was shown
 * when confirming.
 */
#include "authn/session.h"
#include "server/base/secret.h"
#include "server/oauth/endpoints.h"
#include "server/oauth/location.h"
#include "server/oauth/repeat.h"
#include "server/oauth/trail.h"
#include "server/token/id_token.h"

enum { STATE_MAX = 512 };

struct logout {
    struct provider *p;
    struct request *req;
    struct response *resp;
    struct session *session; /* the browser's; NULL when nobody is signed in */

    bool hinted; /* a valid id_token_hint was sent, and no client_id beside it that contradicts */
    struct id_token_hint hint;
    const struct application *app; /* whom the hint or client_id names; NULL when unknown */
    struct str target;             /* post_logout_redirect_uri, registered for app; empty otherwise */
    struct str state;
};

static struct str asked(const struct logout *l, const char *name)
{
    struct str posted = pairs_get(&l->req->form, name);
    return posted.len > 0 ? posted : pairs_get(&l->req->query, name);
}

/* False when it cannot be known what the request says: the response is then set. */
static bool read_request(struct logout *l)
{
    struct str hint = asked(l, "id_token_hint"), client_id = asked(l, "client_id");
    struct str target = asked(l, "post_logout_redirect_uri"), state = asked(l, "state");
    if (hint.len > 0) {
        enum result r = id_token_read_hint(l->p, l->req->arena, hint, &l->hint);
        if (r != RESULT_OK && r != RESULT_REFUSED) {
            response_failure(l->resp, r);
            return false;
        }
        l->hinted = r == RESULT_OK && (client_id.len == 0 || str_eq(client_id, l->hint.client_id));
    }
    if (hint.len > 0 &&
        !l->hinted) /* altered, or of another application: nothing of the request is trusted */
        return true;
    l->app = applications_find(l->p->applications, l->req->arena, l->hinted ? l->hint.client_id : client_id);
    l->state = state.len <= STATE_MAX ? state : STR_EMPTY;
    if (l->app && target.len > 0 && application_logout_redirect_matches(l->app, target))
        l->target = target;
    return true;
}

static bool find_session(struct logout *l)
{
    enum result r =
        session_find(&l->p->authn, l->req->arena, request_cookie(l->req, SESSION_COOKIE), &l->session);
    if (r == RESULT_OK)
        return true;
    l->session = NULL;
    if (r == RESULT_NOT_FOUND)
        return true;
    response_failure(l->resp, r);
    return false;
}

static json_t *view_data(const struct logout *l)
{
    json_t *data = json_new(l->req->arena);
    if (data && l->app)
        json_put_str(data, "application", l->app->name);
    if (data)
        json_put_str(data, "ui_locales", str_sub(asked(l, "ui_locales"), 0, 64));
    return data;
}

static void show(struct logout *l, const char *view, json_t *data)
{
    if (data)
        response_view(l->resp, 200, view, data);
    else
        response_failure(l->resp, RESULT_INTERNAL);
}

/* The person is signed out: on to the application, or to a page that says so. */
static void leave(struct logout *l)
{
    struct pairs answer = {0};
    if (l->target.len == 0) {
        json_t *data = view_data(l);
        if (data && l->app)
            json_put_str(data, "continue_uri", l->app->home_uri);
        show(l, "signed_out", data);
    } else if (l->state.len > 0 && !pairs_add(&answer, l->req->arena, STR("state"), l->state)) {
        response_failure(l->resp, RESULT_INTERNAL);
    } else if (answer.n > 0) {
        response_redirect(l->resp, location_with(l->req->arena, l->target, &answer));
    } else {
        response_redirect(l->resp, l->target);
    }
}

/* "Signed out" is said only when the store did it. */
static void sign_out(struct logout *l)
{
    enum result r = session_end(&l->p->authn, l->req->arena, l->session->sid);
    if (r != RESULT_OK) {
        response_failure(l->resp, r);
        return;
    }
    trail_note(l->p, l->req, AUDIT_SIGN_OUT,
               (struct audit_entry){.subject = l->session->person.subject,
                                    .client_id = l->app ? l->app->client_id : STR_EMPTY,
                                    .sid = l->session->sid});
    response_cookie(l->resp, SESSION_COOKIE, STR_EMPTY, -1);
    leave(l);
}

/* Only what was checked goes into the form, so that confirming can't send anybody elsewhere. */
static void ask(struct logout *l)
{
    json_t *data = view_data(l);
    if (data) {
        json_put_str(data, "csrf", l->session->csrf);
        json_put_str(data, "post_logout_redirect_uri", l->target);
        json_put_str(data, "state", l->state);
        json_put_str(data, "client_id", l->app ? l->app->client_id : STR_EMPTY);
    }
    show(l, "signout", data);
    l->resp->form_targets = location_origin(l->target);
}

/* Nobody is signed in, so nobody can confirm: only a valid hint sends the browser on. */
static void leave_without_session(struct logout *l)
{
    if (!l->hinted)
        l->target = STR_EMPTY;
    leave(l);
}

/* A hint names a session: that of this browser, or one of somebody else that is none of its business. */
static void answer_request(struct logout *l)
{
    bool own = l->session && l->hinted && str_eq(l->hint.sid, l->session->sid);
    bool foreign = l->session && l->hinted && !own;
    if (foreign) {
        l->app = NULL;
        l->target = STR_EMPTY;
    }
    if (own)
        sign_out(l);
    else if (l->session)
        ask(l);
    else
        leave_without_session(l);
}

static void answer_confirmation(struct logout *l)
{
    struct str csrf = pairs_get(&l->req->form, "csrf");
    if (!request_is_same_origin(l->req))
        response_problem(l->resp, PROBLEM_FORBIDDEN_ORIGIN);
    else if (!l->session)
        leave_without_session(l);
    else if (!equal_constant_time(csrf, l->session->csrf))
        response_problem(l->resp, PROBLEM_FORBIDDEN_ORIGIN);
    else
        sign_out(l);
}

void oauth_logout(void *app, struct request *req, struct response *resp)
{
    struct logout l = {.p = app, .req = req, .resp = resp};
    bool confirms = pairs_get(&req->form, "csrf").len > 0;
    if (req->method == HTTP_HEAD) {
        response_problem(resp, PROBLEM_METHOD_NOT_ALLOWED);
        return;
    }
    if (!confirms && repeat_as_get(req, resp))
        return;
    if (!read_request(&l) || !find_session(&l))
        return;
    if (confirms)
        answer_confirmation(&l);
    else
        answer_request(&l);
}
