/* GET and POST /signin: name and password. */
#include "server/pages/visit.h"

/* Who asks, what level it needs, and what it will get: said before anybody signs in. */
static void put_application(struct visit *v, json_t *data)
{
    json_put_str(data, "level", str_of(acr_word(v->t->needed)));
    if (v->t->client_id.len == 0)
        return;
    const struct application *app = applications_find(v->p->applications, v->arena, v->t->client_id);
    if (!app)
        return;
    json_put_str(data, "application", visit_words(v, app->name, app->name_zh));
    json_put_str(data, "policy_uri", app->policy_uri);
    json_object_set_new(data, "scopes", visit_word_list(visit_asked_scope(v)));
}

static void show(struct visit *v, struct str username, const struct form_error *error)
{
    json_t *data = json_new(v->arena);
    if (!data) {
        response_problem(v->resp, PROBLEM_INTERNAL);
        return;
    }
    put_application(v, data);
    json_put_str(data, "username", username);
    visit_view(v, form_error_put(v, error, data), "signin", data);
}

static void answer_post(struct visit *v)
{
    struct str username = pairs_get(&v->req->form, "username");
    struct str password = pairs_get(&v->req->form, "password");
    struct form_error error = {.word = "empty"};
    if (username.len == 0 || password.len == 0) {
        show(v, username, &error);
        return;
    }
    struct flow_grant grant = {.retry_after = 0};
    struct flow_request fr = visit_flow_request(v);
    enum flow_outcome outcome = flow_password(v->au, v->arena, v->t, &fr, username, password, &grant);
    if (visit_shows_form_again(v, outcome, &grant, &error))
        show(v, username, &error);
}

void page_signin(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    if (!visit_begin(&v, app, req, resp))
        return;
    if (req->method != HTTP_POST && pairs_count(&req->query, "t") == 0) {
        visit_sign_in(&v, STR("/"), AUTHN_LOW, false);
        return;
    }
    if (!visit_transaction(&v))
        return;
    if (req->method == HTTP_POST)
        answer_post(&v);
    else if (visit_at_step(&v, FLOW_PASSWORD))
        show(&v, v.t->login_hint, &(struct form_error){.word = NULL});
}
