/* GET and POST /signin/act: for whom the person acts at this application: themselves, or by a mandate. */
#include "authn/acts.h"
#include "server/pages/visit.h"
#include "server/token/acting.h"

#define SELF STR("self")

/* What is marked already: the last choice at this application, or whom the application expects. */
static bool is_marked(struct visit *v, const struct mandate *md)
{
    struct act act;
    struct str asked = visit_asked(v, "act_as");
    if (asked.len > 0)
        return str_eq(asked, md ? md->represented_sub : SELF);
    if (!acts_find(v->arena, v->session->acts, v->t->client_id, &act))
        return false;
    return str_eq(act.mandate, md ? md->id : STR_EMPTY);
}

static json_t *choice_list(struct visit *v, const struct mandate *const *choices, size_t n)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < n; i++) {
        const struct mandate *md = choices[i];
        json_t *item = json_object();
        json_put_str(item, "id", md->id);
        json_put_int(item, "number", (int64_t)i + 1);
        json_put_str(item, "who", md->represented_name.len > 0 ? md->represented_name : md->represented_sub);
        json_put_str(item, "kind", str_of(mandate_kind_word(md->kind)));
        json_put_str(item, "until", visit_day(v, md->until));
        json_object_set_new(item, "marked", json_boolean(is_marked(v, md)));
        json_array_append_new(list, item);
    }
    return list;
}

static void show(struct visit *v, const struct application *app, const char *error)
{
    const struct mandate **choices;
    const struct person *person = &v->session->person;
    size_t n;
    json_t *data = json_new(v->arena);
    enum result admits = rights_admit(v->p, v->arena, app, person);
    enum result r = admits == RESULT_REFUSED ? RESULT_OK : admits;
    if (r == RESULT_OK)
        r = data ? acting_choices(v->p, v->arena, person->dn, app, &choices, &n) : RESULT_INTERNAL;
    if (r != RESULT_OK) {
        response_failure(v->resp, r);
        return;
    }
    bool self = admits == RESULT_OK || n == 0;
    json_put_str(data, "application", visit_words(v, app->name, app->name_zh));
    json_put_str(data, "name", visit_person_name(person));
    json_put_str(data, "error", str_of(error));
    json_object_set_new(data, "self", json_boolean(self));
    json_object_set_new(data, "marked", json_boolean(is_marked(v, NULL)));
    json_object_set_new(data, "choices", choice_list(v, choices, n));
    visit_view(v, 200, "act", data);
}

/* NOT_FOUND whatever is wrong with it: somebody else's, unconfirmed, over, not for this application. */
static enum result choose(struct visit *v, const struct application *app, struct str id)
{
    const struct mandate *md;
    struct person represented;
    enum result r = acting_mandate(v->p, v->arena, id, v->session->person.dn, STR_EMPTY, app->client_id, &md);
    if (r == RESULT_OK)
        r = acting_represented(v->p, v->arena, md, &represented);
    if (r == RESULT_OK)
        r = rights_admit(v->p, v->arena, app, &represented);
    if (r != RESULT_OK)
        return r == RESULT_REFUSED ? RESULT_NOT_FOUND : r;
    struct audit_entry entry = {
        .subject = v->session->person.subject,
        .client_id = app->client_id,
        .sid = v->session->sid,
        .source = v->req->source,
        .reference = v->req->reference,
        .target = md->id,
    };
    v->t->mandate = md->id;
    return audit_write(v->p->audit, AUDIT_MANDATE_CHOSEN, &entry);
}

static void answer_post(struct visit *v, const struct application *app)
{
    struct str chosen = pairs_get(&v->req->form, "act");
    enum result r = RESULT_OK;
    if (chosen.len == 0) {
        show(v, app, "empty");
        return;
    }
    v->t->mandate = STR_EMPTY;
    if (!str_eq(chosen, SELF))
        r = choose(v, app, chosen);
    if (r == RESULT_NOT_FOUND) {
        show(v, app, "gone");
        return;
    }
    v->t->act_done = true;
    if (r == RESULT_OK)
        r = transaction_save(v->au, v->arena, v->t);
    if (r == RESULT_OK)
        visit_return(v);
    else
        response_failure(v->resp, r == RESULT_NOT_FOUND || r == RESULT_USED ? RESULT_UNAVAILABLE : r);
}

void page_act(void *app, struct request *req, struct response *resp)
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
        /* What was chosen and no longer holds brings the browser back here. */
        show(&v, asks, v.t->act_done ? "gone" : NULL);
}
