#include "server/pages/visit.h"

#include "directory/model/builtin.h"
#include "server/base/clock.h"
#include "server/base/secret.h"
#include "server/pages/escape.h"

#include <time.h>

static bool refuse(struct visit *v, enum problem p)
{
    response_problem(v->resp, p);
    return false;
}

static bool fail(struct visit *v, enum result r)
{
    response_failure(v->resp, r);
    return false;
}

/* NOT_FOUND is no failure here: nobody is signed in. */
static bool find_session(struct visit *v)
{
    struct str cookie = request_cookie(v->req, SESSION_COOKIE);
    if (cookie.len == 0)
        return true;
    enum result r = session_find(v->au, v->arena, cookie, &v->session);
    switch (r) {
    case RESULT_OK:
        return true;
    case RESULT_NOT_FOUND:
    case RESULT_REFUSED:
    case RESULT_USED:
        v->session = NULL;
        return true;
    case RESULT_UNAVAILABLE:
    case RESULT_INTERNAL:
        break;
    }
    return fail(v, r);
}

bool visit_begin(struct visit *v, void *app, struct request *req, struct response *resp)
{
    struct provider *p = app;
    struct str twice;
    *v = (struct visit){.p = p, .au = &p->authn, .arena = req->arena, .req = req, .resp = resp};
    if (!pairs_unique(&req->query, &twice) || !pairs_unique(&req->form, &twice))
        return refuse(v, PROBLEM_PARAMETER_TWICE);
    return find_session(v);
}

bool visit_form_is_ours(struct visit *v, struct str csrf)
{
    struct str sent = pairs_get(&v->req->form, "csrf");
    if (csrf.len > 0 && request_is_same_origin(v->req) && equal_constant_time(sent, csrf))
        return true;
    return refuse(v, PROBLEM_FORBIDDEN_ORIGIN);
}

bool visit_transaction(struct visit *v)
{
    bool post = v->req->method == HTTP_POST;
    struct str id = pairs_get(post ? &v->req->form : &v->req->query, "t");
    struct str browser = request_cookie(v->req, BROWSER_COOKIE);
    enum result r = transaction_find(v->au, v->arena, id, browser, &v->t);
    switch (r) {
    case RESULT_OK:
        return !post || visit_form_is_ours(v, v->t->csrf);
    case RESULT_NOT_FOUND:
    case RESULT_USED:
        visit_error(v, 400, "sign_in_over");
        return false;
    case RESULT_REFUSED:
        return refuse(v, PROBLEM_OTHER_BROWSER);
    case RESULT_UNAVAILABLE:
    case RESULT_INTERNAL:
        break;
    }
    return fail(v, r);
}

bool visit_signed_in(struct visit *v)
{
    if (v->session && v->t->sid.len > 0 && str_eq(v->session->sid, v->t->sid))
        return true;
    response_redirect(v->resp, arena_join(v->arena, (struct str[]){STR("/signin?t="), v->t->id}, 2));
    return false;
}

bool visit_person(struct visit *v, struct str path)
{
    if (!v->session) {
        visit_sign_in(v, path, AUTHN_LOW, false);
        return false;
    }
    enum result r = session_refresh_person(v->au, v->arena, v->session, v->p->config.outage_grace_seconds);
    if (r == RESULT_OK)
        return true;
    if (r == RESULT_NOT_FOUND)
        visit_sign_in(v, path, AUTHN_LOW, false);
    else
        response_failure(v->resp, r);
    return false;
}

bool visit_at_step(struct visit *v, enum flow_step step)
{
    static const struct str paths[] = {
        [FLOW_PASSWORD] = STR("/signin?t="),
        [FLOW_OTP] = STR("/signin/otp?t="),
        [FLOW_ENROL] = STR("/signin/enrol?t="),
    };
    enum flow_step stands;
    enum result r = flow_next(v->au, v->arena, v->t, v->session, &stands);
    if (r == RESULT_REFUSED) {
        visit_error(v, 403, "level_unavailable");
        return false;
    }
    if (r == RESULT_NOT_FOUND || r == RESULT_USED) {
        visit_error(v, 400, "sign_in_over");
        return false;
    }
    if (r != RESULT_OK)
        return fail(v, r);
    if (stands == step)
        return true;
    if (stands == FLOW_DONE)
        visit_return(v);
    else
        response_redirect(v->resp, arena_join(v->arena, (struct str[]){paths[stands], v->t->id}, 2));
    return false;
}

void visit_sign_in(struct visit *v, struct str return_to, enum authn_level needed, bool reauthenticate)
{
    struct transaction t = {.return_to = return_to, .needed = needed, .reauthenticate = reauthenticate};
    struct str sent = request_cookie(v->req, BROWSER_COOKIE), cookie = sent;
    enum result r = transaction_begin(v->au, v->arena, &t, &cookie);
    if (r != RESULT_OK) {
        response_failure(v->resp, r);
        return;
    }
    response_redirect(v->resp, arena_join(v->arena, (struct str[]){STR("/signin?t="), t.id}, 2));
    if (!str_eq(sent, cookie))
        response_cookie(v->resp, BROWSER_COOKIE, cookie, 0);
}

struct str visit_return_uri(const struct visit *v)
{
    struct str to = v->t->return_to;
    if (!path_is_local(to))
        return STR("/");
    if (v->t->client_id.len == 0 || str_has(to, '?'))
        return to;
    return arena_join(v->arena, (struct str[]){to, STR("?t="), v->t->id}, 3);
}

