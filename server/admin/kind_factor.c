/* A person's second factor taken away, after a lost phone. */
#include "authn/account_parts.h"
#include "server/admin/proposal.h"

/* Since when there is one: that names it without telling anything of it. */
static const struct application_setting rows[] = {
    {"second-factor-since", ATTRIBUTE_SINCE, false, "Unix seconds"}};
static const struct fields factor_fields = {rows, 1};

static enum result find(struct proposal *w, struct person **p)
{
    enum result r = person_by_subject(w->p->directory, w->a, w->target, p);
    return r == RESULT_NOT_FOUND ? proposal_refuse(w, WHY_NO_HOLDER, w->target) : r;
}

/* The person by the one name that they have: a directory finds them by others too. */
enum result kind_factor_complete(struct proposal *w)
{
    struct person *p = NULL;
    enum result r = find(w, &p);
    if (r != RESULT_OK)
        return r;
    w->target = p->subject;
    w->after = json_new(w->a);
    if (!w->after)
        return RESULT_INTERNAL;
    json_object_set_new(w->after, rows[0].name, json_null());
    return RESULT_OK;
}

static enum result rdn_of(struct proposal *w, struct str *rdn)
{
    struct person *p = NULL;
    enum result r = find(w, &p);
    *rdn = r == RESULT_OK ? account_rdn(w->a, p->uuid) : STR_EMPTY;
    return r;
}

enum result kind_factor_state(struct proposal *w, json_t **now)
{
    struct str rdn;
    enum result r = rdn_of(w, &rdn);
    return r == RESULT_OK ? proposal_state(w, rdn, factor_fields, now) : r;
}

enum result kind_factor_check(struct proposal *w)
{
    if (!w->actor->root && str_eq(w->target, w->actor->subject.id))
        return proposal_refuse(w, WHY_NOT_ONESELF, STR_EMPTY);
    return entry_attribute(&w->seen, ATTRIBUTE_SEED) ? RESULT_OK
                                                     : proposal_refuse(w, WHY_NO_FACTOR, w->target);
}

enum result kind_factor_apply(struct proposal *w)
{
    struct str rdn;
    const struct attribute *seed = entry_attribute(&w->seen, ATTRIBUTE_SEED);
    enum result r = seed ? rdn_of(w, &rdn) : RESULT_USED;
    if (r == RESULT_OK)
        r = audit_write(w->p->audit, AUDIT_FACTOR_REMOVED,
                        &(struct audit_entry){.subject = w->target, .detail = STR("by administrator")});
    if (r != RESULT_OK)
        return r;
    const struct change changes[] = {{CHANGE_DELETE, *seed},
                                     {CHANGE_REPLACE, {ATTRIBUTE_RECOVERY, NULL, 0}},
                                     {CHANGE_REPLACE, {ATTRIBUTE_SINCE, NULL, 0}}};
    /* Recovery codes may be spent meanwhile; the seed alone must still be the one that was seen. */
    return registry_modify(w->p->directory, rdn, changes, 3);
}
