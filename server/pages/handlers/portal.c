/* GET /: the applications that this person may open. */
#include "server/pages/visit.h"
#include "server/token/acting.h"

/* For themselves, or for somebody who is asked for at its door. */
static bool may_open(struct visit *v, const struct application *app)
{
    const struct mandate **choices;
    size_t n = 0;
    return rights_admit(v->p, v->arena, app, &v->session->person) == RESULT_OK ||
           (acting_choices(v->p, v->arena, v->session->person.dn, app, &choices, &n) == RESULT_OK && n > 0);
}

static void put_card(struct visit *v, json_t *cards, const struct application *app)
{
    if (app->home_uri.len == 0 || !may_open(v, app))
        return;
    json_t *card = json_object();
    json_put_str(card, "name", visit_words(v, app->name, app->name_zh));
    json_put_str(card, "description", visit_words(v, app->description, app->description_zh));
    json_put_str(card, "uri", app->home_uri);
    json_put_str(card, "level", str_of(acr_word(app->required_level)));
    json_array_append_new(cards, card);
}

void page_portal(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    if (!visit_begin(&v, app, req, resp))
        return;
    if (!v.session) {
        visit_sign_in(&v, STR("/"), AUTHN_LOW, false);
        return;
    }
    const struct application **all;
    size_t n = applications_list(v.p->applications, v.arena, &all);
    json_t *data = json_new(v.arena), *cards = json_array();
    if (!data || !cards) {
        json_decref(cards);
        response_problem(resp, PROBLEM_INTERNAL);
        return;
    }
    for (size_t i = 0; i < n; i++)
        put_card(&v, cards, all[i]);
    json_object_set_new(data, "applications", cards);
    json_put_str(data, "name", visit_person_name(&v.session->person));
    json_put_str(data, "csrf", v.session->csrf);
    visit_put_administers(&v, data);
    response_view(resp, 200, "portal", data);
}
