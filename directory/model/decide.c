/*
 * One decision. Every assignment by which the subject holds a role with the permission is a candidate; each
 * is stopped by something or by nothing, and the one that comes furthest gives the answer.
 */
#include "directory/model/reach.h"

/* What is known of the resource, from the registry or else from a caller that is believed. */
struct resource {
    bool asked; /* some resource is meant, not the type as a whole */
    bool owner_is_mail;
    struct str owner, organisation;
};

struct question {
    const struct model *m;
    const struct evaluation *q;
    const struct application_node *app;
    uint32_t permission;
    struct resource resource;
    struct decision *out;
};

/* How far a candidate came that was stopped for that reason. */
static const int furthest[REASON_COUNT] = {
    [REASON_NO_ROLE] = 0, [REASON_PERIOD] = 1,     [REASON_EXCLUDED] = 2,
    [REASON_SCOPE] = 3,   [REASON_PROPERTIES] = 4, [REASON_ALLOWED] = 5,
};

static const struct resource_type *type_of(const struct application_part *app, struct str name)
{
    for (size_t i = 0; i < app->type_count; i++)
        if (str_eq(app->types[i].name, name))
            return &app->types[i];
    return NULL;
}

const struct resource_type *model_resource_type(const struct model *m, struct str client_id, struct str name)
{
    const struct application_node *app = model_application(m, client_id);
    return app ? type_of(app->of, name) : NULL;
}

static struct resource resource_of(const struct model *m, const struct application_node *app,
                                   const struct evaluation *q)
{
    const struct resource_type *type = type_of(app->of, q->resource_type);
    struct resource r = {.asked = q->resource_id.len > 0 || q->owner.len > 0 || q->organisation.len > 0,
                         .owner_is_mail = type && type->owner_is_mail,
                         .owner = q->owner,
                         .organisation = q->organisation};
    const struct resource_item *known =
        q->resource_id.len > 0 ? model_resource(m, q->client_id, q->resource_type, q->resource_id) : NULL;
    if (known && known->owner.len > 0)
        r.owner = known->owner;
    if (known && known->organisation.len > 0)
        r.organisation = known->organisation;
    return r;
}

static bool owns(const struct resource *r, struct str sub, const struct subject *subject)
{
    if (r->owner_is_mail)
        return subject && subject->mail.len > 0 && str_eq_nocase(r->owner, subject->mail);
    return sub.len > 0 && str_eq(r->owner, sub);
}

static bool in_words(struct str path, struct words list, bool below, const struct model *m)
{
    for (size_t i = 0; i < list.n; i++)
        if (below ? model_is_below(m, path, list.v[i]) : str_eq(path, list.v[i]))
            return true;
    return false;
}

static bool in_own(struct str path, struct str own, bool below, const struct model *m)
{
    struct str word;
    while (str_word(&own, &word))
        if (below ? model_is_below(m, path, word) : str_eq(path, word))
            return true;
    return false;
}

static enum decision_reason reaches(const struct question *x, const struct assignment *a,
                                    const struct holder *h)
{
    const struct resource *r = &x->resource;
    const struct subject *subject = x->q->subject;
    struct words bases;
    struct str room;
    enum data_scope scope = scope_in_full(x->m, a, h, &bases, &room);
    bool below = scope == SCOPE_DEPARTMENT_AND_BELOW || scope == SCOPE_LISTED_AND_BELOW, reached;
    if (scope == SCOPE_ALL || !r->asked)
        return REASON_ALLOWED;
    if ((scope == SCOPE_SELF ? r->owner : r->organisation).len == 0)
        return REASON_PROPERTIES;
    if (scope == SCOPE_SELF)
        reached = owns(r, subject->id, subject);
    else if (scope == SCOPE_DEPARTMENT || scope == SCOPE_DEPARTMENT_AND_BELOW)
        reached = in_own(r->organisation, subject->organisations, below, x->m);
    else
        reached = in_words(r->organisation, bases, below, x->m);
    return reached ? REASON_ALLOWED : REASON_SCOPE;
}

