#include "server/command/explain_roles.h"

#include "directory/model/catalogue.h"

#include <time.h>

static void print_words(FILE *out, const struct words *words)
{
    for (size_t i = 0; i < words->n; i++)
        fprintf(out, "%s" STR_FMT, i > 0 ? ", " : "", STR_ARG(words->v[i]));
}

static void print_time(FILE *out, const char *before, int64_t seconds)
{
    char text[32];
    time_t t = (time_t)seconds;
    struct tm tm;
    if (seconds != 0 && gmtime_r(&t, &tm) && strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &tm) > 0)
        fprintf(out, ", %s %s", before, text);
}

static bool in_period(const struct explanation *x, const struct assignment *a)
{
    return a->from <= x->now && (a->until == 0 || x->now < a->until);
}

void explain_person(const struct explanation *x)
{
    struct str rest = x->subject->organisations, path;
    struct words groups = {0};
    for (const char *note = " (primary)"; str_word(&rest, &path); note = "") {
        const struct organisation *o = model_organisation(x->model, path);
        fprintf(x->out, "organisation  " STR_FMT "%s", STR_ARG(path), note);
        if (o)
            fprintf(x->out, "  " STR_FMT "  " STR_FMT, STR_ARG(o->name), STR_ARG(o->name_en));
        fprintf(x->out, "%s\n", o ? "" : "  which is not in the directory");
    }
    if (model_groups(x->model, x->arena, x->subject, &groups))
        for (size_t i = 0; i < groups.n; i++)
            fprintf(x->out, "group         " STR_FMT "\n", STR_ARG(groups.v[i]));
}

/* The organisation of the subject that is it or lies below; STR_EMPTY for none. */
static struct str member_path(const struct explanation *x, const struct organisation *top)
{
    struct str rest = x->subject->organisations, path;
    while (str_word(&rest, &path))
        if (model_is_below(x->model, path, top->path))
            return path;
    return STR_EMPTY;
}

/* By what that holder makes the subject hold it, in words; STR_EMPTY when it does not. */
static struct str held_by(const struct explanation *x, struct str dn)
{
    const struct organisation *o = model_organisation_of_dn(x->model, dn);
    const struct group *group = o ? NULL : model_group(x->model, dn);
    struct dn_key key;
    if (o && member_path(x, o).len > 0)
        return arena_printf(x->arena, "by belonging to " STR_FMT, STR_ARG(o->path));
    if (group && model_in_group(x->model, x->subject, dn))
        return arena_printf(x->arena, "by the group " STR_FMT, STR_ARG(group->path));
    if (!o && !group && dn_key_of(dn, &key) && dn_key_eq(&key, &x->subject->dn))
        return STR("by name");
    return STR_EMPTY;
}

static struct str holder_of(const struct explanation *x, const struct assignment *a)
{
    for (size_t i = 0; i < a->holders.n; i++) {
        struct str how = held_by(x, a->holders.v[i]);
        if (how.len > 0)
            return how;
    }
    return STR_EMPTY;
}

static bool holds_now(const struct explanation *x, const struct role *role)
{
    for (size_t i = 0; i < role->assignment_count; i++)
        if (in_period(x, &role->assignments[i]) && holder_of(x, &role->assignments[i]).len > 0)
            return true;
    return false;
}

static void explain_assignment(const struct explanation *x, const struct assignment *a, struct str how)
{
    fprintf(x->out, "  held " STR_FMT, STR_ARG(how));
    if (a->name.len > 0)
        fprintf(x->out, " (assignment " STR_FMT ")", STR_ARG(a->name));
    fprintf(x->out, ", scope %s", scope_word(a->scope));
    if (a->organisations.n > 0) {
        fputs(" of ", x->out);
        print_words(x->out, &a->organisations);
    }
    print_time(x->out, "from", a->from);
    print_time(x->out, "until", a->until);
    fprintf(x->out, "%s\n", in_period(x, a) ? "" : ": not valid at this time");
}

static bool names_role(const struct words *excludes, const struct role *role)
{
    for (size_t i = 0; i < excludes->n; i++) {
        struct str name = excludes->v[i], client;
        if (str_cut(&name, '/', &client) && str_eq(client, role->client_id) && str_eq(name, role->name))
            return true;
    }
    return false;
}

static void explain_exclusions(const struct explanation *x, const struct role *role)
{
    const struct role *const *all;
    size_t n = model_roles(x->model, STR_EMPTY, &all);
    for (size_t i = 0; i < n; i++) {
        bool excludes = names_role(&role->excludes, all[i]) || names_role(&all[i]->excludes, role);
        if (excludes && all[i] != role && holds_now(x, all[i]))
            fprintf(x->out, "  excluded: the role " STR_FMT "/" STR_FMT " is held too, so neither counts\n",
                    STR_ARG(all[i]->client_id), STR_ARG(all[i]->name));
    }
}

static bool has_permission(const struct role *role, struct str permission)
{
    for (size_t i = 0; i < role->permissions.n; i++)
        if (str_eq(role->permissions.v[i], permission))
            return true;
    return false;
}

static void explain_role(const struct explanation *x, const struct role *role)
{
    bool held = false;
    fprintf(x->out, "role " STR_FMT "\n", STR_ARG(role->name));
    for (size_t i = 0; i < role->assignment_count; i++) {
        struct str how = holder_of(x, &role->assignments[i]);
        if (how.len == 0)
            continue;
        explain_assignment(x, &role->assignments[i], how);
        held = true;
    }
    if (held)
        explain_exclusions(x, role);
    else
        fputs("  not held\n", x->out);
}

void explain_roles(const struct explanation *x)
{
    const struct role *const *roles;
    size_t n = model_roles(x->model, x->client_id, &roles), shown = 0;
    for (size_t i = 0; i < n; i++) {
        if (!has_permission(roles[i], x->permission))
            continue;
        explain_role(x, roles[i]);
        shown++;
    }
    if (shown == 0)
        fputs("no role has this permission\n", x->out);
}

static void explain_mandate(const struct explanation *x, const struct mandate *md)
{
    fprintf(x->out, "mandate " STR_FMT ": for " STR_FMT " (" STR_FMT ")", STR_ARG(md->id),
            STR_ARG(md->represented_name), STR_ARG(md->represented_sub));
    print_time(x->out, "from", md->from);
    print_time(x->out, "until", md->until);
    if (md->permissions.n > 0) {
        fputs(", only ", x->out);
        print_words(x->out, &md->permissions);
    }
    if (!mandate_holds(md, x->now))
        fputs(": not confirmed, ended or not valid at this time", x->out);
    else if (!mandate_covers(md, x->client_id))
        fputs(": not for this application", x->out);
    fputs("\n", x->out);
}

void explain_mandates(const struct explanation *x)
{
    const struct mandate *const *mandates;
    size_t n = 0;
    if (!model_mandates_of_agent(x->model, x->arena, &x->subject->dn, &mandates, &n))
        return;
    for (size_t i = 0; i < n; i++)
        explain_mandate(x, mandates[i]);
}
