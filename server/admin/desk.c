#include "server/admin/desk.h"

#include "authn/transaction.h"
#include "server/admin/admin.h"
#include "server/admin/form.h"
#include "server/base/clock.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/secret.h"

#include <time.h>

enum {
    DESK_MEMORY = 16 << 20,
    FRESH_SECONDS = 900, /* how fresh a sign-in must be for a change */
    CHOICES_MAX = 2000
};

struct str desk_param(const struct desk *d, const char *name)
{
    return pairs_get(&d->req->query, name);
}

struct str desk_value(const struct desk *d, const char *name)
{
    return pairs_get(&d->req->form, name);
}

bool desk_is_again(const struct desk *d)
{
    return d->req->method == HTTP_POST;
}

bool desk_may(const struct desk *d, const char *permission)
{
    return actor_may(d->m, &d->actor, permission);
}

bool desk_may_everywhere(const struct desk *d, const char *permission)
{
    return actor_may_everywhere(d->m, &d->actor, permission);
}

void desk_not_found(struct desk *d)
{
    response_problem(d->resp, PROBLEM_NOT_FOUND);
}

void desk_failure(struct desk *d, enum result r)
{
    response_failure(d->resp, r);
}

json_t *desk_list(json_t *data, const char *name)
{
    json_t *list = json_array();
    return list && json_object_set_new(data, name, list) == 0 ? list : NULL;
}

json_t *desk_item(json_t *list)
{
    json_t *item = list ? json_object() : NULL;
    return item && json_array_append_new(list, item) == 0 ? item : NULL;
}

void desk_label(json_t *item, struct str plain, struct str zh)
{
    json_put_str(item, "label", plain.len > 0 ? plain : zh);
    json_put_str(item, "label_zh", zh.len > 0 ? zh : plain);
}

void desk_time(json_t *item, const char *name, int64_t at)
{
    char out[32];
    struct tm t;
    time_t when = (time_t)at;
    if (at != 0 && localtime_r(&when, &t) && strftime(out, sizeof out, "%Y-%m-%d %H:%M", &t) > 0)
        json_put_str(item, name, str_of(out));
}

struct str desk_digest(struct desk *d, const json_t *object)
{
    unsigned char digest[DIGEST_SIZE];
    struct str text = json_text(d->a, object);
    if (text.len == 0 || !sha256(&text, 1, digest))
        return STR_EMPTY;
    return base64url_encode(d->a, (struct str){(const char *)digest, DIGEST_SIZE});
}

static struct str encoded(struct desk *d, struct str value)
{
    struct buf b;
    buf_init(&b, 4096);
    url_encode(&b, value);
    struct str text = arena_copy(d->req->arena, buf_str(&b));
    buf_free(&b);
    return text;
}

struct str desk_address(struct desk *d, const char *path, const char *name, struct str value,
                        const char *name2, struct str value2)
{
    struct str first = encoded(d, value), second = encoded(d, value2);
    if (name2[0] == '\0')
        return arena_printf(d->req->arena, "%s?%s=" STR_FMT, path, name, STR_ARG(first));
    return arena_printf(d->req->arena, "%s?%s=" STR_FMT "&%s=" STR_FMT, path, name, STR_ARG(first), name2,
                        STR_ARG(second));
}

void desk_done(struct desk *d, struct str address, const char *message)
{
    const char *mark = str_has(address, '?') ? "&" : "?";
    response_redirect(d->resp,
                      arena_printf(d->req->arena, STR_FMT "%smessage=%s", STR_ARG(address), mark, message));
}

/* What was just done, as the address says it: only words that we put there ourselves. */
static struct str message_of(const struct desk *d)
{
    struct str known = STR("done waits refused withdrawn confirmed"),
               m = pairs_get(&d->req->query, "message");
    return str_has_word(known, m) ? m : STR_EMPTY;
}

json_t *desk_data(struct desk *d)
{
    static const struct {
        const char *name, *permission;
    } flags[] = {{"may_applications", "application:read"},
                 {"may_write", "application:write"},
                 {"may_enable", "application:enable"},
                 {"may_roles", "role:read"},
                 {"may_define", "role:write"},
                 {"may_assign", "role:assign"},
                 {"may_administrators", "administrator:assign"},
                 {"may_people", "account:remove-factor"},
                 {"may_audit", "audit:read"},
                 {"may_history", "change:read"}};
    json_t *data = json_new(d->req->arena);
    if (!data) {
        response_problem(d->resp, PROBLEM_INTERNAL);
        return NULL;
    }
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        json_object_set_new(data, flags[i].name, json_boolean(desk_may(d, flags[i].permission)));
    json_object_set_new(data, "may_decide", json_boolean(!desk_may(d, "audit:read")));
    json_put_str(data, "csrf", d->session->csrf);
    json_put_str(data, "message", d->why == WHY_NONE ? message_of(d) : STR_EMPTY);
    if (d->why != WHY_NONE) {
        json_put_str(data, "error", str_of(why_name(d->why)));
        json_put_str(data, "error_detail", d->detail);
        form_tell_blamed(d, data);
    }
    return data;
}

