/*
 * GET and POST /mandates/new: the person gives a mandate, or the representative of a company does for it.
 * Whom to trust is named by user name and by name; both must be right, and what was wrong is not said, so
 * that nobody learns here who has an account. Attempts are braked. A fresh second factor is needed.
 */
#include "authn/throttle.h"
#include "server/base/clock.h"
#include "server/pages/mandate_look.h"
#include "server/token/acting.h"

/* The form is shown for a fresh sign-in only, and taken a little longer, so that it can be filled in. */
enum { FRESH_SECONDS = 300, FILL_IN_SECONDS = 1800 };

struct form {
    struct visit *v;
    struct mandate_place *places;
    size_t place_count;
    const struct mandate *appoint; /* for that company; NULL: for oneself */
    struct mandate_wish wish;
    struct form_error error;
};

static struct str field(const struct form *f, const char *name)
{
    return pairs_get(&f->v->req->form, name);
}

/* A tick of the form: the application's name, or one of its permissions behind it. */
static bool is_ticked(const struct form *f, struct str client_id, struct str permission)
{
    struct str parts[] = {permission.len > 0 ? STR("may:") : STR("at:"), client_id,
                          permission.len > 0 ? STR(" ") : STR_EMPTY, permission};
    const char *name = arena_cstr(f->v->arena, arena_join(f->v->arena, parts, 4));
    return name && field(f, name).len > 0;
}

static json_t *permission_list(const struct form *f, const struct mandate_place *place)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < place->permissions.n; i++) {
        struct str permission = place->permissions.v[i];
        json_t *item = json_object();
        json_put_str(item, "permission", permission);
        json_object_set_new(item, "ticked", json_boolean(is_ticked(f, place->client_id, permission)));
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *place_list(const struct form *f)
{
    struct visit *v = f->v;
    json_t *list = json_array();
    for (size_t i = 0; list && i < f->place_count; i++) {
        const struct mandate_place *place = &f->places[i];
        const struct application *app = applications_find(v->p->applications, v->arena, place->client_id);
        json_t *item = json_object();
        json_put_str(item, "client_id", place->client_id);
        json_put_str(item, "name", app ? visit_words(v, app->name, app->name_zh) : place->client_id);
        json_object_set_new(item, "ticked", json_boolean(is_ticked(f, place->client_id, STR_EMPTY)));
        json_object_set_new(item, "permissions", permission_list(f, place));
        json_array_append_new(list, item);
    }
    return list;
}

static void show(struct form *f)
{
    struct visit *v = f->v;
    json_t *data = json_new(v->arena);
    if (!data) {
        response_problem(v->resp, PROBLEM_INTERNAL);
        return;
    }
    static const char *const typed[] = {"agent", "agent_name", "until"};
    for (size_t i = 0; i < sizeof typed / sizeof typed[0]; i++)
        json_put_str(data, typed[i], field(f, typed[i]));
    bool deputy = field(f, "kind").len > 0 ? str_eq(field(f, "kind"), STR("deputy"))
                                           : str_eq(v->session->person.kind, STR("staff"));
    json_object_set_new(data, "deputy", json_boolean(deputy));
    json_put_str(data, "company", f->appoint ? f->appoint->represented_name : STR_EMPTY);
    json_put_str(data, "for", f->appoint ? f->appoint->id : STR_EMPTY);
    json_put_str(data, "csrf", v->session->csrf);
    json_object_set_new(data, "places", place_list(f));
    int status = form_error_put(v, &f->error, data);
    response_view(v->resp, status, "mandate_new", data);
}

static void refuse(struct form *f, const char *word)
{
    f->error = (struct form_error){.word = word};
    show(f);
}

/* Spaces and the case of Latin letters make no other name. */
static bool is_same_name(struct str a, struct str b)
{
    size_t i = 0, k = 0;
    for (;;) {
        while (i < a.len && a.p[i] == ' ')
            i++;
        while (k < b.len && b.p[k] == ' ')
            k++;
        if (i == a.len || k == b.len)
            return i == a.len && k == b.len;
        if (!str_eq_nocase(str_sub(a, i++, 1), str_sub(b, k++, 1)))
            return false;
    }
}

/* OK only when both names are those of one person who may sign in. */
static enum result find_agent(struct form *f)
{
    struct visit *v = f->v;
    struct person *agent;
    struct str name = field(f, "agent_name");
    enum result r = person_by_login(v->p->directory, v->arena, str_trim(field(f, "agent")), &agent);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? RESULT_REFUSED : r;
    if (agent->disabled || name.len == 0 || !is_same_name(name, agent->display_name))
        return RESULT_REFUSED;
    f->wish.agent = (struct mandate_party){agent->dn, agent->subject, agent->display_name};
    return RESULT_OK;
}

/* Counted first and looked at afterwards, as every guess is. */
static enum result name_agent(struct form *f)
{
    struct visit *v = f->v;
    struct attempt attempt = {
        .account = arena_join(v->arena, (struct str[]){STR("mandate "), v->session->person.uuid}, 2),
        .source = v->req->source};
    enum result r = throttle_enter(v->au, v->arena, &attempt, &f->error.retry_after);
    if (r == RESULT_REFUSED)
        return RESULT_USED;
    if (r == RESULT_OK)
        r = find_agent(f);
    if (r == RESULT_OK)
        throttle_succeeded(v->au, &attempt);
    return r;
}

static size_t permissions_there_are(const struct form *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->place_count; i++)
        n += f->places[i].permissions.n;
    return n;
}

