/* GET /rights: which departments, roles and permissions the person has, as the directory says now. */
#include "server/base/clock.h"
#include "server/pages/visit.h"

struct look {
    struct visit *v;
    const struct model *model;
    struct subject subject;
};

static void append(json_t *list, struct str text)
{
    json_array_append_new(list, json_stringn(text.p, text.len));
}

static json_t *list_of(const struct words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < words->n; i++)
        append(list, words->v[i]);
    return list;
}

/* By its name in the reader's language; by its path where the directory has none. */
static struct str organisation_name(const struct look *l, struct str path)
{
    const struct organisation *o = model_organisation(l->model, path);
    struct str plain = o && o->name_en.len > 0 ? o->name_en : o ? o->name : STR_EMPTY;
    struct str name = o ? visit_words(l->v, plain, o->name) : STR_EMPTY;
    return name.len > 0 ? name : path;
}

static json_t *organisations(const struct look *l, const struct words *paths)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < paths->n; i++)
        append(list, organisation_name(l, paths->v[i]));
    return list;
}

static json_t *roles(const struct look *l, const struct application *app, const struct words *names)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < names->n; i++) {
        const struct role *r = model_role(l->model, app->client_id, names->v[i]);
        append(list, r && r->display_name.len > 0 ? r->display_name : names->v[i]);
    }
    return list;
}

static json_t *scopes(const struct look *l, const struct rights *rights)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < rights->scope_count; i++) {
        const struct type_scope *s = &rights->scopes[i];
        json_t *item = json_object();
        json_put_str(item, "type", s->resource_type);
        json_put_str(item, "scope", str_of(scope_word(s->scope)));
        json_object_set_new(item, "organisations", organisations(l, &s->organisations));
        json_array_append_new(list, item);
    }
    return list;
}

/* An application at which the person may nothing in particular has no card. */
static bool put_card(const struct look *l, const struct application *app, json_t *cards)
{
    struct rights rights;
    if (!model_rights(l->model, l->v->arena, app->client_id, &l->subject, NULL, clock_now(), &rights))
        return false;
    if (rights.roles.n == 0)
        return true;
    json_t *card = json_object();
    json_put_str(card, "name", visit_words(l->v, app->name, app->name_zh));
    json_object_set_new(card, "roles", roles(l, app, &rights.roles));
    json_object_set_new(card, "entitlements", list_of(&rights.entitlements));
    json_object_set_new(card, "scopes", scopes(l, &rights));
    return json_array_append_new(cards, card) == 0;
}

static bool put_cards(const struct look *l, json_t *data)
{
    const struct application **all;
    size_t n = applications_list(l->v->p->applications, l->v->arena, &all);
    json_t *cards = json_array();
    bool good = cards && json_object_set_new(data, "applications", cards) == 0;
    for (size_t i = 0; good && i < n; i++)
        good = put_card(l, all[i], cards);
    return good;
}

static bool put_departments(const struct look *l, json_t *data)
{
    struct words paths = {0};
    struct str rest = l->subject.organisations, path;
    struct str *room = arena_alloc(l->v->arena, (rest.len / 2 + 1) * sizeof *room);
    while (room && str_word(&rest, &path))
        room[paths.n++] = path;
    paths.v = room;
    return room && json_object_set_new(data, "departments", organisations(l, &paths)) == 0;
}

static enum result fill(struct look *l, json_t *data)
{
    struct visit *v = l->v;
    const struct person *person = &v->session->person;
    l->model = live_model(v->p->live, v->arena);
    if (!l->model)
        return RESULT_UNAVAILABLE;
    /* What the session remembers may be older than what the directory says. */
    enum result r = live_subject_by_uuid(v->p->live, v->arena, person->uuid, &l->subject);
    if (r != RESULT_OK)
        return r;
    if (!data || !put_departments(l, data) || !put_cards(l, data))
        return RESULT_INTERNAL;
    json_put_str(data, "name", visit_person_name(person));
    visit_put_administers(v, data);
    return RESULT_OK;
}

void page_rights(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    if (!visit_begin(&v, app, req, resp))
        return;
    struct look l = {.v = &v};
    json_t *data = json_new(v.arena);
    enum result r = v.session ? fill(&l, data) : RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        response_view(resp, 200, "rights", data);
    else if (r == RESULT_NOT_FOUND)
        visit_sign_in(&v, STR("/rights"), AUTHN_LOW, false);
    else
        response_failure(resp, r);
}
