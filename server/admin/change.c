#include "server/admin/record.h"
#include "server/base/log.h"

static enum result refuse_audited(struct proposal *w, enum why why, struct str detail)
{
    enum result r = record_audit(w, AUDIT_ADMINISTRATION_REFUSED, why_text(why));
    return r == RESULT_OK ? proposal_refuse(w, why, detail) : r;
}

/* Everything that must be true when w->actor brings it about now; sets w->before. */
static enum result examine(struct proposal *w)
{
    if (!actor_may(w->m, w->actor, w->kind->permission))
        return refuse_audited(w, WHY_NOT_PERMITTED, STR_EMPTY);
    if (w->before && json_is_null(w->before) && json_is_null(w->after))
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    enum result r = w->kind->check(w);
    if (r == RESULT_REFUSED &&
        (w->why == WHY_OUTSIDE || w->why == WHY_NOT_DELEGATED || w->why == WHY_EXCLUDED))
        return refuse_audited(w, w->why, w->detail);
    return r;
}

/* What a record says after the change was made, or was not; APPLYING when that is not known. */
static enum change_state state_after(enum result r)
{
    switch (r) {
    case RESULT_OK:
        return CHANGE_DONE;
    case RESULT_USED:
    case RESULT_NOT_FOUND:
        return CHANGE_OVERTAKEN;
    case RESULT_REFUSED:
        return CHANGE_FAILED;
    case RESULT_UNAVAILABLE:
    case RESULT_INTERNAL:
        break;
    }
    return CHANGE_APPLYING;
}

/* After the record stands as APPLYING: makes it, and says in the record what came of it. */
static enum result make(struct proposal *w, struct str by)
{
    enum result r = record_audit(w, AUDIT_CHANGE_MADE, NULL);
    if (r == RESULT_OK)
        r = w->kind->apply(w);
    enum change_state state = state_after(r);
    /* It stays as begun, and the next approval finds out what is true. */
    if (state == CHANGE_APPLYING)
        return r;
    if (state == CHANGE_OVERTAKEN) {
        w->why = WHY_OVERTAKEN;
        r = RESULT_USED;
    }
    if (r != RESULT_OK && record_audit(w, AUDIT_CHANGE_NOT_MADE, why_text(w->why)) != RESULT_OK)
        return RESULT_UNAVAILABLE;
    enum result told = record_move(w->p, w->a, w->id, CHANGE_APPLYING, state, by);
    if (told != RESULT_OK)
        LOG(LOG_LEVEL_WARN, "admin.record_not_closed", LOG_STR("change", w->id),
            LOG_Z("result", result_name(told)));
    return r;
}

enum result change_ask(struct proposal *w)
{
    w->before = NULL;
    if (!w->after)
        w->after = json_null();
    if (!actor_may(w->m, w->actor, w->kind->permission))
        return refuse_audited(w, WHY_NOT_PERMITTED, STR_EMPTY);
    enum result r = w->kind->complete ? w->kind->complete(w) : RESULT_OK;
    if (r == RESULT_OK && !fields_sort(w->after))
        r = RESULT_INTERNAL;
    if (r == RESULT_OK)
        r = w->kind->state(w, &w->before);
    if (r == RESULT_OK)
        r = examine(w);
    if (r != RESULT_OK)
        return r;
    w->waits = !w->actor->root && kind_needs_second(w->p, w->kind);
    r = record_add(w, w->waits ? CHANGE_WAITING : CHANGE_APPLYING);
    if (r != RESULT_OK)
        return r;
    return w->waits ? record_audit(w, AUDIT_CHANGE_ASKED, NULL) : make(w, STR_EMPTY);
}

/* The recorded change as a proposal. */
static enum result take_up(struct proposal *w, struct str id, struct recorded *c)
{
    enum result r = change_find(w->p, w->a, id, c);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_NOT_THERE, id) : r;
    if (!c->kind)
        return proposal_refuse(w, WHY_UNKNOWN_KIND, c->kind_name);
    w->kind = c->kind;
    w->target = c->target;
    w->id = c->id;
    w->before = str_eq(c->before, STR("null")) ? json_null() : json_parse(w->a, c->before);
    w->after = str_eq(c->after, STR("null")) ? json_null() : json_parse(w->a, c->after);
    return w->before && w->after ? RESULT_OK : RESULT_INTERNAL;
}

/* Whether who asked for it may still bring it about; what they may not is not approved by others either. */
static enum result examine_asker(struct proposal *w, struct live *live, const struct recorded *c)
{
    struct actor asker = {.level = AUTHN_SUBSTANTIAL};
    const struct actor *second = w->actor;
    enum result r = live_subject(live, w->a, c->by, &asker.subject);
    if (r == RESULT_NOT_FOUND || (r == RESULT_OK && asker.subject.disabled))
        return proposal_refuse(w, WHY_ASKER_LOST, c->by);
    if (r != RESULT_OK)
        return r;
    w->actor = &asker;
    if (!actor_may(w->m, &asker, w->kind->permission))
        r = proposal_refuse(w, WHY_ASKER_LOST, c->by);
    else
        r = w->kind->check(w);
    w->actor = second;
    return r;
}