void desk_view(struct desk *d, const char *view, json_t *data)
{
    response_view(d->resp, d->why == WHY_NONE ? 200 : 422, view, data);
}

struct proposal desk_proposal(struct desk *d, const char *kind, struct str target, json_t *after)
{
    return (struct proposal){.p = d->p,
                             .a = d->a,
                             .m = d->m,
                             .actor = &d->actor,
                             .kind = kind_find(str_of(kind)),
                             .target = target,
                             .after = after};
}

static void show_secret(struct desk *d, const struct proposal *w)
{
    json_t *data = desk_data(d);
    if (!data)
        return;
    json_put_str(data, "target", w->target);
    json_put_str(data, "secret", w->secret);
    desk_view(d, "admin_secret", data);
}

void desk_answer(struct desk *d, struct proposal *w, enum result r, struct str address,
                 void (*again)(struct desk *d))
{
    switch (r) {
    case RESULT_OK:
        if (w->secret.len > 0)
            show_secret(d, w);
        else if (w->waits)
            desk_done(d, desk_address(d, "/admin/change", "id", w->id, "", STR_EMPTY), "waits");
        else
            desk_done(d, address, "done");
        return;
    case RESULT_REFUSED:
    case RESULT_USED:
    case RESULT_NOT_FOUND:
        /* What one may not is as if it were not there. */
        if (w->why == WHY_NOT_PERMITTED) {
            desk_not_found(d);
            return;
        }
        d->why = w->why != WHY_NONE ? w->why : WHY_OVERTAKEN;
        d->detail = w->detail;
        d->kind = w->kind->name;
        again(d);
        return;
    case RESULT_UNAVAILABLE:
    case RESULT_INTERNAL:
        break;
    }
    desk_failure(d, r);
}

void desk_ask(struct desk *d, struct proposal *w, struct str address, void (*again)(struct desk *d))
{
    desk_answer(d, w, change_ask(w), address, again);
}

static void put_values(json_t *row, const char *name, const json_t *values, bool flag)
{
    json_t *list = desk_list(row, name);
    for (size_t i = 0; list && i < json_array_size(values); i++) {
        json_t *value = json_array_get(values, i);
        struct str text = {json_string_value(value), json_string_length(value)};
        struct str word = flag ? form_choice(text) : text;
        json_array_append_new(list, json_stringn(word.p, word.len));
    }
}

void desk_rows(struct desk *d, json_t *data, const json_t *before, const json_t *after)
{
    json_t *names = json_new(d->a), *list = desk_list(data, "rows"), *value;
    const char *name;
    json_object_update(names, (json_t *)(uintptr_t)before);
    json_object_update(names, (json_t *)(uintptr_t)after);
    json_object_foreach(names, name, value)
    {
        json_t *row = desk_item(list);
        json_put_str(row, "field", str_of(name));
        bool flag = form_is_flag(name);
        json_object_set_new(row, "flag", json_boolean(flag));
        put_values(row, "before", json_object_get(before, name), flag);
        put_values(row, "after", json_object_get(after, name), flag);
    }
}

static void put_organisations(struct desk *d, json_t *list, const char *permission, struct str top)
{
    const struct organisation *const *below;
    size_t n;
    if (!model_organisations_below(d->m, d->a, top, &below, &n))
        return;
    for (size_t i = 0; i < n && json_array_size(list) < CHOICES_MAX; i++) {
        if (actor_may_in(d->m, &d->actor, permission, below[i]->path)) {
            json_t *item = desk_item(list);
            json_put_str(item, "path", below[i]->path);
            desk_label(item, below[i]->name_en, below[i]->name);
        }
        put_organisations(d, list, permission, below[i]->path);
    }
}

