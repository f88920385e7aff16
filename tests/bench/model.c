/*
 * The permission model alone, in one process and on one core: how long entries take to be read, how long a
 * compile takes, what it weighs, and decisions a second with their worst. Prints one figure a line. usage:
 * bench.model [DECISIONS]
 */
#include "directory/model/content.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    PEOPLE = 100000,
    GROUP_SIZE = 20,
    GROUPS = PEOPLE / GROUP_SIZE, /* each person in one */
    WIDE_GROUPS = 50,             /* groups of groups: each group in one */
    ORGANISATIONS = 1000,
    APPLICATIONS = 1000,
    ROLES_EACH = 5,
    PERMISSIONS_EACH = 10,
    PERMISSIONS_OF_ROLE = 4,
    CHAIN = 10000, /* groups in one another, in a model of their own */
    NOW = 1795478400
};

static struct arena *scratch;
static struct content *content;
static size_t entries;

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint32_t next(void)
{
    static uint64_t state = 42; /* the same city every time */
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33);
}

#define TEXT(...) arena_printf(scratch, __VA_ARGS__)

static void put(enum content_source from, struct str dn, const struct attribute *attributes, size_t n)
{
    struct entry e = {.dn = dn, .attributes = (struct attribute *)(uintptr_t)attributes, .count = n};
    if (!dn.p || content_put(content, from, dn, &e) != RESULT_OK)
        abort();
    arena_free(scratch);
    scratch = arena_new(1 << 24);
    entries++;
}

static void put_organisation(unsigned i)
{
    struct str class = STR("organizationalUnit"), name = TEXT("部门 %u", i);
    const struct attribute attributes[] = {{"objectClass", &class, 1}, {"description", &name, 1}};
    struct str dn = i < 100 ? TEXT("ou=33%04u,ou=orgs,dc=city", i)
                            : TEXT("ou=D%04u,ou=33%04u,ou=orgs,dc=city", i, i % 100);
    put(CONTENT_GROUPS, dn, attributes, 2);
}

static void put_group(unsigned i)
{
    struct str class = STR("groupOfNames"), members[GROUP_SIZE];
    for (unsigned j = 0; j < GROUP_SIZE; j++)
        members[j] = TEXT("uid=p-%06u,ou=staff,dc=city", i * GROUP_SIZE + j);
    const struct attribute attributes[] = {{"objectClass", &class, 1}, {"member", members, GROUP_SIZE}};
    put(CONTENT_GROUPS, TEXT("cn=g-%05u,ou=groups,dc=city", i), attributes, 2);
}

static void put_wide_group(unsigned i)
{
    struct str class = STR("groupOfNames"), members[GROUPS / WIDE_GROUPS];
    size_t n = 0;
    for (unsigned g = i; g < GROUPS; g += WIDE_GROUPS)
        members[n++] = TEXT("cn=g-%05u,ou=groups,dc=city", g);
    const struct attribute attributes[] = {{"objectClass", &class, 1}, {"member", members, n}};
    put(CONTENT_GROUPS, TEXT("cn=w-%02u,ou=groups,dc=city", i), attributes, 2);
}

static void put_application(unsigned i)
{
    struct str class = STR("onedoorApplication"), id = TEXT("app-%04u", i), lines[PERMISSIONS_EACH];
    for (unsigned j = 0; j < PERMISSIONS_EACH; j++)
        lines[j] = TEXT("case:do-%u", j);
    const struct attribute attributes[] = {{"objectClass", &class, 1},
                                           {"onedoorClientId", &id, 1},
                                           {"onedoorPermission", lines, PERMISSIONS_EACH}};
    put(CONTENT_REGISTRY, TEXT("onedoorClientId=app-%04u,ou=applications,ou=registry,dc=city", i), attributes,
        3);
}

/* The first role of an application is held by a wide group, the others by some groups and an organisation. */
static void put_role(unsigned app, unsigned i)
{
    struct str class = STR("onedoorRole"), id = TEXT("app-%04u", app), scope = STR("department-and-below");
    struct str lines[PERMISSIONS_OF_ROLE], members[5], excludes = STR("role-1");
    for (unsigned j = 0; j < PERMISSIONS_OF_ROLE; j++)
        lines[j] = TEXT("case:do-%u", (2 * i + j) % PERMISSIONS_EACH);
    for (unsigned j = 0; j < 4; j++)
        members[j] = i == 0 ? TEXT("cn=w-%02u,ou=groups,dc=city", (app + j) % WIDE_GROUPS)
                            : TEXT("cn=g-%05u,ou=groups,dc=city", next() % GROUPS);
    members[4] = TEXT("ou=33%04u,ou=orgs,dc=city", next() % 100);
    const struct attribute attributes[] = {{"objectClass", &class, 1},
                                           {"onedoorClientId", &id, 1},
                                           {"onedoorPermission", lines, PERMISSIONS_OF_ROLE},
                                           {"member", members, 5},
                                           {"onedoorDataScope", &scope, 1},
                                           {"onedoorExcludes", &excludes, i == 4}};
    put(CONTENT_REGISTRY, TEXT("cn=role-%u,ou=app-%04u,ou=roles,ou=registry,dc=city", i, app), attributes, 6);
}

static void put_everything(void)
{
    for (unsigned i = 0; i < ORGANISATIONS; i++)
        put_organisation(i);
    for (unsigned i = 0; i < GROUPS; i++)
        put_group(i);
    for (unsigned i = 0; i < WIDE_GROUPS; i++)
        put_wide_group(i);
    for (unsigned i = 0; i < APPLICATIONS; i++) {
        put_application(i);
        for (unsigned j = 0; j < ROLES_EACH; j++)
            put_role(i, j);
    }
}

