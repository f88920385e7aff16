/* onedoor explain: why somebody may do something, or why not, in words. */
#include "server/command/explain_roles.h"

#include "server/command/command.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/token/claims.h"

#include <stdlib.h>
#include <string.h>

enum { ARENA_MAX = 64 << 20, EXIT_DENIED = 1, EXIT_UNKNOWN = 3 };

/* What may be said beside USER, APP and PERMISSION. */
struct wishes {
    struct str resource, owner, organisation, acr, identity, mandate;
};

static const struct {
    const char *name;
    size_t to;
} options[] = {
    {"resource", offsetof(struct wishes, resource)},         {"owner", offsetof(struct wishes, owner)},
    {"organisation", offsetof(struct wishes, organisation)}, {"acr", offsetof(struct wishes, acr)},
    {"identity", offsetof(struct wishes, identity)},         {"mandate", offsetof(struct wishes, mandate)},
};

static bool read_option(struct str text, struct wishes *w)
{
    struct str name = STR_EMPTY;
    if (!str_has(text, '=') || !str_cut(&text, '=', &name))
        return false;
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (!str_eq(name, str_of(options[i].name)))
            continue;
        *(struct str *)(void *)((char *)w + options[i].to) = text;
        return true;
    }
    return false;
}

static bool complain(const char *what)
{
    fprintf(stderr, "onedoor explain: %s; see `onedoor help explain`\n", what);
    return false;
}

static bool read_arguments(int argc, char **argv, struct wishes *w)
{
    uint64_t identity;
    if (argc < 4)
        return complain("say USER APP PERMISSION");
    if (!strchr(argv[3], ':'))
        return complain("a permission is type:action, such as case:approve");
    for (int i = 4; i < argc; i++)
        if (!read_option(str_of(argv[i]), w))
            return complain(
                "behind the permission come resource=, owner=, organisation=, acr=, identity= and "
                "mandate=");
    if (w->acr.len > 0 && acr_level(w->acr) == AUTHN_NONE)
        return complain("acr is low, substantial or high");
    if (w->identity.len > 0 && (!str_to_u64(w->identity, 5, &identity) || identity == 0))
        return complain("identity is 1 to 5");
    return true;
}

/* By what they type when they sign in, else by `sub`. */
static enum result find_subject(struct provider *p, struct arena *a, struct str name, struct subject *out,
                                struct str *shown)
{
    struct person *who = NULL;
    enum result r = person_by_login(p->directory, a, name, &who);
    if (r == RESULT_OK) {
        *shown = who->display_name;
        return subject_of_person(who, out) ? RESULT_OK : RESULT_INTERNAL;
    }
    return r == RESULT_NOT_FOUND ? live_subject(p->live, a, name, out) : r;
}

static void show_person(const struct provider *p, const struct explanation *x, struct str name)
{
    const struct subject *s = x->subject;
    fprintf(x->out, "person        " STR_FMT " (" STR_FMT ")", STR_ARG(name), STR_ARG(s->id));
    if (s->kind.len > 0)
        fprintf(x->out, ", " STR_FMT, STR_ARG(s->kind));
    int64_t identity = identity_level_of(p, s->kind, s->identity_level);
    if (identity > 0)
        fprintf(x->out, ", identity level %lld", (long long)identity);
    fputs(s->disabled ? ", DISABLED\n" : "\n", x->out);
}

/* What the permission itself demands. */
static void show_permission(const struct explanation *x)
{
    const struct permission *all;
    size_t n = model_permissions(x->model, x->client_id, &all);
    struct str action = x->permission, type;
    str_cut(&action, ':', &type);
    fprintf(x->out, "permission    " STR_FMT " of " STR_FMT, STR_ARG(x->permission), STR_ARG(x->client_id));
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(all[i].resource_type, type) || !str_eq(all[i].action, action))
            continue;
        if (all[i].level != AUTHN_NONE)
            fprintf(x->out, ", needs acr %s", acr_word(all[i].level));
        if (all[i].identity_level > 0)
            fprintf(x->out, ", needs identity level %lld", (long long)all[i].identity_level);
        fputs("\n", x->out);
        return;
    }
    fputs(", which is not declared\n", x->out);
}

static void show_resource(const struct explanation *x, const struct evaluation *e)
{
    const struct resource_item *const *items;
    size_t n = model_resources(x->model, e->client_id, e->resource_type, &items);
    if (e->resource_id.len == 0 && e->owner.len == 0 && e->organisation.len == 0)
        return;
    struct str owner = e->owner, organisation = e->organisation;
    const char *known = "as given here";
    for (size_t i = 0; i < n; i++) {
        if (!str_eq(items[i]->id, e->resource_id))
            continue;
        owner = items[i]->owner;
        organisation = items[i]->organisation;
        known = "as the registry knows it";
    }
    fprintf(x->out, "resource      " STR_FMT ", %s: owner " STR_FMT ", organisation " STR_FMT "\n",
            STR_ARG(e->resource_id), known, STR_ARG(owner.len > 0 ? owner : STR("not known")),
            STR_ARG(organisation.len > 0 ? organisation : STR("not known")));
}

