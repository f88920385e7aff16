#include "authn/mandate_edit.h"

#include "tests/unit/authn/world.h"

#define COMPANY "o=c-91350100,ou=legal," CITY

enum { DAY = 86400 };

static struct mandate_place places[2];
static enum mandate_fault fault;

static struct mandate_party party(const char *uid)
{
    struct person *p;
    assert_int_equal(person_by_login(world.directory, world.a, str_of(uid), &p), RESULT_OK);
    return (struct mandate_party){p->dn, p->subject, p->display_name};
}

static struct mandate_actor actor(enum mandate_side side, const char *uid)
{
    struct mandate_party p = party(uid);
    return (struct mandate_actor){
        .side = side, .dn = p.dn, .subject = p.subject, .source = STR("192.0.2.7"), .reference = STR("REF")};
}

static struct mandate_actor counter(void)
{
    return (struct mandate_actor){.side = MANDATE_ADMINISTRATOR};
}

static struct words words(struct str *v, size_t n)
{
    return (struct words){v, n};
}

/* A deputy of s-200102 is to be s-200103. */
static struct mandate_wish wish(void)
{
    return (struct mandate_wish){.kind = MANDATE_DEPUTY,
                                 .represented = party("s-200102"),
                                 .agent = party("s-200103"),
                                 .until = clock_now() + 30 * DAY};
}

static enum result grant(const struct mandate_actor *by, const struct mandate_wish *w, struct str *id)
{
    static struct str cases[] = {STR("case:read"), STR("case:approve")}, records[] = {STR("record:read")};
    places[0] = (struct mandate_place){STR("backoffice"), {cases, 2}};
    places[1] = (struct mandate_place){STR("resource"), {records, 1}};
    return mandate_grant(&world.au, world.a, by, w, places, 2, id, &fault);
}

static struct str granted(void)
{
    struct mandate_actor by = actor(MANDATE_REPRESENTED, "s-200102");
    struct mandate_wish w = wish();
    struct str id;
    assert_int_equal(grant(&by, &w, &id), RESULT_OK);
    return id;
}

static enum mandate_state state_of(struct str id)
{
    struct mandate_entry e;
    assert_int_equal(mandate_read(&world.au, world.a, id, &e), RESULT_OK);
    return e.md.state;
}

static void it_is_granted_confirmed_and_ended_and_each_step_is_written_down(void **state)
{
    (void)state;
    struct mandate_actor agent = actor(MANDATE_AGENT, "s-200103"),
                         giver = actor(MANDATE_REPRESENTED, "s-200102");
    struct mandate_entry e;
    struct str id = granted();
    assert_int_equal(state_of(id), MANDATE_GRANTED);
    assert_int_equal(mandate_confirm(&world.au, world.a, &agent, id), RESULT_OK);
    assert_int_equal(state_of(id), MANDATE_CONFIRMED);
    assert_int_equal(mandate_end(&world.au, world.a, &giver, id), RESULT_OK);
    assert_int_equal(mandate_end(&world.au, world.a, &agent, id), RESULT_OK);
    assert_int_equal(mandate_read(&world.au, world.a, id, &e), RESULT_OK);
    assert_int_equal(e.md.state, MANDATE_ENDED);
    assert_int_equal(e.history.n, 3);
    assert_true(str_eq(e.md.represented_sub, STR("s-200102")));
    assert_true(e.agent_name.len > 0 && e.md.represented_name.len > 0);
    for (size_t i = 0; i < 3; i++)
        assert_non_null(strstr(e.history.v[i].p, " by s-20010"));
    assert_int_equal(audited("mandate_granted"), 1);
    assert_int_equal(audited("mandate_confirmed"), 1);
    assert_int_equal(audited("mandate_ended"), 1);
    assert_non_null(strstr(audit_text().p, "deputy for s-200102"));
}

static void nobody_else_confirms_or_ends_it(void **state)
{
    (void)state;
    struct str id = granted();
    struct mandate_actor stranger = actor(MANDATE_AGENT, "s-200104"), self = actor(MANDATE_AGENT, "s-200102");
    struct mandate_actor giver = actor(MANDATE_REPRESENTED, "s-200102");
    assert_int_equal(mandate_confirm(&world.au, world.a, &stranger, id), RESULT_REFUSED);
    assert_int_equal(mandate_confirm(&world.au, world.a, &self, id), RESULT_REFUSED);
    assert_int_equal(mandate_confirm(&world.au, world.a, &giver, id), RESULT_REFUSED);
    assert_int_equal(mandate_end(&world.au, world.a, &stranger, id), RESULT_REFUSED);
    stranger.side = MANDATE_REPRESENTED;
    assert_int_equal(mandate_end(&world.au, world.a, &stranger, id), RESULT_REFUSED);
    assert_int_equal(state_of(id), MANDATE_GRANTED);
}

