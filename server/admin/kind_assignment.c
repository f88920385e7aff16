/* Changes of who holds a role: assigned and withdrawn, by those who may everywhere or within organisations.
 */
#include "directory/model/builtin.h"
#include "directory/model/grammar.h"
#include "server/admin/holders.h"
#include "server/admin/roles.h"
#include "server/base/random.h"

static const struct application_setting rows[] = {
    {"holder", "member", true, "DN of a person, group, post or organisation"},
    {"scope", "onedoorDataScope", false,
     "self, department, department-and-below, listed, listed-and-below or all"},
    {"organisation", "onedoorOrganisation", true, "path of an organisation, as 330102/D0412"},
    {"from", "onedoorValidFrom", false, "a time, as 20261231160000Z"},
    {"until", "onedoorValidUntil", false, "a time, as 20261231160000Z"},
    {"note", "description", false, "1 to 500 bytes of plain text"},
};

struct fields assignment_fields(void)
{
    return (struct fields){rows, sizeof rows / sizeof rows[0]};
}

/* What the target names. */
struct place {
    struct str client_id, role, id;
};

static bool place_of(const struct proposal *w, struct place *out)
{
    struct str parts[3];
    if (!proposal_target(w, 3, parts) || !is_model_name(parts[1]) || !is_model_name(parts[2]))
        return false;
    *out = (struct place){parts[0], parts[1], parts[2]};
    return true;
}

struct str assignment_rdn(struct arena *a, struct str client_id, struct str role, struct str id)
{
    struct str escaped = dn_escape(a, id), above = role_rdn(a, client_id, role);
    return arena_printf(a, "cn=" STR_FMT "," STR_FMT, STR_ARG(escaped), STR_ARG(above));
}

/* Whether the actor is bound to organisations. */
static bool is_bound(const struct proposal *w)
{
    return !actor_may_everywhere(w->m, w->actor, w->kind->permission);
}

static bool is_wide(enum data_scope scope)
{
    return scope == SCOPE_DEPARTMENT_AND_BELOW || scope == SCOPE_LISTED_AND_BELOW;
}

static bool is_within(const struct proposal *w, struct str path, bool and_below)
{
    return and_below ? actor_may_below(w->m, w->a, w->actor, w->kind->permission, path)
                     : actor_may_in(w->m, w->actor, w->kind->permission, path);
}

/* Without organisations, "department" would mean all of the person's own, those elsewhere too. */
static enum result bind_organisations(struct proposal *w)
{
    struct attribute holders = fields_values(w->a, w->after, "holder");
    json_t *paths = json_array();
    for (size_t i = 0; i < holders.count; i++) {
        struct holder h;
        enum result r = holder_of_dn(w->p->directory, w->m, w->a, holders.values[i], &h);
        struct str list = r == RESULT_OK && h.kind == HOLDER_PERSON ? h.person.organisations : STR_EMPTY,
                   path;
        while (str_word(&list, &path))
            if (is_within(w, path, false))
                json_array_append_new(paths, json_stringn(path.p, path.len));
        if (r != RESULT_OK && r != RESULT_NOT_FOUND) {
            json_decref(paths);
            return r;
        }
    }
    if (json_array_size(paths) > 0)
        json_object_set(w->after, "organisation", paths);
    json_decref(paths);
    return RESULT_OK;
}

enum result kind_assignment_complete(struct proposal *w)
{
    struct str token = random_token(w->a, 9), unfit = fields_unfit(w->after, assignment_fields());
    if (unfit.len > 0)
        return proposal_refuse(w, WHY_NOT_VALID, unfit);
    w->target = arena_printf(w->a, STR_FMT "/a-" STR_FMT, STR_ARG(w->target), STR_ARG(token));
    if (fields_value(w->after, "scope").len == 0)
        fields_put(w->after, "scope", str_of(scope_word(SCOPE_DEPARTMENT)));
    if (is_bound(w) && !json_is_array(json_object_get(w->after, "organisation")))
        return bind_organisations(w);
    return token.len > 0 ? RESULT_OK : RESULT_INTERNAL;
}

enum result kind_assignment_state(struct proposal *w, json_t **now)
{
    struct place at;
    if (!place_of(w, &at))
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    return proposal_state(w, assignment_rdn(w->a, at.client_id, at.role, at.id), assignment_fields(), now);
}

