/* What the engine of changes works with: the sample city in a real slapd, its model, and administrators. */
#ifndef ONEDOOR_TESTS_ADMIN_OFFICE_H
#define ONEDOOR_TESTS_ADMIN_OFFICE_H

#include "tests/unit/authn/world.h"

#include "server/admin/record.h"
#include "server/admin/roles.h"

#define SYSTEM     "s-200100"
#define SYSTEM_2   "s-200127"
#define SECURITY   "s-200129"
#define SECURITY_2 "s-200128"
#define AUDITOR    "s-200126"
#define DEPARTMENT "s-200108" /* of 330102/D0412 */
#define CLERK      "s-200105" /* of 330102/D0412 */
#define ELSEWHERE  "s-200113" /* of 330106/D0501 */

static struct provider provider;
static struct live *set_aside; /* another one, freed after the test: the arena may hold its model */
static struct proposal last;   /* what was asked for last */

static const struct actor root = {.root = true};

__attribute__((unused)) static const struct live_config office_live = {
    .group_filter = "(objectClass=groupOfNames)",
    .organisation_filter = "(objectClass=organizationalUnit)",
    .most_lost_percent = 100,
    .poll_seconds = 5,
    .known_people = 1000};

/* The model as the directory is now. */
static inline const struct model *present_model(void)
{
    assert_int_equal(live_load(provider.live, NULL), RESULT_OK);
    const struct model *m = live_model(provider.live, world.a);
    assert_non_null(m);
    return m;
}

static inline struct str dn_of_person(const char *uid)
{
    return arena_printf(world.a, "uid=%s,ou=staff," CITY, uid);
}

static inline struct actor *actor_named(const char *uid)
{
    struct person *p;
    struct actor *who = arena_alloc(world.a, sizeof *who);
    assert_int_equal(person_by_login(world.directory, world.a, str_of(uid), &p), RESULT_OK);
    assert_true(subject_of_person(p, &who->subject));
    who->level = AUTHN_SUBSTANTIAL;
    who->source = STR("192.0.2.1");
    return who;
}

static inline struct proposal proposal_by(const struct actor *who, const char *kind, const char *target)
{
    return (struct proposal){.p = &provider,
                             .a = world.a,
                             .m = present_model(),
                             .actor = who,
                             .kind = kind_find(str_of(kind)),
                             .target = arena_copy(world.a, str_of(target))};
}

/* Asks for a change; `after` as JSON, NULL for nothing. */
static inline enum result ask_as(const struct actor *who, const char *kind, const char *target,
                                 const char *after)
{
    last = proposal_by(who, kind, target);
    last.after = after ? json_parse(world.a, str_of(after)) : NULL;
    assert_true(!after || last.after);
    return change_ask(&last);
}

static inline enum result ask(const char *uid, const char *kind, const char *target, const char *after)
{
    return ask_as(actor_named(uid), kind, target, after);
}

static inline enum result approve(const char *uid, struct str id)
{
    last = proposal_by(actor_named(uid), "role.add", "");
    return change_approve(&last, provider.live, id);
}

static inline enum result turn_down(const char *uid, struct str id)
{
    last = proposal_by(actor_named(uid), "role.add", "");
    return change_turn_down(&last, id);
}

static inline struct recorded record_of(struct str id)
{
    struct recorded c;
    assert_int_equal(change_find(&provider, world.a, id, &c), RESULT_OK);
    return c;
}

#define assert_state(id, expected) assert_int_equal(record_of(id).state, expected)
#define assert_text(actual, expected)                                                                        \
    do {                                                                                                     \
        struct str is = (actual);                                                                            \
        if (!str_eq(is, str_of(expected)))                                                                   \
            fail_msg("\"" STR_FMT "\" is not \"%s\"", STR_ARG(is), (expected));                              \
    } while (0)