static void what_has_ended_or_is_over_is_not_confirmed(void **state)
{
    (void)state;
    struct mandate_actor agent = actor(MANDATE_AGENT, "s-200103");
    struct str declined = granted(), over = granted();
    assert_int_equal(mandate_end(&world.au, world.a, &agent, declined), RESULT_OK);
    assert_int_equal(mandate_confirm(&world.au, world.a, &agent, declined), RESULT_REFUSED);
    later(31 * DAY);
    assert_int_equal(mandate_confirm(&world.au, world.a, &agent, over), RESULT_REFUSED);
    later(-31 * DAY);
    assert_int_equal(mandate_confirm(&world.au, world.a, &agent, STR("none")), RESULT_NOT_FOUND);
    assert_int_equal(mandate_confirm(&world.au, world.a, &agent, STR("*")), RESULT_NOT_FOUND);
    assert_int_equal(mandate_confirm(&world.au, world.a, &agent, STR_EMPTY), RESULT_NOT_FOUND);
}

static void assert_fault(struct mandate_wish w, enum mandate_fault expected)
{
    struct mandate_actor by = actor(MANDATE_REPRESENTED, "s-200102");
    struct str id;
    assert_int_equal(grant(&by, &w, &id), RESULT_REFUSED);
    assert_int_equal(fault, expected);
}

static void what_may_not_be_wished_is_named(void **state)
{
    (void)state;
    static struct str apps[] = {STR("resource")}, none[] = {STR("spa")}, onedoor[] = {STR("onedoor")};
    static struct str approve[] = {STR("case:approve")};
    struct mandate_wish w = wish();
    w.agent = w.represented;
    assert_fault(w, MANDATE_FAULT_SAME);
    w = wish();
    w.until = clock_now();
    assert_fault(w, MANDATE_FAULT_END);
    w.until = clock_now() + 367 * DAY;
    assert_fault(w, MANDATE_FAULT_END);
    w = wish();
    w.applications = words(none, 1);
    assert_fault(w, MANDATE_FAULT_APPLICATION);
    w.applications = words(onedoor, 1);
    assert_fault(w, MANDATE_FAULT_APPLICATION);
    w.applications = words(apps, 1);
    w.permissions = words(approve, 1);
    assert_fault(w, MANDATE_FAULT_PERMISSION);
    assert_int_equal(audited("mandate_granted"), 0);
}

/* No chain: who holds a mandate of another's gives nothing in that other's name. */
static void only_the_represented_gives(void **state)
{
    (void)state;
    struct mandate_actor agent = actor(MANDATE_AGENT, "s-200103"),
                         other = actor(MANDATE_REPRESENTED, "s-200103");
    struct mandate_wish w = wish();
    struct str id;
    assert_int_equal(grant(&agent, &w, &id), RESULT_REFUSED);
    assert_int_equal(fault, MANDATE_FAULT_RIGHT);
    assert_int_equal(grant(&other, &w, &id), RESULT_REFUSED);
    assert_int_equal(fault, MANDATE_FAULT_RIGHT);
    w.confirmed = true;
    assert_fault(w, MANDATE_FAULT_RIGHT);
    w = wish();
    w.kind = MANDATE_COMPANY;
    w.appoints = true;
    assert_fault(w, MANDATE_FAULT_RIGHT);
}

static void the_counter_appoints_a_representative_who_appoints_agents(void **state)
{
    (void)state;
    struct mandate_party company = {STR(COMPANY), STR("c-91350100"), STR("Sample Technology Co.")};
    struct mandate_wish w = wish();
    struct mandate_actor by = counter();
    struct mandate_entry e;
    struct str first, second;
    w.kind = MANDATE_COMPANY;
    w.represented = company;
    w.appoints = w.confirmed = true;
    assert_int_equal(grant(&by, &w, &first), RESULT_OK);
    assert_int_equal(mandate_read(&world.au, world.a, first, &e), RESULT_OK);
    assert_true(mandate_appoints(&e.md));
    assert_int_equal(e.md.state, MANDATE_CONFIRMED);

    by = actor(MANDATE_REPRESENTED, "s-200103");
    by.dn = company.dn;
    w.appoints = w.confirmed = false;
    w.agent = party("s-200104");
    assert_int_equal(grant(&by, &w, &second), RESULT_OK);
    assert_int_equal(mandate_read(&world.au, world.a, second, &e), RESULT_OK);
    assert_false(mandate_appoints(&e.md));
    assert_int_equal(mandate_end(&world.au, world.a, &by, second), RESULT_OK);
    assert_int_equal(mandate_end(&world.au, world.a, &by, first), RESULT_REFUSED);
    by = counter();
    assert_int_equal(mandate_end(&world.au, world.a, &by, first), RESULT_OK);
}

