/* GET and POST /account: the person's second factor and what they allowed to applications. */
#include "server/base/clock.h"
#include "server/pages/visit.h"

/* How fresh a sign-in must be for a change of how one signs in. */
enum { FRESH_SECONDS = 300 };

static bool is_fresh(const struct visit *v)
{
    return clock_now() - v->session->auth_time <= FRESH_SECONDS;
}

static json_t *consent_list(struct visit *v, const struct account *acc)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < acc->consent_count; i++) {
        const struct consent *c = &acc->consents[i];
        const struct application *app = applications_find(v->p->applications, v->arena, c->client_id);
        json_t *item = json_object();
        json_put_str(item, "client_id", c->client_id);
        json_put_str(item, "name", app ? visit_words(v, app->name, app->name_zh) : c->client_id);
        json_object_set_new(item, "scopes", visit_word_list(c->scope));
        json_array_append_new(list, item);
    }
    return list;
}

/* What was just done, as the address says it: only words that we put there ourselves. */
static struct str message_of(const struct request *req)
{
    struct str known = STR("enrolled removed forgotten confirmed"), m = pairs_get(&req->query, "message");
    return str_has_word(known, m) ? m : STR_EMPTY;
}

static void show(struct visit *v, const struct account *acc)
{
    json_t *data = json_new(v->arena);
    if (!data) {
        response_problem(v->resp, PROBLEM_INTERNAL);
        return;
    }
    json_put_str(data, "name", visit_person_name(&v->session->person));
    json_put_str(data, "username", v->session->person.subject);
    json_object_set_new(data, "has_totp", json_boolean(acc->has_totp));
    json_put_int(data, "recovery_left", (int64_t)acc->recovery_codes_left);
    json_object_set_new(data, "consents", consent_list(v, acc));
    json_put_str(data, "csrf", v->session->csrf);
    json_put_str(data, "message", message_of(v->req));
    visit_put_administers(v, data);
    response_view(v->resp, 200, "account", data);
}

static void say(struct visit *v, enum result r, struct str path)
{
    if (r == RESULT_OK || r == RESULT_NOT_FOUND)
        response_redirect(v->resp, path);
    else
        response_failure(v->resp, r == RESULT_USED ? RESULT_UNAVAILABLE : r);
}

/*
 * A sign-in that needs two factors, of a person who has one, leads through enrolment. A session that counts
 * as two already, or is not fresh, must not spare it.
 */
static void enrol(struct visit *v, const struct account *acc)
{
    bool again = v->session->level >= AUTHN_SUBSTANTIAL || !is_fresh(v);
    if (acc->has_totp)
        response_redirect(v->resp, STR("/account"));
    else
        visit_sign_in(v, STR("/account?message=enrolled"), AUTHN_SUBSTANTIAL, again);
}

static void remove_factor(struct visit *v, const struct account *acc)
{
    if (!acc->has_totp) {
        response_redirect(v->resp, STR("/account"));
        return;
    }
    if (v->session->level < AUTHN_SUBSTANTIAL || !is_fresh(v)) {
        visit_sign_in(v, STR("/account?message=confirmed"), AUTHN_SUBSTANTIAL, true);
        return;
    }
    struct audit_entry entry = {
        .subject = v->session->person.subject,
        .sid = v->session->sid,
        .source = v->req->source,
        .reference = v->req->reference,
        .detail = STR("totp"),
    };
    enum result r = audit_write(v->p->audit, AUDIT_FACTOR_REMOVED, &entry);
    if (r == RESULT_OK)
        r = account_remove_totp(v->au, v->arena, acc->uuid);
    say(v, r, STR("/account?message=removed"));
}

static void forget_consent(struct visit *v, const struct account *acc)
{
    struct str client_id = pairs_get(&v->req->form, "client_id");
    say(v, account_forget_consent(v->au, v->arena, acc->uuid, client_id), STR("/account?message=forgotten"));
}

static void answer_post(struct visit *v, const struct account *acc)
{
    static const struct {
        struct str name;
        void (*run)(struct visit *v, const struct account *acc);
    } actions[] = {
        {STR("enrol"), enrol},
        {STR("remove"), remove_factor},
        {STR("forget-consent"), forget_consent},
    };
    struct str action = pairs_get(&v->req->form, "action");
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (str_eq(action, actions[i].name)) {
            actions[i].run(v, acc);
            return;
        }
    }
    response_problem(v->resp, PROBLEM_BAD_REQUEST);
}

void page_account(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    struct account acc;
    if (!visit_begin(&v, app, req, resp) || !visit_person(&v, STR("/account")))
        return;
    if (req->method == HTTP_POST && !visit_form_is_ours(&v, v.session->csrf))
        return;
    enum result r = account_read(v.au, v.arena, v.session->person.uuid, &acc);
    if (r != RESULT_OK)
        response_failure(resp, r);
    else if (req->method == HTTP_POST)
        answer_post(&v, &acc);
    else
        show(&v, &acc);
}
