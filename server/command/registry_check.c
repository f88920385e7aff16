#include "server/command/registry_check.h"

#include "clients/application.h"
#include "directory/follow/follow.h"
#include "directory/live.h"
#include "server/base/clock.h"
#include "server/base/log.h"

#include <stdlib.h>
#include <string.h>

enum { PERSON_MEMORY = 1 << 20, LISTS_MEMORY = 1 << 28 };

struct line {
    struct str dn, why;
};

/* A holder of a role that is neither group nor organisation, and so must be somebody. */
struct holder {
    struct dn_key key;
    struct str dn, role;
    bool found;
};

struct check {
    struct provider *provider;
    struct arena *a;
    const struct model *model;
    int64_t now;
    struct line *lines;
    size_t line_count, line_room;
    struct holder *holders; /* by key */
    size_t holder_count;
    size_t people, wrong;
};

static void add_line(void *arg, struct str dn, struct str why)
{
    struct check *c = arg;
    if (c->line_count == c->line_room) {
        size_t room = c->line_room ? 2 * c->line_room : 64;
        struct line *more = realloc(c->lines, room * sizeof *more);
        if (!more)
            return;
        c->lines = more;
        c->line_room = room;
    }
    c->lines[c->line_count++] = (struct line){arena_copy(c->a, dn), arena_copy(c->a, why)};
}

static int by_text(const void *pa, const void *pb)
{
    const struct line *a = pa, *b = pb;
    int order = strcmp(a->dn.p ? a->dn.p : "", b->dn.p ? b->dn.p : "");
    return order ? order : strcmp(a->why.p ? a->why.p : "", b->why.p ? b->why.p : "");
}

/* The same thing may be wrong for the model and for sign-ins. */
static void print_lines(struct check *c)
{
    if (c->line_count > 0)
        qsort(c->lines, c->line_count, sizeof *c->lines, by_text);
    for (size_t i = 0; i < c->line_count; i++) {
        if (i > 0 && by_text(&c->lines[i - 1], &c->lines[i]) == 0)
            continue;
        printf(STR_FMT "\n    " STR_FMT "\n", STR_ARG(c->lines[i].dn), STR_ARG(c->lines[i].why));
        c->wrong++;
    }
}

/* What an application needs beside its permissions: addresses, grants, secrets. */
static enum result check_applications(struct check *c)
{
    struct entries found;
    enum result r = registry_list(c->provider->directory, c->a, STR("ou=applications"),
                                  "(objectClass=onedoorApplication)", &found);
    for (size_t i = 0; r == RESULT_OK && i < found.n; i++) {
        struct str why;
        if (!application_from_entry(c->a, &found.v[i], &why))
            add_line(c, found.v[i].dn, why);
    }
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

static int by_key(const void *pa, const void *pb)
{
    const struct holder *a = pa, *b = pb;
    return memcmp(a->key.b, b->key.b, sizeof a->key.b);
}

static void add_holder(struct check *c, const struct role *role, struct str dn)
{
    struct holder *h = &c->holders[c->holder_count];
    if (model_group(c->model, dn) || model_organisation_of_dn(c->model, dn) || !dn_key_of(dn, &h->key))
        return;
    h->dn = dn;
    h->role = role->dn;
    c->holder_count++;
}

static bool list_holders(struct check *c)
{
    const struct role *const *roles;
    size_t n = model_roles(c->model, STR_EMPTY, &roles), all = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < roles[i]->assignment_count; j++)
            all += roles[i]->assignments[j].holders.n;
    c->holders = arena_alloc(c->a, all * sizeof *c->holders);
    for (size_t i = 0; c->holders && i < n; i++)
        for (size_t j = 0; j < roles[i]->assignment_count; j++)
            for (size_t k = 0; k < roles[i]->assignments[j].holders.n; k++)
                add_holder(c, roles[i], roles[i]->assignments[j].holders.v[k]);
    if (c->holder_count > 0)
        qsort(c->holders, c->holder_count, sizeof *c->holders, by_key);
    return c->holders != NULL;
}

static void mark_holder(struct check *c, const struct dn_key *key)
{
    const struct holder wanted = {.key = *key};
    struct holder *at =
        c->holder_count > 0 ? bsearch(&wanted, c->holders, c->holder_count, sizeof wanted, by_key) : NULL;
    if (!at)
        return;
    while (at > c->holders && dn_key_eq(&at[-1].key, key))
        at--;
    for (; at < c->holders + c->holder_count && dn_key_eq(&at->key, key); at++)
        at->found = true;
}