static void lists_are_by_side(void **state)
{
    (void)state;
    struct mandate_entries all, held, given, none;
    struct mandate_party agent = party("s-200106"), giver = party("s-200102");
    struct mandate_actor by = actor(MANDATE_REPRESENTED, "s-200102");
    struct mandate_wish w = wish();
    struct str id;
    w.agent = agent;
    assert_int_equal(grant(&by, &w, &id), RESULT_OK);
    assert_int_equal(mandate_list(&world.au, world.a, MANDATE_AGENT, agent.dn, &held), RESULT_OK);
    assert_int_equal(held.n, 1);
    assert_true(str_eq(held.v[0].md.id, id));
    assert_int_equal(mandate_list(&world.au, world.a, MANDATE_REPRESENTED, giver.dn, &given), RESULT_OK);
    assert_true(given.n >= 1);
    for (size_t i = 1; i < given.n; i++)
        assert_true(memcmp(given.v[i - 1].md.id.p, given.v[i].md.id.p, 32) < 0);
    assert_int_equal(mandate_list(&world.au, world.a, MANDATE_AGENT, giver.dn, &none), RESULT_OK);
    assert_int_equal(none.n, 0);
    assert_int_equal(mandate_list(&world.au, world.a, MANDATE_ADMINISTRATOR, STR_EMPTY, &all), RESULT_OK);
    assert_true(all.n >= given.n);
}

static void so_many_and_no_more_stand_open(void **state)
{
    (void)state;
    struct mandate_actor by = actor(MANDATE_REPRESENTED, "s-200107");
    struct mandate_wish w = wish();
    struct str id, last = STR_EMPTY;
    w.represented = party("s-200107");
    enum result r = RESULT_OK;
    for (int i = 0; r == RESULT_OK && i < 60; i++) {
        r = grant(&by, &w, &id);
        last = r == RESULT_OK ? id : last;
    }
    assert_int_equal(r, RESULT_REFUSED);
    assert_int_equal(fault, MANDATE_FAULT_MANY);
    assert_int_equal(audited("mandate_granted"), 50);
    assert_int_equal(mandate_end(&world.au, world.a, &by, last), RESULT_OK);
    assert_int_equal(grant(&by, &w, &id), RESULT_OK);
}

static void nothing_changes_without_its_audit_line(void **state)
{
    (void)state;
    struct str id = granted(), another;
    struct mandate_actor agent = actor(MANDATE_AGENT, "s-200103"),
                         giver = actor(MANDATE_REPRESENTED, "s-200102");
    struct mandate_wish w = wish();
    world_open_audit("/dev/full");
    assert_int_equal(mandate_confirm(&world.au, world.a, &agent, id), RESULT_UNAVAILABLE);
    assert_int_equal(mandate_end(&world.au, world.a, &agent, id), RESULT_UNAVAILABLE);
    assert_int_equal(grant(&giver, &w, &another), RESULT_UNAVAILABLE);
    assert_int_equal(state_of(id), MANDATE_GRANTED);
}

static void a_day_is_meant_to_its_end(void **state)
{
    (void)state;
    static const char *const bad[] = {"",           "2027-02-29", "2027-2-3",    "20270203",   "2027-13-01",
                                      "2027-00-01", "2027-01-32", "2027-01-01 ", "tomorrow!!", "99999-01-01"};
    int64_t first, next, never;
    assert_true(mandate_day(STR("2027-12-31"), &first));
    assert_true(mandate_day(STR("2028-01-01"), &next));
    assert_int_equal(next - first, DAY);
    assert_true(mandate_day(STR("2028-02-29"), &next));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(mandate_day(str_of(bad[i]), &never));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(it_is_granted_confirmed_and_ended_and_each_step_is_written_down),
        WORLD_TEST(nobody_else_confirms_or_ends_it),
        WORLD_TEST(what_has_ended_or_is_over_is_not_confirmed),
        WORLD_TEST(what_may_not_be_wished_is_named),
        WORLD_TEST(only_the_represented_gives),
        WORLD_TEST(the_counter_appoints_a_representative_who_appoints_agents),
        WORLD_TEST(lists_are_by_side),
        WORLD_TEST(so_many_and_no_more_stand_open),
        WORLD_TEST(nothing_changes_without_its_audit_line),
        WORLD_TEST(a_day_is_meant_to_its_end),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