void visit_return(struct visit *v)
{
    response_redirect(v->resp, visit_return_uri(v));
}

void visit_error(struct visit *v, int status, const char *problem)
{
    json_t *data = json_new(v->arena);
    if (!data) {
        response_problem(v->resp, PROBLEM_INTERNAL);
        return;
    }
    json_put_int(data, "status", status);
    json_put_str(data, "problem", str_of(problem));
    json_put_str(data, "reference", v->req->reference);
    if (v->t)
        json_put_str(data, "ui_locales", v->t->ui_locales);
    response_view(v->resp, status, "error", data);
}

void visit_view(struct visit *v, int status, const char *view, json_t *data)
{
    json_put_str(data, "t", v->t->id);
    json_put_str(data, "csrf", v->t->csrf);
    json_put_str(data, "ui_locales", v->t->ui_locales);
    response_view(v->resp, status, view, data);
    v->resp->form_targets = v->t->form_target;
}

void visit_set_cookies(struct visit *v, const struct flow_grant *grant)
{
    if (grant->session_cookie.len > 0)
        response_cookie(v->resp, SESSION_COOKIE, grant->session_cookie, 0);
    if (grant->device_cookie.len > 0)
        response_cookie(v->resp, DEVICE_COOKIE, grant->device_cookie, v->au->config.device_seconds);
}

/* Whether an authorization request waits for the end of this sign-in. */
static bool is_for_application(const struct visit *v)
{
    return v->p->signed_in && v->t->client_id.len > 0 && v->t->begun > 0;
}

/* The next step, or back to where the sign-in came from when this one finished it. */
static void go_on(struct visit *v, const struct flow_grant *grant)
{
    if (grant->session && is_for_application(v))
        v->p->signed_in(v->p, v->req, v->resp, v->t, grant->session);
    else if (grant->session)
        visit_return(v);
    else if (visit_at_step(v, FLOW_DONE))
        visit_return(v);
    visit_set_cookies(v, grant);
}

bool visit_shows_form_again(struct visit *v, enum flow_outcome outcome, const struct flow_grant *grant,
                            struct form_error *error)
{
    switch (outcome) {
    case FLOW_WENT_ON:
        go_on(v, grant);
        return false;
    case FLOW_WRONG:
        *error = (struct form_error){.word = "wrong"};
        return true;
    case FLOW_BRAKED:
        *error = (struct form_error){.word = "braked", .retry_after = grant->retry_after};
        return true;
    case FLOW_OVER:
        visit_error(v, 400, "sign_in_over");
        return false;
    case FLOW_AWAY:
        return refuse(v, PROBLEM_UNAVAILABLE);
    case FLOW_BROKEN:
        break;
    }
    return refuse(v, PROBLEM_INTERNAL);
}

int form_error_put(struct visit *v, const struct form_error *error, json_t *data)
{
    json_put_str(data, "error", str_of(error->word));
    if (!error->word || !str_eq(str_of(error->word), STR("braked")))
        return 200;
    int64_t seconds = error->retry_after > 0 ? error->retry_after : 1;
    json_put_int(data, "retry_minutes", (seconds + 59) / 60);
    response_header(v->resp, "Retry-After", arena_printf(v->arena, "%lld", (long long)seconds));
    return 429;
}

struct flow_request visit_flow_request(const struct visit *v)
{
    return (struct flow_request){
        .source = v->req->source,
        .reference = v->req->reference,
        .device_cookie = request_cookie(v->req, DEVICE_COOKIE),
        .ends_transaction = is_for_application(v),
    };
}

struct str visit_words(const struct visit *v, struct str plain, struct str zh)
{
    struct str asked = v->t ? v->t->ui_locales : STR_EMPTY;
    bool chinese = language_of_request(v->req, asked) == LANGUAGE_ZH_CN;
    return chinese && zh.len > 0 ? zh : plain;
}

struct str visit_asked(const struct visit *v, const char *name)
{
    return pairs_get(&v->t->asked, name);
}

struct str visit_asked_scope(const struct visit *v)
{
    return visit_asked(v, "scope");
}

json_t *visit_word_list(struct str words)
{
    struct str all = words;
    json_t *list = json_array();
    for (struct str word; list && str_word(&words, &word);) {
        struct str before = {all.p, (size_t)(word.p - all.p)};
        if (!str_has_word(before, word))
            json_array_append_new(list, json_stringn(word.p, word.len));
    }
    return list;
}

void visit_put_administers(const struct visit *v, json_t *data)
{
    struct subject subject;
    struct rights rights = {0};
    const struct model *m = v->p->live ? live_model(v->p->live, v->arena) : NULL;
    bool known = m && live_subject_known(v->p->live, v->arena, v->session->person.subject, &subject);
    bool administers =
        known && !subject.disabled &&
        model_rights(m, v->arena, STR(BUILTIN_CLIENT_ID), &subject, NULL, clock_now(), &rights) &&
        rights.roles.n > 0;
    json_object_set_new(data, "administers", json_boolean(administers));
}

struct str visit_person_name(const struct person *person)
{
    return person->display_name.len > 0 ? person->display_name : person->subject;
}

struct str visit_day(const struct visit *v, int64_t at)
{
    char text[16];
    time_t t = (time_t)at;
    struct tm day;
    if (!localtime_r(&t, &day))
        return STR_EMPTY;
    size_t n = strftime(text, sizeof text, "%Y-%m-%d", &day);
    return arena_copy(v->arena, (struct str){text, n});
}