/*
 * Where some permission is ticked anywhere, an application without a tick of its own is meant as a whole: its
 * permissions are then named one by one.
 */
static void read_place(struct form *f, const struct mandate_place *place, bool named)
{
    struct words *may = &f->wish.permissions;
    size_t before = may->n;
    for (size_t i = 0; i < place->permissions.n; i++)
        if (is_ticked(f, place->client_id, place->permissions.v[i]))
            may->v[may->n++] = place->permissions.v[i];
    bool own = may->n > before;
    if (!own && !is_ticked(f, place->client_id, STR_EMPTY))
        return;
    f->wish.applications.v[f->wish.applications.n++] = place->client_id;
    for (size_t i = 0; named && !own && i < place->permissions.n; i++)
        may->v[may->n++] = place->permissions.v[i];
}

static bool any_permission_is_ticked(const struct form *f)
{
    for (size_t i = 0; i < f->place_count; i++)
        for (size_t k = 0; k < f->places[i].permissions.n; k++)
            if (is_ticked(f, f->places[i].client_id, f->places[i].permissions.v[k]))
                return true;
    return false;
}

static bool has(const struct words *list, struct str word)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], word))
            return true;
    return false;
}

/* Whether anything of it is ticked and its permission is not: that alone was then meant to be given. */
static bool is_left_out(const struct form *f, const struct mandate_place *place, struct str permission)
{
    bool own = false;
    for (size_t i = 0; i < place->permissions.n; i++)
        own = own || is_ticked(f, place->client_id, place->permissions.v[i]);
    return own && !is_ticked(f, place->client_id, permission);
}

/*
 * A mandate's permissions hold at each of its applications. What was ticked at one must not give more at
 * another that declares the same.
 */
static bool gives_more_than_ticked(const struct form *f)
{
    const struct mandate_wish *w = &f->wish;
    for (size_t i = 0; i < f->place_count; i++) {
        const struct mandate_place *place = &f->places[i];
        if (!has(&w->applications, place->client_id))
            continue;
        for (size_t k = 0; k < place->permissions.n; k++)
            if (has(&w->permissions, place->permissions.v[k]) &&
                is_left_out(f, place, place->permissions.v[k]))
                return true;
    }
    return false;
}

/* Two applications may declare the same permission; the directory takes a value once. */
static void each_once(struct words *list)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (!has(&(struct words){list->v, n}, list->v[i]))
            list->v[n++] = list->v[i];
    list->n = n;
}

static bool read_reach(struct form *f)
{
    struct mandate_wish *w = &f->wish;
    bool named = any_permission_is_ticked(f);
    w->applications.v = arena_alloc(f->v->arena, (f->place_count + 1) * sizeof(struct str));
    w->permissions.v = arena_alloc(f->v->arena, (permissions_there_are(f) + 1) * sizeof(struct str));
    if (!w->applications.v || !w->permissions.v)
        return false;
    for (size_t i = 0; i < f->place_count; i++)
        read_place(f, &f->places[i], named);
    each_once(&w->permissions);
    return true;
}

