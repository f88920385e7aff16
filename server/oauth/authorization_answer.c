/* The authorization response (RFC 6749 section 4.1.2, RFC 9207): the only place that sends anything to
 * redirect_uri. */
#include "authn/session_clients.h"
#include "server/base/clock.h"
#include "server/oauth/authorization.h"
#include "server/oauth/location.h"
#include "server/oauth/trail.h"
#include "server/token/code.h"

/* A grant waits for its code to be redeemed a little longer than the code lives; grant_keep then takes over.
 */
enum { GRANT_MARGIN_SECONDS = 60 };

static json_t *fields_of(const struct pairs *answer)
{
    json_t *fields = json_array();
    for (size_t i = 0; fields && i < answer->n; i++) {
        json_t *field = json_object();
        json_put_str(field, "name", answer->v[i].name);
        json_put_str(field, "value", answer->v[i].value);
        json_array_append_new(fields, field);
    }
    return fields;
}

/* OAuth 2.0 Form Post Response Mode: a page that posts itself. */
static void send_form(struct authorization *az, const struct pairs *answer)
{
    json_t *data = json_new(az->arena), *fields = fields_of(answer);
    if (!data || json_array_size(fields) != answer->n) {
        json_decref(fields);
        response_failure(az->resp, RESULT_INTERNAL);
        return;
    }
    json_put_str(data, "action", az->redirect_uri);
    json_object_set_new(data, "fields", fields);
    response_view(az->resp, 200, "form_post", data);
    az->resp->form_targets = authorization_target(az);
}

/* What every answer bears is put here, so that none can lack it. */
static void send_answer(struct authorization *az, struct pairs *answer)
{
    bool fine = pairs_add(answer, az->arena, STR("iss"), az->p->config.issuer);
    if (az->state.len > 0)
        fine = fine && pairs_add(answer, az->arena, STR("state"), az->state);
    if (fine && az->form_post) {
        send_form(az, answer);
        return;
    }
    struct str location = fine ? location_with(az->arena, az->redirect_uri, answer) : STR_EMPTY;
    if (location.len > 0)
        response_redirect(az->resp, location);
    else
        response_failure(az->resp, RESULT_INTERNAL);
}

struct str authorization_target(const struct authorization *az)
{
    return location_origin(az->redirect_uri);
}

void authorization_refuse(struct authorization *az, enum oauth_error e)
{
    const struct oauth_error_row *row = oauth_error_row(e);
    bool ours = e == OAUTH_SERVER_ERROR || e == OAUTH_TEMPORARILY_UNAVAILABLE;
    if (az->redirect_uri.len == 0 || ours) {
        oauth_error_page(az->req, az->resp, e, az->detail);
        return;
    }
    struct pairs answer = {0};
    const char *text = az->detail ? az->detail : row->text;
    if (pairs_add(&answer, az->arena, STR("error"), str_of(row->code)) &&
        pairs_add(&answer, az->arena, STR("error_description"), str_of(text)))
        send_answer(az, &answer);
    else
        response_failure(az->resp, RESULT_INTERNAL);
}

/* The tokens' `sub` becomes the represented; the grant stays the person's, as does all that could end it. */
static void act_for(const struct authorization *az, struct grant *g)
{
    g->mandate = az->mandate->id;
    g->subject = az->mandate->represented_sub;
    g->represented = *az->represented;
    g->represented_read = clock_now();
}

static enum result issue(struct authorization *az, const struct session *session, struct code *code,
                         struct store_puts *puts)
{
    struct grant g = {.client_id = az->app->client_id,
                      .subject = session->person.subject,
                      .uuid = session->person.uuid,
                      .sid = session->sid,
                      .scope = az->scope,
                      .resources = az->resource,
                      .nonce = az->nonce,
                      .offline = str_has_word(az->scope, STR("offline_access")),
                      .level = session->level,
                      .amr = session->amr,
                      .auth_time = session->auth_time,
                      .person = session->person,
                      .person_read = session->person_read};
    if (az->mandate)
        act_for(az, &g);
    enum result r = grant_begin(az->arena, &g, az->p->config.code_seconds + GRANT_MARGIN_SECONDS, puts);
    if (r != RESULT_OK)
        return r;
    *code = (struct code){.line = {.gid = g.gid, .sid = g.sid},
                          .client_id = g.client_id,
                          .redirect_uri = az->redirect_uri,
                          .code_challenge = az->code_challenge};
    return code_issue(az->p, az->arena, code, puts);
}

/* What became of it. What was written for a code that nobody gets runs out with it. */
enum entering { ENTERED, ENTERED_TWICE, ENTERED_TOO_LATE, ENTERED_NOT };

/*
 * One atomic step: the transaction ends, the session learns which application was entered from it and for
 * whom, grant and code are stored.
 */
static enum entering enter(struct authorization *az, struct session *session, const struct transaction *t,
                           const struct store_puts *puts, enum result *failure)
{
    struct store_steps steps = {.n = 0};
    struct authn *au = &az->p->authn;
    *failure = RESULT_INTERNAL;
    if (t && !store_steps_add(&steps, transaction_ending(t)))
        return ENTERED_NOT;
    if (authorization_remember_act(az, session)) {
        *failure = session_saving(au, az->arena, session, &steps);
        if (*failure != RESULT_OK)
            return *failure == RESULT_NOT_FOUND ? ENTERED_TOO_LATE : ENTERED_NOT;
    }
    if (!store_steps_put(&steps, puts))
        return ENTERED_NOT;
    *failure = session_entered_with(au, az->arena, session, az->app->client_id, &steps);
    if (*failure != RESULT_OK && *failure != RESULT_NOT_FOUND)
        return ENTERED_NOT;
    if (t && steps.v[0].result == RESULT_NOT_FOUND)
        return ENTERED_TWICE;
    return *failure == RESULT_OK ? ENTERED : ENTERED_TOO_LATE;
}

/* The audit line comes before the code is told. */
static void tell(struct authorization *az, const struct session *session, const struct code *code)
{
    struct pairs answer = {0};
    enum result r = trail_write(az->p, az->req, AUDIT_CODE_ISSUED,
                                (struct audit_entry){.subject = session->person.subject,
                                                     .client_id = az->app->client_id,
                                                     .sid = session->sid,
                                                     .target = az->mandate ? az->mandate->id : STR_EMPTY});
    if (r == RESULT_OK && !pairs_add(&answer, az->arena, STR("code"), code->value))
        r = RESULT_INTERNAL;
    if (r == RESULT_OK)
        send_answer(az, &answer);
    else
        response_failure(az->resp, r);
}

void authorization_grant(struct authorization *az, struct session *session, const struct transaction *t)
{
    struct code code;
    struct store_puts puts = {0};
    enum result r = issue(az, session, &code, &puts);
    switch (r == RESULT_OK ? enter(az, session, t, &puts, &r) : ENTERED_NOT) {
    case ENTERED:
        tell(az, session, &code);
        break;
    case ENTERED_TWICE:
        response_problem(az->resp, PROBLEM_OTHER_BROWSER);
        break;
    case ENTERED_TOO_LATE: /* signed out in this very moment */
        authorization_refuse(az, OAUTH_LOGIN_REQUIRED);
        break;
    case ENTERED_NOT:
        response_failure(az->resp, r);
        break;
    }
}