struct person_at {
    char uid[16], organisation[24];
    struct subject subject;
};

static struct person_at *make_people(void)
{
    struct person_at *all = calloc(PEOPLE, sizeof *all);
    for (unsigned i = 0; all && i < PEOPLE; i++) {
        char dn[64];
        unsigned d = 100 + i % 900;
        (void)snprintf(dn, sizeof dn, "uid=p-%06u,ou=staff,dc=city", i);
        (void)snprintf(all[i].uid, sizeof all[i].uid, "p-%06u", i);
        (void)snprintf(all[i].organisation, sizeof all[i].organisation, "33%04u/D%04u", d % 100, d);
        all[i].subject =
            (struct subject){.id = str_of(all[i].uid), .organisations = str_of(all[i].organisation)};
        if (!dn_key_of(str_of(dn), &all[i].subject.dn))
            abort();
    }
    return all;
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void decide(const struct model *m, const struct person_at *people, size_t n)
{
    uint32_t *ns = calloc(n, sizeof *ns);
    size_t allowed = 0;
    double begin = seconds(), last = begin;
    for (size_t i = 0; ns && i < n; i++) {
        char id[16], action[8];
        const struct person_at *p = &people[next() % PEOPLE];
        (void)snprintf(id, sizeof id, "app-%04u", next() % APPLICATIONS);
        (void)snprintf(action, sizeof action, "do-%u", next() % PERMISSIONS_EACH);
        struct evaluation q = {.client_id = str_of(id),
                               .resource_type = STR("case"),
                               .action = str_of(action),
                               .resource_id = STR("1"),
                               .organisation = p->subject.organisations,
                               .subject = &p->subject,
                               .now = NOW};
        struct decision d;
        model_decide(m, &q, &d);
        allowed += d.reason == REASON_ALLOWED;
        double now = seconds();
        ns[i] = (uint32_t)((now - last) * 1e9);
        last = now;
    }
    if (!ns)
        return;
    qsort(ns, n, sizeof *ns, by_size);
    printf("decisions_per_second %.0f\ndecision_p50_us %.2f\ndecision_p99_us %.2f\ndecision_worst_us "
           "%.1f\nallowed_share %.3f\n",
           (double)n / (last - begin), ns[n / 2] / 1e3, ns[n * 99 / 100] / 1e3, ns[n - 1] / 1e3,
           (double)allowed / (double)n);
    free(ns);
}

static void rights(const struct model *m, const struct person_at *people, size_t n)
{
    double begin = seconds();
    for (size_t i = 0; i < n; i++) {
        char id[16];
        struct rights r;
        struct arena *a = arena_new(1 << 20);
        (void)snprintf(id, sizeof id, "app-%04u", next() % APPLICATIONS);
        if (!a || !model_rights(m, a, str_of(id), &people[next() % PEOPLE].subject, NULL, NOW, &r))
            abort();
        arena_free(a);
    }
    printf("rights_per_second %.0f\n", (double)n / (seconds() - begin));
}

static void print_size(const struct model *m)
{
    struct model_size s = model_size(m);
    printf(
        "people %d\norganisations %zu\ngroups %zu\nmemberships %zu\napplications %zu\npermissions %zu\nroles "
        "%zu\nassignments %zu\nmodel_mib %.1f\n",
        PEOPLE, s.organisations, s.groups, s.memberships, s.applications, s.permissions, s.roles,
        s.assignments, (double)s.bytes / (1 << 20));
}

static void put_link(unsigned i)
{
    struct str class = STR("groupOfNames"), member = TEXT("cn=c-%05u,ou=groups,dc=city", i);
    const struct attribute attributes[] = {{"objectClass", &class, 1}, {"member", &member, 1}};
    put(CONTENT_GROUPS, TEXT("cn=c-%05u,ou=groups,dc=city", i + 1), attributes, 2);
}

static void compile_chain(const struct content_config *config)
{
    content = content_new(config);
    for (unsigned i = 0; i < CHAIN; i++)
        put_link(i);
    double begin = seconds();
    struct model *m = content_compile(content);
    printf("chain_compile_ms %.1f\nchain_mib %.1f\n", (seconds() - begin) * 1e3,
           m ? (double)model_size(m).bytes / (1 << 20) : 0);
    model_free(m);
    content_free(content);
}

int main(int argc, char **argv)
{
    size_t n = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000;
    const struct content_config config = {.registry_base = "ou=registry,dc=city",
                                          .organisations_base = "ou=orgs,dc=city",
                                          .groups_base = "ou=groups,dc=city",
                                          .most_lost_percent = 30};
    content = content_new(&config);
    scratch = arena_new(1 << 24);
    double begin = seconds();
    put_everything();
    printf("entries %zu\nread_ms %.1f\n", entries, (seconds() - begin) * 1e3);
    struct model *m = NULL;
    for (int i = 0; i < 5; i++) {
        model_free(m);
        begin = seconds();
        m = content_compile(content);
        printf("compile_ms %.1f\n", (seconds() - begin) * 1e3);
    }
    struct person_at *people = make_people();
    if (!m || !people)
        return 1;
    print_size(m);
    decide(m, people, n > 0 ? n : 1);
    rights(m, people, n / 10);
    free(people);
    model_free(m);
    content_free(content);
    compile_chain(&config);
    arena_free(scratch);
    return 0;
}
