/* onedoor mandate: who acts for whom, for the counter that sees the papers. */
#include "server/command/command.h"

#include "authn/mandate_edit.h"
#include "directory/company.h"
#include "server/token/acting.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COMPANY_PREFIX "company:"

static const struct mandate_actor counter = {.side = MANDATE_ADMINISTRATOR};

/* A person by what they sign in with, or a company as company:ID. */
static enum result find_party(struct provider *p, struct arena *a, struct str name, struct mandate_party *out)
{
    struct person *person;
    struct company *company;
    if (!str_starts(name, STR(COMPANY_PREFIX))) {
        enum result r = person_by_login(p->directory, a, name, &person);
        if (r == RESULT_OK)
            *out = (struct mandate_party){person->dn, person->subject, person->display_name};
        return r;
    }
    enum result r = company_by_id(p->directory, a, str_sub(name, strlen(COMPANY_PREFIX), name.len), &company);
    if (r == RESULT_OK)
        *out = (struct mandate_party){company->dn, company->id, company->name};
    return r;
}

static void print_words(const char *name, const struct words *list)
{
    for (size_t i = 0; i < list->n; i++)
        printf("%s=" STR_FMT "\n", name, STR_ARG(list->v[i]));
}

static void print_day(int64_t at)
{
    char text[32];
    struct tm day;
    time_t t = (time_t)at;
    if (localtime_r(&t, &day) && strftime(text, sizeof text, "%Y-%m-%d", &day) > 0)
        fputs(text, stdout);
}

static void print_line(const struct mandate_entry *e)
{
    printf(STR_FMT "\t%s\t%s\t" STR_FMT "\t" STR_FMT "\t", STR_ARG(e->md.id), mandate_kind_word(e->md.kind),
           mandate_state_word(e->md.state), STR_ARG(e->md.represented_sub), STR_ARG(e->md.agent_dn));
    print_day(e->md.until);
    putchar('\n');
}

static int mandate_list_all(struct provider *p, struct arena *a, int argc, char **argv)
{
    struct mandate_party party = {STR_EMPTY, STR_EMPTY, STR_EMPTY};
    struct mandate_entries given, held = {NULL, 0};
    bool named = argc > 1;
    enum result r = named ? find_party(p, a, str_of(argv[1]), &party) : RESULT_OK;
    if (r == RESULT_OK)
        r = mandate_list(&p->authn, a, named ? MANDATE_REPRESENTED : MANDATE_ADMINISTRATOR, party.dn, &given);
    if (r == RESULT_OK && named)
        r = mandate_list(&p->authn, a, MANDATE_AGENT, party.dn, &held);
    if (r != RESULT_OK)
        return command_fail("mandate list", r, STR_EMPTY);
    for (size_t i = 0; i < given.n; i++)
        print_line(&given.v[i]);
    for (size_t i = 0; i < held.n; i++)
        print_line(&held.v[i]);
    return EXIT_SUCCESS;
}

static int mandate_show(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    struct mandate_entry e;
    enum result r = mandate_read(&p->authn, a, str_of(argv[1]), &e);
    if (r != RESULT_OK)
        return command_fail("mandate show", r, STR_EMPTY);
    printf("kind=%s\nstate=%s\nrepresented=" STR_FMT "\nsub=" STR_FMT "\nname=" STR_FMT "\nagent=" STR_FMT
           "\nuntil=",
           mandate_kind_word(e.md.kind), mandate_state_word(e.md.state), STR_ARG(e.md.represented_dn),
           STR_ARG(e.md.represented_sub), STR_ARG(e.md.represented_name), STR_ARG(e.md.agent_dn));
    print_day(e.md.until);
    putchar('\n');
    print_words("application", &e.md.applications);
    print_words("permission", &e.md.permissions);
    print_words("history", &e.history);
    return EXIT_SUCCESS;
}

/* What follows the kind and the names: "until=2027-12-31", "application=ID", "permission=T:A", words. */
static bool read_option(struct mandate_wish *w, struct str option)
{
    struct str value = option, name;
    if (str_eq(option, STR("confirmed")))
        return w->confirmed = true;
    if (str_eq(option, STR("representative")))
        return w->appoints = true;
    if (!str_has(option, '=') || !str_cut(&value, '=', &name) || value.len == 0)
        return false;
    if (str_eq(name, STR("until")))
        return mandate_day(value, &w->until);
    struct words *list = str_eq(name, STR("application"))  ? &w->applications
                         : str_eq(name, STR("permission")) ? &w->permissions
                                                           : NULL;
    if (list != NULL)
        list->v[list->n++] = value;
    return list != NULL;
}

static enum result read_wish(struct provider *p, struct arena *a, int argc, char **argv,
                             struct mandate_wish *w, struct str *why)
{
    size_t room = (size_t)argc * sizeof(struct str);
    *w = (struct mandate_wish){.applications = {arena_alloc(a, room), 0},
                               .permissions = {arena_alloc(a, room), 0}};
    if (!w->applications.v || !w->permissions.v)
        return RESULT_INTERNAL;
    *why = STR("the kind is company, guardian or deputy, and only a company is named company:ID");
    if (!mandate_kind_of_word(str_of(argv[1]), &w->kind) ||
        (w->kind == MANDATE_COMPANY) != str_starts(str_of(argv[2]), STR(COMPANY_PREFIX)) ||
        str_starts(str_of(argv[3]), STR(COMPANY_PREFIX)))
        return RESULT_REFUSED;
    for (int i = 4; i < argc; i++)
        if (!read_option(w, str_of(argv[i]))) {
            *why = arena_printf(
                a,
                "%s: accepted: until=2027-12-31, application=ID, permission=TYPE:ACTION, confirmed, "
                "representative",
                argv[i]);
            return RESULT_REFUSED;
        }
    *why = STR("there is no such person or company");
    enum result r = find_party(p, a, str_of(argv[2]), &w->represented);
    return r == RESULT_OK ? find_party(p, a, str_of(argv[3]), &w->agent) : r;
}

static int mandate_give(struct provider *p, struct arena *a, int argc, char **argv)
{
    struct mandate_wish w;
    struct mandate_place *places = NULL;
    size_t n = 0;
    struct str id, why = STR_EMPTY;
    enum mandate_fault fault = MANDATE_FAULT_NONE;
    enum result r = read_wish(p, a, argc, argv, &w, &why);
    if (r == RESULT_OK)
        r = applications_refresh(p->applications);
    if (r == RESULT_OK)
        r = acting_places(p, a, &places, &n);
    if (r == RESULT_OK) {
        r = mandate_grant(&p->authn, a, &counter, &w, places, n, &id, &fault);
        why = str_of(mandate_fault_text(fault));
    }
    if (r != RESULT_OK)
        return command_fail("mandate grant", r,
                            r == RESULT_REFUSED || r == RESULT_NOT_FOUND ? why : STR_EMPTY);
    printf("mandate=" STR_FMT "\n", STR_ARG(id));
    return EXIT_SUCCESS;
}

static int mandate_stop(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)argc;
    enum result r = mandate_end(&p->authn, a, &counter, str_of(argv[1]));
    return r == RESULT_OK ? EXIT_SUCCESS : command_fail("mandate end", r, STR_EMPTY);
}

int command_mandate(const char *config, int argc, char **argv)
{
    static const struct action actions[] = {{"list", 0, mandate_list_all},
                                            {"show", 1, mandate_show},
                                            {"grant", 4, mandate_give},
                                            {"end", 1, mandate_stop}};
    return command_run_action(config, argc, argv, actions, sizeof actions / sizeof actions[0]);
}