static inline const char *text(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline const char *text(const char *format, ...)
{
    char out[4096];
    va_list args;
    va_start(args, format);
    vsnprintf(out, sizeof out, format, args);
    va_end(args);
    return arena_copy(world.a, str_of(out)).p;
}

static inline struct str value_of(struct str rdn, const char *attribute)
{
    struct entry e;
    enum result r = registry_read(world.directory, world.a, rdn, &e);
    return r == RESULT_OK ? entry_value(&e, attribute) : STR_EMPTY;
}

static inline struct str application_value(const char *id, const char *attribute)
{
    return value_of(application_rdn(world.a, str_of(id)), attribute);
}

static inline void grant(const char *role, const char *uid, const char *scope_and_where)
{
    const char *after = text("{\"holder\":[\"uid=%s,ou=staff," CITY "\"],%s}", uid, scope_and_where);
    if (ask_as(&root, "administrator.assign", text("onedoor/%s", role), after) != RESULT_OK)
        fail_msg("%s for %s: %s " STR_FMT, role, uid, why_name(last.why), STR_ARG(last.detail));
}

/* An assignment of a role to a person, as JSON; `more` begins with a comma or is empty. */
static inline const char *to_person(const char *uid, const char *more)
{
    return text("{\"holder\":[\"uid=%s,ou=staff," CITY "\"]%s}", uid, more);
}

static inline int remove_below(struct str rdn)
{
    struct entries found;
    if (registry_list(world.directory, world.a, rdn, "(objectClass=*)", &found) != RESULT_OK)
        return 0;
    size_t base = strlen("," REGISTRY);
    for (size_t i = 0; i < found.n; i++) {
        struct str name = str_sub(found.v[i].dn, 0, found.v[i].dn.len - base);
        remove_below(name);
        assert_int_equal(registry_delete(world.directory, name), RESULT_OK);
    }
    return 0;
}

/* For each test: the city with three administrators, one department's, and an application with two roles. */
static inline int office_begin(void **state)
{
    static const char *const branches[] = {"ou=applications", "ou=roles", "ou=changes", "ou=mandates",
                                           "ou=accounts"};
    setup(state);
    /* Redis and its epoch belong to every request. */
    store_beat(world.store);
    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++)
        remove_below(str_of(branches[i]));
    provider = (struct provider){.config = {.second_person = STR("none"), .waiting_seconds = 86400},
                                 .directory = world.directory,
                                 .authn = world.au,
                                 .audit = world.audit,
                                 .live = live_new(world.directory, &office_live)};
    assert_non_null(provider.live);
    grant("system-administrator", SYSTEM, "\"scope\":[\"all\"]");
    grant("system-administrator", SYSTEM_2, "\"scope\":[\"all\"]");
    grant("security-administrator", SECURITY, "\"scope\":[\"all\"]");
    grant("security-administrator", SECURITY_2, "\"scope\":[\"all\"]");
    grant("audit-administrator", AUDITOR, "\"scope\":[\"all\"]");
    grant("department-administrator", DEPARTMENT,
          "\"scope\":[\"department\"],\"organisation\":[\"330102/D0412\"]");
    assert_int_equal(ask_as(&root, "application.add", "hall",
                            "{\"name\":[\"Hall\"],\"redirect-uri\":[\"https://hall.example/cb\"],"
                            "\"permission\":[\"case:read\",\"case:approve acr=substantial\"]}"),
                     RESULT_OK);
    assert_int_equal(
        ask_as(&root, "role.add", "hall/clerk", "{\"permission\":[\"case:read\"],\"delegated\":[\"TRUE\"]}"),
        RESULT_OK);
    assert_int_equal(ask_as(&root, "role.add", "hall/approver",
                            "{\"permission\":[\"case:approve\"],\"excludes\":[\"clerk\"]}"),
                     RESULT_OK);
    return 0;
}

static inline int office_end(void **state)
{
    int r = teardown(state); /* the arena holds models, which go before what they came from */
    live_free(provider.live);
    live_free(set_aside);
    set_aside = NULL;
    return r;
}

#define OFFICE_TEST(name) cmocka_unit_test_setup_teardown(name, office_begin, office_end)

#endif