static int show_decision(const struct explanation *x, const struct evaluation *e)
{
    struct decision d;
    model_decide(x->model, e, &d);
    bool allowed = d.reason == REASON_ALLOWED;
    fprintf(x->out, "\n%s: %s %s", allowed ? "ALLOWED" : "DENIED", reason_code(d.reason),
            reason_text(d.reason));
    if (d.role.len > 0)
        fprintf(x->out, " (role " STR_FMT ", held by " STR_FMT ", scope %s)", STR_ARG(d.role),
                STR_ARG(d.holder), scope_word(d.scope));
    if (d.reason == REASON_ASSURANCE)
        fprintf(x->out, "; acr %s would do", acr_word(d.needed_level));
    if (d.reason == REASON_IDENTITY)
        fprintf(x->out, "; identity level %lld would do", (long long)d.needed_identity);
    fputs("\n", x->out);
    return allowed ? EXIT_SUCCESS : EXIT_DENIED;
}

/* The mandate of that id, and whom it speaks for: a company is nobody that the directory of people knows. */
static enum result take_mandate(struct provider *p, struct explanation *x, struct str id,
                                struct evaluation *e, struct subject *represented)
{
    if (id.len == 0)
        return RESULT_OK;
    e->mandate = model_mandate(x->model, id);
    if (!e->mandate || !dn_key_eq(&e->mandate->agent, &x->subject->dn))
        return RESULT_NOT_FOUND;
    e->agent = x->subject;
    e->agent = x->subject;
    e->subject = NULL;
    if (e->mandate->kind == MANDATE_COMPANY)
        return RESULT_OK;
    e->subject = represented;
    return live_subject(p->live, x->arena, e->mandate->represented_sub, represented);
}

static int fail(enum result r, struct str why)
{
    command_fail("explain", r, r == RESULT_NOT_FOUND ? why : STR_EMPTY);
    return r == RESULT_NOT_FOUND ? EXIT_DENIED : EXIT_UNKNOWN;
}

static struct evaluation evaluation_of(const struct provider *p, const struct explanation *x,
                                       const struct wishes *w)
{
    struct evaluation e = {.client_id = x->client_id,
                           .action = x->permission,
                           .resource_id = w->resource,
                           .owner = w->owner,
                           .organisation = w->organisation,
                           .subject = x->subject,
                           .level = acr_level(w->acr),
                           .identity_level =
                               identity_level_of(p, x->subject->kind, x->subject->identity_level),
                           .now = x->now};
    uint64_t identity;
    str_cut(&e.action, ':', &e.resource_type);
    if (str_to_u64(w->identity, 5, &identity))
        e.identity_level = (int64_t)identity;
    return e;
}

static int explain(struct provider *p, struct explanation *x, struct str name, const struct wishes *w)
{
    struct subject represented;
    struct evaluation e = evaluation_of(p, x, w);
    enum result r = take_mandate(p, x, w->mandate, &e, &represented);
    if (r != RESULT_OK)
        return fail(r, STR("there is no such mandate, or this person is not its agent"));
    show_person(p, x, name);
    explain_person(x);
    explain_mandates(x);
    show_permission(x);
    show_resource(x, &e);
    explain_roles(x);
    return show_decision(x, &e);
}

static int load_and_explain(struct provider *p, struct arena *a, char **argv, const struct wishes *w)
{
    struct subject subject;
    struct str name = STR_EMPTY;
    enum result r = live_load(p->live, NULL);
    if (r == RESULT_OK)
        r = find_subject(p, a, str_of(argv[1]), &subject, &name);
    if (r != RESULT_OK)
        return fail(r, STR("there is no such person"));
    struct explanation x = {.out = stdout,
                            .model = live_model(p->live, a),
                            .arena = a,
                            .subject = &subject,
                            .client_id = str_of(argv[2]),
                            .permission = str_of(argv[3]),
                            .now = clock_now()};
    return x.model ? explain(p, &x, name, w) : fail(RESULT_UNAVAILABLE, STR_EMPTY);
}

int command_explain(const char *config, int argc, char **argv)
{
    struct wishes w = {0};
    if (!read_arguments(argc, argv, &w))
        return EXIT_USAGE;
    struct settings *s = command_settings(config);
    if (s == NULL)
        return EXIT_UNKNOWN;
    log_setup(LOG_LEVEL_WARN, (enum log_format)s->log_format);
    const char *why = "no memory";
    struct instance *in = instance_new(s, &why);
    struct arena *a = arena_new(ARENA_MAX);
    int status = EXIT_UNKNOWN;
    if (in == NULL || a == NULL)
        fprintf(stderr, "onedoor explain: %s\n", why);
    else
        status = load_and_explain(instance_provider(in), a, argv, &w);
    arena_free(a);
    instance_free(in);
    settings_free(s);
    return status;
}