static bool check_person(struct check *c, struct arena *a, const struct subject *s, struct str dn)
{
    struct conflict *conflicts;
    size_t n;
    mark_holder(c, &s->dn);
    c->people++;
    if (!model_conflicts(c->model, a, s, c->now, &conflicts, &n))
        return false;
    for (size_t i = 0; i < n; i++) {
        const struct role *one = conflicts[i].one, *other = conflicts[i].other;
        add_line(c, dn,
                 arena_printf(a,
                              "holds the roles " STR_FMT "/" STR_FMT " and " STR_FMT "/" STR_FMT
                              ", which exclude each other, so that neither counts; accepted: one of them",
                              STR_ARG(one->client_id), STR_ARG(one->name), STR_ARG(other->client_id),
                              STR_ARG(other->name)));
    }
    return true;
}

static enum result put_person(void *arg, struct str uuid, const struct entry *e)
{
    struct check *c = arg;
    struct arena *a = arena_new(PERSON_MEMORY);
    struct person *person;
    struct subject subject;
    (void)uuid;
    enum result r =
        a ? person_of_entry(directory_config(c->provider->directory), a, e, &person) : RESULT_INTERNAL;
    if (r == RESULT_REFUSED)
        add_line(c, e->dn, STR("has not one identifier and one subject; nobody can sign in as this person"));
    else if (r == RESULT_OK && (!subject_of_person(person, &subject) || !check_person(c, a, &subject, e->dn)))
        r = RESULT_INTERNAL;
    arena_free(a);
    return r == RESULT_REFUSED ? RESULT_OK : r;
}

static enum result nothing(void *arg)
{
    (void)arg;
    return RESULT_OK;
}

static enum result ended(void *arg, bool complete)
{
    (void)arg, (void)complete;
    return RESULT_OK;
}

static enum result settled(void *arg, struct str cookie)
{
    (void)arg, (void)cookie;
    return RESULT_OK;
}

static enum result check_people(struct check *c)
{
    struct directory *d = c->provider->directory;
    const struct directory_config *config = directory_config(d);
    const struct follow_config people = {.name = "check",
                                         .base = config->people_base,
                                         .filter = config->person_filter,
                                         .attributes = person_attributes(config, c->a),
                                         .without = config->registry_base};
    const struct follower follower = {
        .arg = c, .refresh_begin = nothing, .put = put_person, .refresh_end = ended, .settled = settled};
    return people.attributes ? follow_read(d, &people, &follower) : RESULT_INTERNAL;
}

static void print_nobodies(const struct check *c)
{
    for (size_t i = 0; i < c->holder_count; i++)
        if (!c->holders[i].found)
            printf(STR_FMT "\n    note: holds " STR_FMT ", but there is no such person, group or "
                           "organisation\n",
                   STR_ARG(c->holders[i].dn), STR_ARG(c->holders[i].role));
}

static void print_sum(const struct check *c)
{
    struct model_size s = model_size(c->model);
    printf("%zu applications, %zu permissions, %zu roles, %zu assignments, %zu resources, %zu mandates, %zu "
           "groups with %zu members, %zu organisations, %zu people; %zu KiB\n",
           s.applications, s.permissions, s.roles, s.assignments, s.resources, s.mandates, s.groups,
           s.memberships, s.organisations, c->people, s.bytes / 1024);
    printf(c->wrong > 0 ? "%zu things are wrong\n" : "nothing is wrong\n", c->wrong);
}

static enum result check(struct check *c)
{
    enum result r = live_load(c->provider->live, NULL);
    if (r != RESULT_OK)
        return r;
    c->model = live_model(c->provider->live, c->a);
    if (!c->model || !list_holders(c))
        return RESULT_INTERNAL;
    live_each_fault(c->provider->live, add_line, c);
    r = check_applications(c);
    if (r == RESULT_OK)
        r = check_people(c);
    if (r != RESULT_OK)
        return r;
    print_lines(c);
    print_nobodies(c);
    print_sum(c);
    return arena_failed(c->a) ? RESULT_INTERNAL : RESULT_OK;
}

int registry_check(struct provider *p, struct arena *a, int argc, char **argv)
{
    (void)a, (void)argc, (void)argv;
    struct check c = {.provider = p, .a = arena_new(LISTS_MEMORY), .now = clock_now()};
    /* What is printed here must not stand on stderr again, as log lines. */
    log_setup(LOG_LEVEL_ERROR, LOG_FORMAT_LOGFMT);
    enum result r = c.a ? check(&c) : RESULT_INTERNAL;
    free(c.lines);
    arena_free(c.a);
    if (r != RESULT_OK)
        return command_fail("registry check", r, STR_EMPTY);
    return c.wrong > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