static void read_represented(struct form *f)
{
    const struct person *own = &f->v->session->person;
    const struct mandate *company = f->appoint;
    if (company) {
        f->wish.kind = MANDATE_COMPANY;
        f->wish.represented = (struct mandate_party){company->represented_dn, company->represented_sub,
                                                     company->represented_name};
    } else {
        f->wish.kind = str_eq(field(f, "kind"), STR("deputy")) ? MANDATE_DEPUTY : MANDATE_GUARDIAN;
        f->wish.represented = (struct mandate_party){own->dn, own->subject, visit_person_name(own)};
    }
}

static void grant(struct form *f)
{
    struct visit *v = f->v;
    struct mandate_actor by = mandate_actor_of(v);
    enum mandate_fault fault = MANDATE_FAULT_NONE;
    struct str id;
    by.side = MANDATE_REPRESENTED;
    by.dn = f->wish.represented.dn;
    enum result r = mandate_grant(v->au, v->arena, &by, &f->wish, f->places, f->place_count, &id, &fault);
    if (r == RESULT_OK)
        response_redirect(v->resp, STR("/mandates?message=granted"));
    else if (r == RESULT_REFUSED)
        refuse(f, mandate_fault_word(fault));
    else
        response_failure(v->resp, r == RESULT_USED ? RESULT_UNAVAILABLE : r);
}

static void answer_post(struct form *f)
{
    read_represented(f);
    if (!read_reach(f)) {
        response_problem(f->v->resp, PROBLEM_INTERNAL);
        return;
    }
    if (f->wish.applications.n == 0) {
        refuse(f, "application"); /* the command line may leave it open; here it is seen what is given */
        return;
    }
    if (gives_more_than_ticked(f)) {
        refuse(f, "mixed");
        return;
    }
    if (!mandate_day(field(f, "until"), &f->wish.until)) {
        refuse(f, "end");
        return;
    }
    enum result r = name_agent(f);
    if (r == RESULT_OK)
        grant(f);
    else if (r == RESULT_REFUSED)
        refuse(f, "agent");
    else if (r == RESULT_USED) {
        f->error.word = "braked";
        show(f);
    } else {
        response_failure(f->v->resp, r);
    }
}

/* Whether the sign-in is strong and fresh enough to give somebody power over one's matters. */
static bool is_sure(struct form *f)
{
    struct visit *v = f->v;
    int64_t most = v->req->method == HTTP_POST ? FILL_IN_SECONDS : FRESH_SECONDS;
    bool sure = v->session->level >= AUTHN_SUBSTANTIAL && clock_now() - v->session->auth_time <= most;
    if (!sure)
        visit_sign_in(v, mandate_new_uri(v, f->appoint), AUTHN_SUBSTANTIAL, true);
    return sure;
}

/* For which company, if for one: only who represents it now comes further. */
static bool find_appoint(struct form *f, struct mandate_entry *entry)
{
    struct visit *v = f->v;
    bool post = v->req->method == HTTP_POST;
    struct str id = pairs_get(post ? &v->req->form : &v->req->query, "for");
    if (id.len == 0)
        return true;
    enum result r = mandate_representative_by_id(v, id, entry);
    if (r == RESULT_NOT_FOUND)
        response_redirect(v->resp, STR("/mandates?message=changed"));
    else if (r != RESULT_OK)
        response_failure(v->resp, r);
    f->appoint = &entry->md;
    return r == RESULT_OK;
}

void page_mandate_new(void *app, struct request *req, struct response *resp)
{
    struct visit v;
    struct form f = {.v = &v};
    struct mandate_entry entry;
    if (!visit_begin(&v, app, req, resp) || !visit_person(&v, STR("/mandates/new")))
        return;
    if (req->method == HTTP_POST && !visit_form_is_ours(&v, v.session->csrf))
        return;
    if (!find_appoint(&f, &entry) || !is_sure(&f))
        return;
    enum result r = acting_places(v.p, v.arena, &f.places, &f.place_count);
    if (r != RESULT_OK)
        response_failure(resp, r);
    else if (req->method == HTTP_POST)
        answer_post(&f);
    else
        show(&f);
}
