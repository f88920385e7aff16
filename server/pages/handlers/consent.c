/* GET and POST /consent: what the application will get, allowed or denied by the person. */
#include "server/pages/visit.h"
#include "server/token/acting.h"

/* For whom they act, when they chose another than themselves. */
static struct str acting_for(struct visit *v)
{
    const struct mandate *md;
    if (v->t->mandate.len == 0 || acting_mandate(v->p, v->arena, v->t->mandate, v->session->person.dn,
                                                 STR_EMPTY, v->t->client_id, &md) != RESULT_OK)
        return STR_EMPTY; /* that it no longer holds is seen when the sign-in goes on */
    return md->represented_name.len > 0 ? md->represented_name : md->represented_sub;
}

static void show(struct visit *v, const struct application *app)
{
    json_t *data = json_new(v->arena);
    if (!data) {
        response_problem(v->resp, PROBLEM_INTERNAL);
        return;
    }
    json_put_str(data, "application", visit_words(v, app->name, app->name_zh));
    json_put_str(data, "policy_uri", app->policy_uri);
    json_put_str(data, "name", visit_person_name(&v->session->person));
    json_put_str(data, "acting_for", acting_for(v));
    json_object_set_new(data, "scopes", visit_word_list(visit_asked_scope(v)));
    visit_view(v, 200, "consent", data);
}

static enum result write_audit(struct visit *v, enum audit_event event)
{
    struct audit_entry entry = {
        .subject = v->session->person.subject,
        .client_id = v->t->client_id,
        .sid = v->session->sid,
        .source = v->req->source,
        .reference = v->req->reference,
        .detail = visit_asked_scope(v),
    };
    return audit_write(v->p->audit, event, &entry);
}

/* The audit line stands before anything is allowed. */
static enum result allow(struct visit *v)
{
    enum result r = write_audit(v, AUDIT_CONSENT_GIVEN);
    if (r == RESULT_OK)
        r = account_give_consent(v->au, v->arena, v->session->person.uuid, v->t->client_id,
                                 visit_asked_scope(v));
    v->t->consent_done = true;
    return r;
}

static enum result deny(struct visit *v)
{
    v->t->denied = true;
    return write_audit(v, AUDIT_CONSENT_DENIED);
}

static void answer_post(struct visit *v, const struct application *app)
{
    struct str decision = pairs_get(&v->req->form, "decision");
    bool allowed = str_eq(decision, STR("allow"));
    if (!allowed && !str_eq(decision, STR("deny"))) {
        show(v, app);
        return;
    }
    enum result r = allowed ? allow(v) : deny(v);
    if (r == RESULT_OK)
        r = transaction_save(v->au, v->arena, v->t);
    if (r == RESULT_OK)
        visit_return(v);
    else if (r == RESULT_USED || r == RESULT_NOT_FOUND)
        response_problem(v->resp, PROBLEM_UNAVAILABLE);
    else
        response_failure(v->resp, r);
}

void page_consent(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    if (!visit_begin(&v, app, req, resp) || !visit_transaction(&v) || !visit_signed_in(&v))
        return;
    const struct application *asks = applications_find(v.p->applications, v.arena, v.t->client_id);
    if (!asks)
        visit_error(&v, 400, "unknown_client");
    else if (req->method == HTTP_POST)
        answer_post(&v, asks);
    else
        show(&v, asks);
}
