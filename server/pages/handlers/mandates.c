/* GET and POST /mandates: whom the person acts for, who acts for them, and for companies they represent. */
#include "server/pages/mandate_look.h"

#include "server/base/clock.h"

static bool is_open(const struct mandate *md)
{
    return md->state != MANDATE_ENDED && md->until > clock_now();
}

static json_t *list_open(struct visit *v, const struct mandate_entries *all, enum mandate_side side)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < all->n; i++)
        if (is_open(&all->v[i].md))
            json_array_append_new(list, mandate_item(v, &all->v[i], side));
    return list;
}

/* One company that the person represents, and what it gave. */
static enum result put_company(struct visit *v, const struct mandate *appoint, json_t *companies)
{
    struct mandate_entries given;
    enum result r = mandate_list(v->au, v->arena, MANDATE_REPRESENTED, appoint->represented_dn, &given);
    if (r != RESULT_OK)
        return r;
    json_t *item = json_object();
    json_put_str(item, "company", appoint->represented_name);
    json_put_str(item, "new_uri", mandate_new_uri(v, appoint));
    json_object_set_new(item, "given", list_open(v, &given, MANDATE_REPRESENTED));
    json_array_append_new(companies, item);
    return RESULT_OK;
}

static enum result put_companies(struct visit *v, const struct mandate_entries *held, json_t *data)
{
    json_t *companies = json_array();
    enum result r =
        companies && json_object_set_new(data, "companies", companies) == 0 ? RESULT_OK : RESULT_INTERNAL;
    for (size_t i = 0; r == RESULT_OK && i < held->n; i++)
        if (mandate_appoints(&held->v[i].md) && mandate_entry_holds(&held->v[i].md))
            r = put_company(v, &held->v[i].md, companies);
    return r;
}

static enum result fill(struct visit *v, json_t *data)
{
    const struct person *person = &v->session->person;
    struct mandate_entries held, given;
    enum result r = mandate_list(v->au, v->arena, MANDATE_AGENT, person->dn, &held);
    if (r == RESULT_OK)
        r = mandate_list(v->au, v->arena, MANDATE_REPRESENTED, person->dn, &given);
    if (r != RESULT_OK)
        return r;
    json_object_set_new(data, "held", list_open(v, &held, MANDATE_AGENT));
    json_object_set_new(data, "given", list_open(v, &given, MANDATE_REPRESENTED));
    return put_companies(v, &held, data);
}

/* What was just done, as the address says it: only words that we put there ourselves. */
static struct str message_of(const struct request *req)
{
    struct str known = STR("granted confirmed ended changed"), m = pairs_get(&req->query, "message");
    return str_has_word(known, m) ? m : STR_EMPTY;
}

static void show(struct visit *v)
{
    json_t *data = json_new(v->arena);
    enum result r = data ? fill(v, data) : RESULT_INTERNAL;
    if (r != RESULT_OK) {
        response_failure(v->resp, r);
        return;
    }
    json_put_str(data, "name", visit_person_name(&v->session->person));
    json_put_str(data, "csrf", v->session->csrf);
    json_put_str(data, "message", message_of(v->req));
    response_view(v->resp, 200, "mandates", data);
}

/*
 * The side on which the person stands of it: agent, represented, or for a company that they represent.
 * NOT_FOUND when on none.
 */
static enum result find_side(struct visit *v, struct str id, struct mandate_actor *by)
{
    struct mandate_entry e, appoint;
    struct dn_key own;
    enum result r = mandate_read(v->au, v->arena, id, &e);
    if (r != RESULT_OK)
        return r;
    *by = mandate_actor_of(v);
    if (!dn_key_of(by->dn, &own))
        return RESULT_INTERNAL;
    if (dn_key_eq(&own, &e.md.agent))
        return RESULT_OK;
    by->side = MANDATE_REPRESENTED;
    if (dn_key_eq(&own, &e.md.represented))
        return RESULT_OK;
    by->dn = e.md.represented_dn;
    return mandate_representative(v, &e.md.represented, &appoint);
}

static void answer_post(struct visit *v)
{
    struct str action = pairs_get(&v->req->form, "action"), id = pairs_get(&v->req->form, "mandate");
    bool confirms = str_eq(action, STR("confirm"));
    struct mandate_actor by;
    if (!confirms && !str_eq(action, STR("end"))) {
        response_problem(v->resp, PROBLEM_BAD_REQUEST);
        return;
    }
    enum result r = find_side(v, id, &by);
    if (r == RESULT_OK)
        r = confirms ? mandate_confirm(v->au, v->arena, &by, id) : mandate_end(v->au, v->arena, &by, id);
    if (r == RESULT_OK)
        response_redirect(v->resp,
                          confirms ? STR("/mandates?message=confirmed") : STR("/mandates?message=ended"));
    else if (r == RESULT_NOT_FOUND || r == RESULT_REFUSED || r == RESULT_USED)
        response_redirect(v->resp, STR("/mandates?message=changed")); /* the list says how it stands now */
    else
        response_failure(v->resp, r);
}

void page_mandates(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    if (!visit_begin(&v, app, req, resp) || !visit_person(&v, STR("/mandates")))
        return;
    if (req->method != HTTP_POST)
        show(&v);
    else if (visit_form_is_ours(&v, v.session->csrf))
        answer_post(&v);
}