static enum decision_reason judge(const struct question *x, uint32_t holding, const struct holder *h)
{
    const struct holding *held = &x->m->holdings[holding];
    const struct evaluation *q = x->q;
    if (!assignment_holds(held->of, q->now))
        return REASON_PERIOD;
    if (role_is_barred(x->m, held->role, q->subject, q->mandate, q->agent, q->now))
        return REASON_EXCLUDED;
    return reaches(x, held->of, h);
}

/* Takes the candidate's answer when it came further than all before it. */
static void consider(const struct question *x, uint32_t holding, const struct holder *h, bool *first)
{
    const struct holding *held = &x->m->holdings[holding];
    enum decision_reason reason = judge(x, holding, h);
    if (!*first && furthest[reason] <= furthest[x->out->reason])
        return;
    *first = false;
    x->out->reason = reason;
    x->out->role = x->m->roles[held->role].name;
    x->out->holder = holder_name(x->m, h);
    x->out->scope = held->of->scope;
}

static void by_roles(const struct question *x)
{
    struct walk walk;
    struct holder h;
    bool first = true;
    x->out->reason = REASON_NO_ROLE;
    walk_begin(&walk, x->m, x->q->subject);
    while (x->out->reason != REASON_ALLOWED && walk_next(&walk, &h)) {
        struct cursor cursor = cursor_of(x->m, &h, x->app->holdings);
        for (uint32_t i; x->out->reason != REASON_ALLOWED && (i = cursor_next(&cursor)) != NO_NUMBER;)
            if (model_role_has(x->m, x->m->holdings[i].role, x->permission))
                consider(x, i, &h, &first);
    }
}

/* A company or a child has no roles: their agent reaches what is theirs. */
static void by_mandate(const struct question *x)
{
    const struct mandate *md = x->q->mandate;
    const struct resource *r = &x->resource;
    struct str sub = x->q->subject ? x->q->subject->id : md->represented_sub;
    x->out->holder = md->id;
    x->out->scope = SCOPE_SELF;
    x->out->reason = REASON_ALLOWED;
    if (r->asked && r->owner.len == 0)
        x->out->reason = REASON_PROPERTIES;
    else if (r->asked && !owns(r, sub, x->q->subject))
        x->out->reason = REASON_SCOPE;
}

static bool mandate_fits(const struct question *x)
{
    const struct mandate *md = x->q->mandate;
    const struct permission *p = &x->app->of->permissions[x->permission];
    if (!x->app->of->takes_mandates || !mandate_holds(md, x->q->now) || !mandate_covers(md, x->q->client_id))
        return false;
    if (x->q->subject && !dn_key_eq(&x->q->subject->dn, &md->represented))
        return false;
    return mandate_permits(md, p);
}

static void decide(struct question *x)
{
    const struct evaluation *q = x->q;
    struct decision *out = x->out;
    bool without_roles = q->mandate && q->mandate->kind != MANDATE_DEPUTY;
    if (!q->subject && !without_roles)
        out->reason = REASON_UNKNOWN_SUBJECT;
    else if (q->subject && q->subject->disabled)
        out->reason = REASON_DISABLED;
    else if (q->mandate && !mandate_fits(x))
        out->reason = REASON_MANDATE;
    else if (without_roles)
        by_mandate(x);
    else
        by_roles(x);
    if (out->reason == REASON_ALLOWED && q->identity_level < out->needed_identity)
        out->reason = REASON_IDENTITY;
    if (out->reason == REASON_ALLOWED && q->level < out->needed_level)
        out->reason = REASON_ASSURANCE;
}

void model_decide(const struct model *m, const struct evaluation *q, struct decision *out)
{
    const struct application_node *app = model_application(m, q->client_id);
    *out = (struct decision){.reason = REASON_UNKNOWN_APPLICATION};
    if (!app || app->of->disabled)
        return;
    struct question x = {.m = m, .q = q, .app = app, .out = out};
    x.permission = model_permission_number(app->of, q->resource_type, q->action);
    out->reason = REASON_UNKNOWN_PERMISSION;
    if (x.permission == NO_NUMBER)
        return;
    out->needed_level = app->of->permissions[x.permission].level;
    out->needed_identity = app->of->permissions[x.permission].identity_level;
    x.resource = resource_of(m, app, q);
    decide(&x);
}
