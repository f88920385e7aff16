/* GET, POST /admin/person: a person's second factor, after a lost phone, and the mandates they are in. */
#include "authn/account.h"
#include "server/admin/desk.h"

static void put_mandates(json_t *list, const char *side, const struct mandate *const *all, size_t n)
{
    static const char *const states[] = {"granted", "confirmed", "ended"};
    for (size_t i = 0; i < n; i++) {
        json_t *item = desk_item(list);
        json_put_str(item, "mandate", all[i]->id);
        json_put_str(item, "side", str_of(side));
        json_put_str(item, "represented", all[i]->represented_name);
        json_put_str(item, "state", str_of(states[all[i]->state]));
        json_object_set_new(item, "open", json_boolean(all[i]->state != MANDATE_ENDED));
        desk_time(item, "until", all[i]->until);
    }
}

static enum result put_person(struct desk *d, json_t *data, const struct person *p)
{
    struct account acc;
    struct subject subject;
    const struct mandate *const *all;
    size_t n;
    enum result r = account_read(&d->p->authn, d->a, p->uuid, &acc);
    if (r != RESULT_OK || !subject_of_person(p, &subject))
        return r == RESULT_OK ? RESULT_INTERNAL : r;
    json_put_str(data, "sub", p->subject);
    json_put_str(data, "label", p->display_name.len > 0 ? p->display_name : p->subject);
    json_put_str(data, "organisations", p->organisations);
    json_object_set_new(data, "has_totp", json_boolean(acc.has_totp));
    json_object_set_new(data, "person_disabled", json_boolean(p->disabled));
    json_t *list = desk_list(data, "mandates");
    if (model_mandates_of_agent(d->m, d->a, &subject.dn, &all, &n))
        put_mandates(list, "agent", all, n);
    if (model_mandates_of_represented(d->m, d->a, &subject.dn, &all, &n))
        put_mandates(list, "represented", all, n);
    return RESULT_OK;
}

void page_person(struct desk *d)
{
    struct str name = str_trim(desk_param(d, "name"));
    struct person *p = NULL;
    enum result r = name.len > 0 ? person_by_login(d->p->directory, d->a, name, &p) : RESULT_OK;
    json_t *data = r == RESULT_OK || r == RESULT_NOT_FOUND ? desk_data(d) : NULL;
    if (data && r == RESULT_NOT_FOUND && d->why == WHY_NONE)
        json_put_str(data, "error", str_of(why_name(WHY_NO_HOLDER)));
    if (data && p)
        r = put_person(d, data, p);
    if (r != RESULT_OK && r != RESULT_NOT_FOUND) {
        desk_failure(d, r);
        return;
    }
    if (!data)
        return;
    json_put_str(data, "person", name);
    desk_view(d, "admin_person", data);
}

void page_person_post(struct desk *d)
{
    struct str action = desk_value(d, "action"), name = desk_param(d, "name");
    struct str sub = desk_value(d, "sub"), mandate = desk_value(d, "mandate");
    struct str back = desk_address(d, "/admin/person", "name", name, "", STR_EMPTY);
    if (str_eq(action, STR("remove-factor")) && sub.len > 0) {
        struct proposal w = desk_proposal(d, "account.remove-factor", sub, NULL);
        desk_ask(d, &w, back, page_person);
    } else if (str_eq(action, STR("end-mandate")) && mandate.len > 0) {
        struct proposal w = desk_proposal(d, "mandate.end", mandate, NULL);
        desk_ask(d, &w, back, page_person);
    } else {
        response_problem(d->resp, PROBLEM_BAD_REQUEST);
    }
}
