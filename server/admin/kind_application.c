/* Changes of applications: added, set, removed, taken into use and out of it, and their secrets. */
#include "server/admin/proposal.h"

static struct fields settings(void)
{
    return (struct fields){application_settings, application_setting_count};
}

static bool is_there(const struct proposal *w)
{
    return w->seen.count > 0;
}

/* What a setting's reader says: refused with its words. */
static enum result judged(struct proposal *w, enum result r, struct str detail)
{
    return r == RESULT_REFUSED ? proposal_refuse(w, WHY_NOT_VALID, detail) : r;
}

static enum result unfit(struct proposal *w)
{
    struct str name = fields_unfit(w->after, settings());
    return name.len > 0 ? proposal_refuse(w, WHY_NOT_VALID, name) : RESULT_OK;
}

static enum result plan_add(struct proposal *w, struct entry *e)
{
    size_t n;
    struct str why = STR_EMPTY;
    const struct str *texts = fields_texts(w->a, w->after, &n);
    if (!texts)
        return RESULT_INTERNAL;
    return judged(w, application_plan_add(w->p->directory, w->a, w->target, texts, n, e, &why), why);
}

/*
 * Who creates does not enable: what an administrator adds is out of use until another takes it into use. The
 * defaults are written down, so that `after` is the whole truth.
 */
enum result kind_application_complete_add(struct proposal *w)
{
    struct entry e;
    enum result r = unfit(w);
    if (r == RESULT_OK && !w->actor->root)
        fields_put(w->after, "disabled", STR("TRUE"));
    if (r == RESULT_OK)
        r = plan_add(w, &e);
    if (r == RESULT_OK)
        w->after = fields_of_entry(w->a, &e, settings(), NULL);
    return r == RESULT_OK && !w->after ? RESULT_INTERNAL : r;
}

enum result kind_application_complete_set(struct proposal *w)
{
    if (json_object_get(w->after, "disabled") && !w->actor->root)
        return proposal_refuse(w, WHY_NOT_PERMITTED, STR("disabled"));
    return unfit(w);
}

static enum result complete_use(struct proposal *w, struct str disabled)
{
    w->after = json_new(w->a);
    if (!w->after)
        return RESULT_INTERNAL;
    fields_put(w->after, "disabled", disabled);
    return RESULT_OK;
}

enum result kind_application_complete_enable(struct proposal *w)
{
    return complete_use(w, STR("FALSE"));
}

enum result kind_application_complete_disable(struct proposal *w)
{
    return complete_use(w, STR("TRUE"));
}

enum result kind_application_state(struct proposal *w, json_t **now)
{
    return proposal_state(w, application_rdn(w->a, w->target), settings(), now);
}

enum result kind_application_check_add(struct proposal *w)
{
    struct entry e;
    if (is_there(w))
        return proposal_refuse(w, WHY_EXISTS, w->target);
    return plan_add(w, &e);
}

static enum result plan_set(struct proposal *w, struct planned_changes *changes)
{
    size_t n;
    struct str why = STR_EMPTY;
    const struct str *texts = fields_texts(w->a, w->after, &n);
    if (!texts)
        return RESULT_INTERNAL;
    return judged(w, application_plan_set(w->p->directory, w->a, &w->seen, texts, n, changes, &why), why);
}

enum result kind_application_check_set(struct proposal *w)
{
    struct planned_changes changes;
    if (!is_there(w))
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    enum result r = plan_set(w, &changes);
    return r == RESULT_OK && changes.n == 0 ? proposal_refuse(w, WHY_NOTHING, STR_EMPTY) : r;
}

/* Roles left behind would come back to life with the next application of that name. */
enum result kind_application_check_remove(struct proposal *w)
{
    struct entries roles = {0};
    struct str escaped = dn_escape(w->a, w->target);
    struct str rdn = arena_printf(w->a, "ou=" STR_FMT ",ou=roles", STR_ARG(escaped));
    if (!is_there(w))
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    enum result r = registry_list(w->p->directory, w->a, rdn, "(objectClass=onedoorRole)", &roles);
    if (r == RESULT_OK && roles.n > 0)
        return proposal_refuse(w, WHY_HAS_ROLES, entry_value(&roles.v[0], "cn"));
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

enum result kind_application_apply_add(struct proposal *w)
{
    size_t n;
    struct str why = STR_EMPTY;
    const struct str *texts = fields_texts(w->a, w->after, &n);
    if (!texts)
        return RESULT_INTERNAL;
    return judged(w, application_add(w->p->directory, w->a, w->target, texts, n, &w->secret, &why), why);
}

enum result kind_application_apply_set(struct proposal *w)
{
    struct planned_changes changes;
    enum result r = plan_set(w, &changes);
    if (r != RESULT_OK || changes.n == 0)
        return r;
    return proposal_modify(w, application_rdn(w->a, w->target), settings(), &changes);
}

enum result kind_application_apply_remove(struct proposal *w)
{
    return proposal_delete(w, application_rdn(w->a, w->target), settings());
}

/* Secrets: how many there are is all that is ever told. */

static size_t secrets_of(const struct entry *e)
{
    const struct attribute *at = entry_attribute(e, "onedoorSecretHash");
    return at ? at->count : 0;
}

static enum result put_secrets(struct proposal *w, json_t **object, size_t n)
{
    *object = json_new(w->a);
    struct str count = arena_printf(w->a, "%zu", n);
    if (!*object || count.len == 0)
        return RESULT_INTERNAL;
    fields_put(*object, "secrets", count);
    return RESULT_OK;
}

static enum result complete_secrets(struct proposal *w, int by)
{
    enum result r = registry_read(w->p->directory, w->a, application_rdn(w->a, w->target), &w->seen);
    if (r == RESULT_NOT_FOUND)
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    size_t n = r == RESULT_OK ? secrets_of(&w->seen) : 0;
    if (r == RESULT_OK && by > 0 && n >= 2)
        return proposal_refuse(w, WHY_TWO_SECRETS, STR_EMPTY);
    if (r == RESULT_OK && by < 0 && n < 2)
        return proposal_refuse(w, WHY_NO_SECRET, STR_EMPTY);
    return r == RESULT_OK ? put_secrets(w, &w->after, by > 0 ? n + 1 : 1) : r;
}

enum result kind_application_complete_secret(struct proposal *w)
{
    return complete_secrets(w, 1);
}

enum result kind_application_complete_drop(struct proposal *w)
{
    return complete_secrets(w, -1);
}

enum result kind_application_secret_state(struct proposal *w, json_t **now)
{
    enum result r = registry_read(w->p->directory, w->a, application_rdn(w->a, w->target), &w->seen);
    if (r == RESULT_NOT_FOUND)
        return proposal_refuse(w, WHY_NOT_THERE, w->target);
    return r == RESULT_OK ? put_secrets(w, now, secrets_of(&w->seen)) : r;
}

enum result kind_application_check_secret(struct proposal *w)
{
    if (str_eq(entry_value(&w->seen, "onedoorAuthMethod"), str_of(client_method_name(CLIENT_NONE))))
        return proposal_refuse(w, WHY_NO_SECRET, STR("method=none"));
    return RESULT_OK;
}

enum result kind_application_apply_secret(struct proposal *w)
{
    struct str why = STR_EMPTY;
    if (str_eq(str_of(w->kind->name), STR("application.drop-secret")))
        return application_drop_old_secret(w->p->directory, w->a, w->target);
    return judged(w, application_new_secret(w->p->directory, w->a, w->target, &w->secret, &why), why);
}
