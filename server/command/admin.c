/* onedoor admin: who administers. Root appoints the first; afterwards security administrators do it on their
 * pages. */
#include "server/command/command.h"

#include "directory/model/builtin.h"
#include "server/admin/change.h"
#include "server/admin/holders.h"

#include <stdlib.h>

static const struct actor root = {.root = true};

static enum result load(struct provider *p, struct arena *a, const struct model **m)
{
    enum result r = live_load(p->live, NULL);
    *m = r == RESULT_OK ? live_model(p->live, a) : NULL;
    return r == RESULT_OK && !*m ? RESULT_INTERNAL : r;
}

static struct proposal proposal_of(struct provider *p, struct arena *a, const struct model *m,
                                   const char *kind, struct str target)
{
    return (struct proposal){
        .p = p, .a = a, .m = m, .actor = &root, .kind = kind_find(str_of(kind)), .target = target};
}

static int fail(const char *name, const struct proposal *w, enum result r)
{
    struct str why = STR_EMPTY;
    if (w->why != WHY_NONE)
        why = w->detail.len > 0 ? arena_printf(w->a, "%s: " STR_FMT, why_text(w->why), STR_ARG(w->detail))
                                : str_of(why_text(w->why));
    return command_fail(name, r, why);
}

/* A department's administrator reaches the organisations that are named, else the person's own, and below. */
static json_t *wish_of(struct arena *a, const struct person *who, bool department, int argc, char **argv)
{
    json_t *after = json_new(a), *paths = json_array();
    struct str own = who->organisations, word;
    for (int i = 0; i < argc; i++)
        json_array_append_new(paths, json_string(argv[i]));
    while (argc == 0 && str_word(&own, &word))
        json_array_append_new(paths, json_stringn(word.p, word.len));
    if (after != NULL) {
        fields_put(after, "holder", who->dn);
        fields_put(after, "scope", str_of(scope_word(department ? SCOPE_DEPARTMENT_AND_BELOW : SCOPE_ALL)));
        if (department)
            json_object_set(after, "organisation", paths);
    }
    json_decref(paths);
    return after;
}

static int admin_grant(struct provider *p, struct arena *a, int argc, char **argv)
{
    const struct model *m;
    struct person *who = NULL;
    struct str role = str_of(argv[1]), name = str_of(argv[2]);
    if (builtin_role(role) == NULL)
        return command_fail("admin grant", RESULT_REFUSED,
                            STR("there is no such role; there are: system-administrator, "
                                "security-administrator, audit-administrator, department-administrator"));
    enum result r = load(p, a, &m);
    if (r == RESULT_OK)
        r = person_by_login(p->directory, a, name, &who);
    if (r != RESULT_OK)
        return command_fail("admin grant", r,
                            r == RESULT_NOT_FOUND ? STR("there is no such person") : STR_EMPTY);
    struct proposal w = proposal_of(p, a, m, "administrator.assign",
                                    arena_printf(a, BUILTIN_CLIENT_ID "/" STR_FMT, STR_ARG(role)));
    bool department = str_eq(role, STR("department-administrator"));
    w.after = wish_of(a, who, department, argc - 3, argv + 3);
    r = w.after != NULL ? change_ask(&w) : RESULT_INTERNAL;
    return r == RESULT_OK ? EXIT_SUCCESS : fail("admin grant", &w, r);
}

static bool names(const struct model *m, const struct assignment *as, const struct subject *who)
{
    for (size_t i = 0; i < as->holders.n; i++)
        if (holder_covers(m, as->holders.v[i], who))
            return true;
    return false;
}

static int admin_withdraw(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    const struct model *m;
    struct person *who = NULL;
    struct subject subject;
    struct str name = str_of(argv[1]);
    size_t done = 0;
    enum result r = load(p, a, &m);
    if (r == RESULT_OK)
        r = person_by_login(p->directory, a, str_of(argv[2]), &who);
    if (r != RESULT_OK || !subject_of_person(who, &subject))
        return command_fail("admin withdraw", r, STR_EMPTY);
    const struct role *role = model_role(m, STR(BUILTIN_CLIENT_ID), name);
    for (size_t i = 0; role != NULL && i < role->assignment_count; i++) {
        const struct assignment *as = &role->assignments[i];
        if (as->name.len == 0 || !names(m, as, &subject))
            continue;
        struct proposal w = proposal_of(
            p, a, m, "administrator.withdraw",
            arena_printf(a, BUILTIN_CLIENT_ID "/" STR_FMT "/" STR_FMT, STR_ARG(name), STR_ARG(as->name)));
        r = change_ask(&w);
        if (r != RESULT_OK)
            return fail("admin withdraw", &w, r);
        done++;
    }
    return done > 0
               ? EXIT_SUCCESS
               : command_fail("admin withdraw", RESULT_NOT_FOUND, STR("the person does not hold that role"));
}

static enum result print_holder(struct provider *p, struct arena *a, const struct model *m,
                                const struct role *role, const struct assignment *as)
{
    for (size_t i = 0; i < as->holders.n; i++) {
        struct holder h;
        enum result r = holder_of_dn(p->directory, m, a, as->holders.v[i], &h);
        if (r != RESULT_OK && r != RESULT_NOT_FOUND)
            return r;
        struct str name = r == RESULT_OK ? h.name : as->holders.v[i];
        printf(STR_FMT "\t" STR_FMT "\t%s", STR_ARG(role->name), STR_ARG(name), scope_word(as->scope));
        for (size_t o = 0; o < as->organisations.n; o++)
            printf("\t" STR_FMT, STR_ARG(as->organisations.v[o]));
        putchar('\n');
    }
    return RESULT_OK;
}

static int admin_list(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc, (void)argv;
    const struct model *m;
    const struct role *const *roles;
    enum result r = load(p, a, &m);
    if (r != RESULT_OK)
        return command_fail("admin list", r, STR_EMPTY);
    size_t n = model_roles(m, STR(BUILTIN_CLIENT_ID), &roles);
    for (size_t i = 0; r == RESULT_OK && i < n; i++)
        for (size_t j = 0; r == RESULT_OK && j < roles[i]->assignment_count; j++)
            r = print_holder(p, a, m, roles[i], &roles[i]->assignments[j]);
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("admin list", r, STR_EMPTY);
}

int command_admin(const char *config, int argc, char **argv)
{
    static const struct action actions[] = {
        {"grant", 2, admin_grant}, {"withdraw", 2, admin_withdraw}, {"list", 0, admin_list}};
    return command_run_action(config, argc, argv, actions, sizeof actions / sizeof actions[0]);
}