void desk_choices(struct desk *d, json_t *data, const char *permission)
{
    put_organisations(d, desk_list(data, "organisations"), permission, STR_EMPTY);
    if (!desk_may_everywhere(d, permission))
        return;
    const struct group *const *groups;
    size_t n = model_group_list(d->m, &groups);
    json_t *list = desk_list(data, "groups");
    for (size_t i = 0; i < n && i < CHOICES_MAX; i++) {
        json_t *item = desk_item(list);
        json_put_str(item, "path", groups[i]->path);
        json_put_str(item, "label", groups[i]->description);
    }
}

/* Answers: begins a sign-in with a second factor that leads back here. */
static void sign_in(struct desk *d, bool again)
{
    struct str to = d->req->path, sent = request_cookie(d->req, BROWSER_COOKIE), cookie = sent;
    if (d->req->query_raw.len > 0)
        to = arena_join(d->req->arena, (struct str[]){to, STR("?"), d->req->query_raw}, 3);
    struct transaction t = {.return_to = to, .needed = AUTHN_SUBSTANTIAL, .reauthenticate = again};
    enum result r = transaction_begin(&d->p->authn, d->req->arena, &t, &cookie);
    if (r != RESULT_OK) {
        desk_failure(d, r);
        return;
    }
    response_redirect(d->resp, arena_join(d->req->arena, (struct str[]){STR("/signin?t="), t.id}, 2));
    if (!str_eq(sent, cookie))
        response_cookie(d->resp, BROWSER_COOKIE, cookie, 0);
}

/* NOT_FOUND: nobody is signed in here, or not any more. */
static enum result find_session(struct desk *d)
{
    struct str cookie = request_cookie(d->req, SESSION_COOKIE);
    enum result r =
        cookie.len > 0 ? session_find(&d->p->authn, d->req->arena, cookie, &d->session) : RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        r = live_subject_by_uuid(d->p->live, d->a, d->session->person.uuid, &d->actor.subject);
    if (r == RESULT_OK && d->actor.subject.disabled)
        r = RESULT_NOT_FOUND;
    return r == RESULT_REFUSED || r == RESULT_USED ? RESULT_NOT_FOUND : r;
}

/* Whether an administrator asks, signed in strongly enough; answers when not. */
static bool open_desk(struct desk *d)
{
    enum result r = find_session(d);
    if (r == RESULT_NOT_FOUND) {
        sign_in(d, false);
        return false;
    }
    d->m = r == RESULT_OK ? live_model(d->p->live, d->a) : NULL;
    if (r != RESULT_OK || !d->m) {
        desk_failure(d, r != RESULT_OK ? r : RESULT_UNAVAILABLE);
        return false;
    }
    d->actor.level = d->session->level;
    d->actor.sid = d->session->sid;
    d->actor.source = d->req->source;
    d->actor.reference = d->req->reference;
    if (!actor_is_administrator(d->m, d->a, &d->actor.subject)) {
        desk_not_found(d);
        return false;
    }
    if (d->session->level >= AUTHN_SUBSTANTIAL)
        return true;
    sign_in(d, false);
    return false;
}

/* A post must come from our own page, and from somebody who signed in a short while ago. */
static bool form_is_ours(struct desk *d)
{
    if (!request_is_same_origin(d->req) ||
        !equal_constant_time(pairs_get(&d->req->form, "csrf"), d->session->csrf)) {
        response_problem(d->resp, PROBLEM_FORBIDDEN_ORIGIN);
        return false;
    }
    if (clock_now() - d->session->auth_time <= FRESH_SECONDS)
        return true;
    sign_in(d, true);
    return false;
}

static const struct page *find_page(const struct desk *d)
{
    for (size_t i = 0; i < admin_page_count; i++) {
        const struct page *page = &admin_page_table[i];
        if (str_eq(d->req->path, str_of(page->path)))
            return !page->permission || desk_may(d, page->permission) ? page : NULL;
    }
    return NULL;
}

static void answer(struct desk *d)
{
    struct str twice;
    if (!pairs_unique(&d->req->query, &twice) || !pairs_unique(&d->req->form, &twice)) {
        response_problem(d->resp, PROBLEM_PARAMETER_TWICE);
        return;
    }
    if (!open_desk(d))
        return;
    const struct page *page = find_page(d);
    bool posts = d->req->method == HTTP_POST;
    if (!page || (posts && !page->post))
        desk_not_found(d);
    else if (!posts)
        page->show(d);
    else if (form_is_ours(d))
        page->post(d);
}

void admin_pages(void *app, struct request *req, struct response *resp)
{
    struct desk d = {.p = app, .req = req, .resp = resp, .a = arena_new(DESK_MEMORY)};
    if (d.a)
        answer(&d);
    else
        response_problem(resp, PROBLEM_INTERNAL);
    arena_free(d.a);
}
