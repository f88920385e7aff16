/* GET /admin/changes: what waits, and for who reviews, the history. GET, POST /admin/change: one change. */
#include "server/admin/days.h"
#include "server/admin/desk.h"
#include "server/base/clock.h"

enum { SHOWN_MAX = 500 };

static void put_change(json_t *item, const struct recorded *c)
{
    json_put_str(item, "id", c->id);
    json_put_str(item, "kind", c->kind_name);
    json_put_str(item, "state", str_of(change_state_word(c->state)));
    json_put_str(item, "target", c->target);
    json_put_str(item, "by", c->by);
    json_put_str(item, "decided_by", c->decided_by);
    desk_time(item, "time", c->time);
}

static void put_list(struct desk *d, json_t *list, const struct recorded *all, size_t n)
{
    for (size_t i = 0; i < n && json_array_size(list) < SHOWN_MAX; i++)
        if (change_visible(d->m, &d->actor, &all[i]))
            put_change(desk_item(list), &all[i]);
}

static enum result put_history(struct desk *d, json_t *data)
{
    struct recorded *all;
    size_t n;
    int64_t from, to;
    if (!month_read(desk_param(d, "month"), &from, &to) &&
        !month_read(month_text(d->a, clock_now(), 0), &from, &to))
        return RESULT_INTERNAL;
    enum result r = change_list(d->p, d->a, from, to, &all, &n);
    if (r != RESULT_OK)
        return r;
    put_list(d, desk_list(data, "history"), all, n);
    json_put_str(data, "month", month_text(d->a, from, 0));
    json_put_str(data, "month_before", month_text(d->a, from, -1));
    json_put_str(data, "month_after", month_text(d->a, from, 1));
    json_object_set_new(data, "more", json_boolean(n > SHOWN_MAX));
    return RESULT_OK;
}

void page_changes(struct desk *d)
{
    struct recorded *waiting;
    size_t n;
    enum result r = change_list_waiting(d->p, d->a, &waiting, &n);
    json_t *data = r == RESULT_OK ? desk_data(d) : NULL;
    if (data) {
        put_list(d, desk_list(data, "waiting"), waiting, n);
        if (desk_may(d, "change:read"))
            r = put_history(d, data);
    }
    if (r != RESULT_OK)
        desk_failure(d, r);
    else if (data)
        desk_view(d, "admin_changes", data);
}

/* NOT_FOUND (and answered) also for a change that is not this administrator's business. */
static bool find(struct desk *d, struct recorded *c)
{
    enum result r = change_find(d->p, d->a, desk_param(d, "id"), c);
    if (r == RESULT_OK && change_visible(d->m, &d->actor, c))
        return true;
    if (r == RESULT_OK || r == RESULT_NOT_FOUND)
        desk_not_found(d);
    else
        desk_failure(d, r);
    return false;
}

void page_change(struct desk *d)
{
    struct recorded c;
    json_t *data = find(d, &c) ? desk_data(d) : NULL;
    if (!data)
        return;
    bool own = str_eq(c.by, d->actor.subject.id),
         open = c.state == CHANGE_WAITING || (c.state == CHANGE_APPLYING && !c.under_way);
    bool decides = c.kind && desk_may_everywhere(d, c.kind->permission);
    put_change(data, &c);
    desk_rows(d, data, json_parse(d->a, c.before), json_parse(d->a, c.after));
    json_object_set_new(data, "open", json_boolean(open && (own || decides)));
    json_object_set_new(data, "own", json_boolean(own));
    desk_view(d, "admin_change", data);
}

static const char *message_for(const struct desk *d, const struct recorded *c, struct str action)
{
    if (str_eq(action, STR("approve")))
        return "done";
    return str_eq(c->by, d->actor.subject.id) ? "withdrawn" : "refused";
}

void page_change_post(struct desk *d)
{
    struct recorded c;
    struct str action = desk_value(d, "action");
    bool approve = str_eq(action, STR("approve"));
    if (!approve && !str_eq(action, STR("turn-down"))) {
        response_problem(d->resp, PROBLEM_BAD_REQUEST);
        return;
    }
    if (!find(d, &c))
        return;
    struct proposal w = desk_proposal(d, "", STR_EMPTY, NULL);
    enum result r = approve ? change_approve(&w, d->p->live, c.id) : change_turn_down(&w, c.id);
    if (r == RESULT_OK && w.secret.len == 0)
        desk_done(d, desk_address(d, "/admin/change", "id", c.id, "", STR_EMPTY), message_for(d, &c, action));
    else
        desk_answer(d, &w, r, STR("/admin/changes"), page_change);
}
