/*
 * A holder that a role's own entry names, as simple cases of the directory have them, taken out of it. New
 * ones are assigned by entries of their own.
 */
#include "directory/model/builtin.h"
#include "server/admin/roles.h"

static const struct application_setting rows[] = {
    {"holder", "member", true, "DN of a person, group, post or organisation"}};
static const struct fields member_fields = {rows, 1};

static struct str rdn_of(struct proposal *w)
{
    struct str parts[2];
    return proposal_target(w, 2, parts) ? role_rdn(w->a, parts[0], parts[1]) : STR_EMPTY;
}

/* `after` comes as the holder that goes, and leaves as those that stay. */
enum result kind_member_complete(struct proposal *w)
{
    struct entry role;
    struct str rdn = rdn_of(w), gone = fields_value(w->after, "holder");
    if (rdn.len == 0 || gone.len == 0)
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    enum result r = registry_read(w->p->directory, w->a, rdn, &role);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_NOT_THERE, w->target) : r;
    const struct attribute *members = entry_attribute(&role, "member");
    json_t *left = json_array();
    for (size_t i = 0; members && i < members->count; i++)
        if (!str_eq(members->values[i], gone))
            json_array_append_new(left, json_stringn(members->values[i].p, members->values[i].len));
    bool found = members && json_array_size(left) < members->count;
    json_object_set_new(w->after, "holder", json_array_size(left) > 0 ? json_incref(left) : json_null());
    json_decref(left);
    return found ? RESULT_OK : proposal_refuse(w, WHY_NOT_THERE, gone);
}

enum result kind_member_state(struct proposal *w, json_t **now)
{
    return proposal_state(w, rdn_of(w), member_fields, now);
}

/* Such a role reaches as its entry says, for everybody it names: that is not a department's to change. */
enum result kind_member_check(struct proposal *w)
{
    struct str parts[2];
    if (!proposal_target(w, 2, parts) || w->seen.count == 0 || !role_is(&w->seen, parts[0], parts[1]))
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    if (is_builtin_application(parts[0]))
        return proposal_refuse(w, WHY_NOT_PERMITTED, parts[0]);
    if (!actor_may_everywhere(w->m, w->actor, w->kind->permission))
        return proposal_refuse(w, WHY_OUTSIDE, w->target);
    return RESULT_OK;
}

enum result kind_member_apply(struct proposal *w)
{
    struct planned_changes changes;
    if (!fields_changes(w->a, &w->seen, w->after, member_fields, &changes))
        return RESULT_INTERNAL;
    return proposal_modify(w, rdn_of(w), member_fields, &changes);
}
