/* Another's mandate ended. */
#include "server/admin/proposal.h"
#include "server/base/clock.h"

static const struct application_setting rows[] = {
    {"state", "onedoorMandateState", false, "granted, confirmed or ended"}};
static const struct fields mandate_fields = {rows, 1};

static struct str rdn_of(struct proposal *w)
{
    struct str escaped = dn_escape(w->a, w->target);
    return arena_printf(w->a, "cn=" STR_FMT ",ou=mandates", STR_ARG(escaped));
}

enum result kind_mandate_complete(struct proposal *w)
{
    w->after = json_new(w->a);
    if (!w->after)
        return RESULT_INTERNAL;
    fields_put(w->after, "state", STR("ended"));
    return RESULT_OK;
}

enum result kind_mandate_state(struct proposal *w, json_t **now)
{
    return proposal_state(w, rdn_of(w), mandate_fields, now);
}

enum result kind_mandate_check(struct proposal *w)
{
    if (w->seen.count == 0)
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    return json_equal(w->before, w->after) ? proposal_refuse(w, WHY_NOTHING, STR_EMPTY) : RESULT_OK;
}

enum result kind_mandate_apply(struct proposal *w)
{
    char now[25];
    struct planned_changes changes;
    clock_format(now);
    struct str name = actor_name(w->actor);
    struct str step = arena_printf(w->a, "%s " STR_FMT " ended", now, STR_ARG(name));
    if (!fields_changes(w->a, &w->seen, w->after, mandate_fields, &changes) || step.len == 0)
        return RESULT_INTERNAL;
    changes.v[changes.n++] = (struct change){CHANGE_ADD, {"onedoorHistory", &step, 1}};
    return proposal_modify(w, rdn_of(w), mandate_fields, &changes);
}