static enum result close_as(struct proposal *w, enum change_state from, enum change_state to, enum why why)
{
    enum result r = record_move(w->p, w->a, w->id, from, to, actor_name(w->actor));
    if (r == RESULT_USED) {
        w->why = WHY_DECIDED;
        return r;
    }
    if (r == RESULT_OK)
        r = record_audit(w, AUDIT_CHANGE_NOT_MADE, change_state_word(to));
    w->why = why;
    return r == RESULT_OK ? RESULT_USED : r;
}

static enum result may_decide(struct proposal *w)
{
    if (!actor_may_everywhere(w->m, w->actor, w->kind->permission))
        return refuse_audited(w, WHY_NOT_PERMITTED, STR_EMPTY);
    return RESULT_OK;
}

/* Whether there is still something to decide. */
static enum result is_open(struct proposal *w, const struct recorded *c)
{
    bool begun = c->state == CHANGE_APPLYING && !c->under_way;
    if (c->state == CHANGE_WAITING || c->state == CHANGE_EXPIRED || begun)
        return RESULT_OK;
    w->why = WHY_DECIDED;
    return RESULT_USED;
}

/* What was before must be true still; what a dead server began may be true already. */
static enum result compare(struct proposal *w, const struct recorded *c)
{
    json_t *now = NULL;
    enum result r = w->kind->state(w, &now);
    if (r != RESULT_OK)
        return r;
    if (c->state == CHANGE_APPLYING && json_equal(now, w->after))
        return record_move(w->p, w->a, w->id, CHANGE_APPLYING, CHANGE_DONE, actor_name(w->actor));
    if (!json_equal(now, w->before))
        return close_as(w, c->state, CHANGE_OVERTAKEN, WHY_OVERTAKEN);
    return RESULT_NOT_FOUND;
}

enum result change_approve(struct proposal *w, struct live *live, struct str id)
{
    struct recorded c;
    enum result r = take_up(w, id, &c);
    if (r == RESULT_OK)
        r = may_decide(w);
    if (r == RESULT_OK)
        r = is_open(w, &c);
    if (r != RESULT_OK)
        return r;
    if (c.state == CHANGE_EXPIRED)
        return close_as(w, CHANGE_WAITING, CHANGE_EXPIRED, WHY_EXPIRED);
    if (str_eq(c.by, actor_name(w->actor)))
        return refuse_audited(w, WHY_NOT_SECOND, STR_EMPTY);
    r = compare(w, &c);
    if (r != RESULT_NOT_FOUND)
        return r;
    r = examine(w);
    if (r == RESULT_OK)
        r = examine_asker(w, live, &c);
    if (r == RESULT_REFUSED && w->why == WHY_ASKER_LOST)
        return close_as(w, c.state, CHANGE_FAILED, WHY_ASKER_LOST);
    if (r != RESULT_OK)
        return r;
    /* One approval alone gets past this line. */
    if (c.state == CHANGE_WAITING)
        r = record_move(w->p, w->a, w->id, CHANGE_WAITING, CHANGE_APPLYING, actor_name(w->actor));
    if (r == RESULT_USED)
        w->why = WHY_DECIDED;
    return r == RESULT_OK ? make(w, actor_name(w->actor)) : r;
}

enum result change_turn_down(struct proposal *w, struct str id)
{
    struct recorded c;
    enum result r = take_up(w, id, &c);
    if (r != RESULT_OK)
        return r;
    bool first = str_eq(c.by, actor_name(w->actor));
    if (!first)
        r = may_decide(w);
    if (r == RESULT_OK)
        r = is_open(w, &c);
    if (r == RESULT_OK && c.state == CHANGE_APPLYING) {
        r = compare(w, &c);
        if (r != RESULT_NOT_FOUND)
            return r;
        r = RESULT_OK;
    }
    if (r != RESULT_OK)
        return r;
    enum change_state from = c.state == CHANGE_EXPIRED ? CHANGE_WAITING : c.state;
    r = close_as(w, from, first ? CHANGE_WITHDRAWN : CHANGE_REFUSED, WHY_NONE);
    return r == RESULT_USED && w->why == WHY_NONE ? RESULT_OK : r;
}

bool change_visible(const struct model *m, const struct actor *who, const struct recorded *c)
{
    if (str_eq(c->by, actor_name(who)) || actor_may(m, who, "change:read"))
        return true;
    return c->kind && actor_may_everywhere(m, who, c->kind->permission);
}

enum result change_note_before(struct proposal *w)
{
    w->after = json_null();
    return w->kind->state(w, &w->before);
}

enum result change_note_after(struct proposal *w)
{
    w->after = json_null();
    enum result r = w->kind->state(w, &w->after);
    fields_differ(w->before, w->after);
    if (r == RESULT_OK)
        r = record_add(w, CHANGE_DONE);
    return r == RESULT_OK ? record_audit(w, AUDIT_CHANGE_MADE, NULL) : r;
}