static enum result check_period(struct proposal *w)
{
    struct str from = fields_value(w->after, "from"), until = fields_value(w->after, "until");
    int64_t begin = 0, end = 0;
    if ((from.len > 0 && !time_read(from, &begin)) || (until.len > 0 && !time_read(until, &end)))
        return proposal_refuse(w, WHY_NOT_VALID, STR("from, until: a time, as 20261231160000Z"));
    return until.len > 0 && end <= begin ? proposal_refuse(w, WHY_PERIOD, STR_EMPTY) : RESULT_OK;
}

static enum result refuse_scope(struct proposal *w, struct str word)
{
    return proposal_refuse(w, WHY_NOT_VALID, arena_printf(w->a, "scope: " STR_FMT, STR_ARG(word)));
}

static enum result check_scope(struct proposal *w, const struct place *at)
{
    struct str word = fields_value(w->after, "scope");
    enum data_scope scope = scope_of_word(word);
    struct attribute paths = fields_values(w->a, w->after, "organisation");
    bool department = str_eq(at->role, STR("department-administrator"));
    if (scope == SCOPE_NONE ||
        ((scope == SCOPE_LISTED || scope == SCOPE_LISTED_AND_BELOW) && paths.count == 0))
        return refuse_scope(w, word);
    /* The three powers are whole; a department's is for its organisations, and says for which. */
    if (is_builtin_application(at->client_id) &&
        (department ? scope == SCOPE_ALL || scope == SCOPE_SELF || paths.count == 0 : scope != SCOPE_ALL))
        return refuse_scope(w, word);
    for (size_t i = 0; i < paths.count; i++)
        if (!model_organisation(w->m, paths.values[i]))
            return proposal_refuse(w, WHY_NO_ORGANISATION, paths.values[i]);
    struct str note = fields_value(w->after, "note");
    return note.len > 500 || !str_is_plain_text(note) ? proposal_refuse(w, WHY_NOT_VALID, STR("note"))
                                                      : RESULT_OK;
}

static enum result check_role(struct proposal *w, const struct place *at, bool *delegated)
{
    struct entry role;
    bool administrators = str_eq(str_of(w->kind->permission), STR("administrator:assign"));
    if (administrators != is_builtin_application(at->client_id))
        return proposal_refuse(w, WHY_NOT_PERMITTED, at->client_id);
    *delegated = false;
    if (administrators && (!builtin_role(at->role) || !str_eq(at->client_id, STR(BUILTIN_CLIENT_ID))))
        return proposal_refuse(w, WHY_NOT_THERE, at->role);
    if (administrators)
        return RESULT_OK;
    enum result r = registry_read(w->p->directory, w->a, role_rdn(w->a, at->client_id, at->role), &role);
    if (r == RESULT_OK && !role_is(&role, at->client_id, at->role))
        r = RESULT_NOT_FOUND;
    if (r == RESULT_OK)
        *delegated = str_eq(entry_value(&role, "onedoorDelegated"), STR("TRUE"));
    return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_NOT_THERE, w->target) : r;
}

/* Whether the person belongs to an organisation within reach. */
static bool is_ours(const struct proposal *w, const struct holder *h)
{
    struct str list = h->person.organisations, path;
    while (h->kind == HOLDER_PERSON && str_word(&list, &path))
        if (is_within(w, path, false))
            return true;
    return false;
}

/*
 * An administrator who is bound to organisations: only roles that are delegated, only people who belong
 * there, and only for organisations that lie within. `what` is the assignment, to be or to end.
 */
static enum result check_bound(struct proposal *w, const json_t *what, bool delegated)
{
    enum data_scope scope = scope_of_word(fields_value(what, "scope"));
    struct attribute paths = fields_values(w->a, what, "organisation"),
                     holders = fields_values(w->a, what, "holder");
    if (!delegated)
        return proposal_refuse(w, WHY_NOT_DELEGATED, w->target);
    if (scope == SCOPE_ALL || paths.count == 0)
        return proposal_refuse(w, WHY_OUTSIDE, fields_value(what, "scope"));
    for (size_t i = 0; i < paths.count; i++)
        if (!is_within(w, paths.values[i], is_wide(scope)))
            return proposal_refuse(w, WHY_OUTSIDE, paths.values[i]);
    for (size_t i = 0; i < holders.count; i++) {
        struct holder h;
        enum result r = holder_of_dn(w->p->directory, w->m, w->a, holders.values[i], &h);
        if (r != RESULT_OK)
            return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_OUTSIDE, STR_EMPTY) : r;
        if (!is_ours(w, &h))
            return proposal_refuse(w, WHY_OUTSIDE, h.name);
    }
    return RESULT_OK;
}

static enum result check_holders(struct proposal *w, const struct place *at)
{
    struct attribute holders = fields_values(w->a, w->after, "holder");
    if (holders.count == 0)
        return proposal_refuse(w, WHY_NO_HOLDER, STR_EMPTY);
    for (size_t i = 0; i < holders.count; i++) {
        struct holder h;
        enum result r = holder_of_dn(w->p->directory, w->m, w->a, holders.values[i], &h);
        if (r != RESULT_OK)
            return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_NO_HOLDER, STR_EMPTY) : r;
        if (is_builtin_application(at->client_id) && h.kind != HOLDER_PERSON)
            return proposal_refuse(w, WHY_PEOPLE_ONLY, h.name);
        if (!w->actor->root && holder_covers(w->m, h.dn, &w->actor->subject))
            return proposal_refuse(w, WHY_NOT_ONESELF, h.name);
        struct str other = holder_excluded_by(w->m, &h, at->client_id, at->role);
        if (other.len > 0)
            return proposal_refuse(w, WHY_EXCLUDED, other);
    }
    return RESULT_OK;
}

enum result kind_assignment_check_assign(struct proposal *w)
{
    struct place at;
    bool delegated;
    struct str unfit = fields_unfit(w->after, assignment_fields());
    if (!place_of(w, &at) || unfit.len > 0)
        return proposal_refuse(w, WHY_NOT_VALID, unfit);
    if (w->seen.count > 0)
        return proposal_refuse(w, WHY_EXISTS, w->target);
    enum result r = check_role(w, &at, &delegated);
    if (r == RESULT_OK && is_bound(w))
        r = check_bound(w, w->after, delegated);
    if (r == RESULT_OK)
        r = check_scope(w, &at);
    if (r == RESULT_OK)
        r = check_period(w);
    return r == RESULT_OK ? check_holders(w, &at) : r;
}

enum result kind_assignment_check_withdraw(struct proposal *w)
{
    struct place at;
    bool delegated;
    if (!place_of(w, &at) || w->seen.count == 0)
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    enum result r = check_role(w, &at, &delegated);
    return r == RESULT_OK && is_bound(w) ? check_bound(w, w->before, delegated) : r;
}

/* Roles of "onedoor" are built in; their entries only carry the assignments, and are made when first needed.
 */
static enum result make_builtin_role(struct proposal *w, const struct place *at)
{
    struct entry e = {.attributes = arena_alloc(w->a, 3 * sizeof *e.attributes)};
    enum result r =
        e.attributes ? role_make(w->p->directory, w->a, at->client_id, at->role, &e) : RESULT_INTERNAL;
    return r == RESULT_USED ? RESULT_OK : r;
}

enum result kind_assignment_apply_assign(struct proposal *w)
{
    struct place at;
    struct entry e;
    struct str class = STR("onedoorAssignment");
    if (!place_of(w, &at) || !fields_attributes(w->a, w->after, assignment_fields(), 2, &e))
        return RESULT_INTERNAL;
    e.attributes[e.count++] = (struct attribute){"objectClass", &class, 1};
    e.attributes[e.count++] = (struct attribute){"cn", &at.id, 1};
    enum result r = is_builtin_application(at.client_id) ? make_builtin_role(w, &at) : RESULT_OK;
    if (r == RESULT_OK)
        r = registry_add(w->p->directory, assignment_rdn(w->a, at.client_id, at.role, at.id), e.attributes,
                         e.count);
    return r;
}

enum result kind_assignment_apply_withdraw(struct proposal *w)
{
    struct place at;
    if (!place_of(w, &at))
        return RESULT_INTERNAL;
    return proposal_delete(w, assignment_rdn(w->a, at.client_id, at.role, at.id), assignment_fields());
}
