#include "tests/unit/server/admin/office.h"

/* A change of the hall's name that waits for a second person. */
static struct str waiting_name(const char *name)
{
    provider.config.second_person = STR("application.set administrator.assign");
    assert_int_equal(ask(SYSTEM, "application.set", "hall", text("{\"name\":[\"%s\"]}", name)), RESULT_OK);
    assert_true(last.waits);
    assert_state(last.id, CHANGE_WAITING);
    return last.id;
}

static void what_is_dangerous_waits_by_default(void **state)
{
    (void)state;
    provider.config.second_person = STR("default");
    for (size_t i = 0; i < kind_count; i++)
        assert_int_equal(kind_needs_second(&provider, &kinds[i]), kinds[i].dangerous);
    assert_true(kind_needs_second(&provider, kind_find(STR("administrator.assign"))));
    provider.config.second_person = STR("none");
    assert_false(kind_needs_second(&provider, kind_find(STR("administrator.assign"))));
    assert_text(kinds_unknown(STR("role.add nonsense")), "nonsense");
    assert_int_equal(kinds_unknown(STR("role.add mandate.end")).len, 0);
}

static void it_waits_until_another_approves(void **state)
{
    (void)state;
    struct str id = waiting_name("New");
    assert_text(application_value("hall", "displayName"), "Hall");
    assert_int_equal(audited("change_asked"), 1);
    assert_int_equal(approve(SYSTEM, id), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_SECOND);
    assert_int_equal(approve(SECURITY, id), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_PERMITTED);
    assert_text(application_value("hall", "displayName"), "Hall");
    assert_int_equal(approve(SYSTEM_2, id), RESULT_OK);
    assert_text(application_value("hall", "displayName"), "New");
    assert_state(id, CHANGE_DONE);
    assert_text(record_of(id).decided_by, SYSTEM_2);
}

static void it_is_made_once(void **state)
{
    (void)state;
    struct str why, id = waiting_name("New"), back = STR("name=Hall");
    assert_int_equal(approve(SYSTEM_2, id), RESULT_OK);
    assert_int_equal(application_set(world.directory, world.a, STR("hall"), &back, 1, &why), RESULT_OK);
    assert_int_equal(approve(SYSTEM_2, id), RESULT_USED);
    assert_int_equal(last.why, WHY_DECIDED);
    assert_text(application_value("hall", "displayName"), "Hall");
}

struct racer {
    pthread_t thread;
    struct proposal w;
    struct arena *a;
    struct str id;
    enum result r;
};

static void *race(void *arg)
{
    struct racer *racer = arg;
    racer->r = change_approve(&racer->w, provider.live, racer->id);
    return NULL;
}

static void of_many_approvals_at_once_one_makes_it(void **state)
{
    (void)state;
    enum { RACERS = 6 };
    struct racer racers[RACERS];
    int won = 0;
    provider.config.second_person = STR("application.secret");
    assert_int_equal(ask(SYSTEM, "application.secret", "hall", NULL), RESULT_OK);
    struct str id = last.id;
    for (int i = 0; i < RACERS; i++) {
        racers[i] = (struct racer){.a = arena_new(1 << 20), .id = id};
        racers[i].w = proposal_by(actor_named(SYSTEM_2), "role.add", "");
        racers[i].w.a = racers[i].a;
    }
    for (int i = 0; i < RACERS; i++)
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    for (int i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        won += racers[i].r == RESULT_OK;
        assert_true(racers[i].r == RESULT_OK || racers[i].r == RESULT_USED);
        arena_free(racers[i].a);
    }
    assert_int_equal(won, 1);
    struct entry e;
    assert_int_equal(registry_read(world.directory, world.a, application_rdn(world.a, STR("hall")), &e),
                     RESULT_OK);
    assert_int_equal(entry_attribute(&e, "onedoorSecretHash")->count, 2);
}

static void what_was_before_must_be_true_still(void **state)
{
    (void)state;
    struct str id = waiting_name("New"), why, other = STR("name=Other");
    assert_int_equal(application_set(world.directory, world.a, STR("hall"), &other, 1, &why), RESULT_OK);
    assert_int_equal(approve(SYSTEM_2, id), RESULT_USED);
    assert_int_equal(last.why, WHY_OVERTAKEN);
    assert_state(id, CHANGE_OVERTAKEN);
    assert_text(application_value("hall", "displayName"), "Other");
    assert_int_equal(approve(SYSTEM_2, id), RESULT_USED);
    assert_int_equal(last.why, WHY_DECIDED);
}

static void either_may_end_it(void **state)
{
    (void)state;
    struct str first = waiting_name("A");
    assert_int_equal(turn_down(SECURITY, first), RESULT_REFUSED);
    assert_int_equal(turn_down(SYSTEM, first), RESULT_OK);
    assert_state(first, CHANGE_WITHDRAWN);
    struct str second = waiting_name("B");
    assert_int_equal(turn_down(SYSTEM_2, second), RESULT_OK);
    assert_state(second, CHANGE_REFUSED);
    assert_int_equal(approve(SYSTEM_2, first), RESULT_USED);
    assert_int_equal(approve(SYSTEM_2, second), RESULT_USED);
    assert_int_equal(turn_down(SYSTEM, second), RESULT_USED);
    assert_text(application_value("hall", "displayName"), "Hall");
    assert_int_equal(audited("change_not_made"), 2);
}

static void what_waits_too_long_expires(void **state)
{
    (void)state;
    struct str id = waiting_name("New");
    later(86400 + 1);
    assert_state(id, CHANGE_EXPIRED);
    assert_int_equal(approve(SYSTEM_2, id), RESULT_USED);
    assert_int_equal(last.why, WHY_EXPIRED);
    later(-86400 - 1);
    assert_state(id, CHANGE_EXPIRED);
    assert_text(application_value("hall", "displayName"), "Hall");
}

static void who_asked_must_still_be_allowed_to(void **state)
{
    (void)state;
    struct str id = waiting_name("New");
    const struct role *role = model_role(present_model(), STR("onedoor"), STR("system-administrator"));
    for (size_t i = 0; i < role->assignment_count; i++)
        if (str_eq(role->assignments[i].holders.v[0], dn_of_person(SYSTEM)))
            assert_int_equal(
                ask_as(&root, "administrator.withdraw",
                       text("onedoor/system-administrator/" STR_FMT, STR_ARG(role->assignments[i].name)),
                       NULL),
                RESULT_OK);
    assert_int_equal(approve(SYSTEM_2, id), RESULT_USED);
    assert_int_equal(last.why, WHY_ASKER_LOST);
    assert_state(id, CHANGE_FAILED);
    assert_text(application_value("hall", "displayName"), "Hall");
}

static void an_administrator_is_appointed_by_two(void **state)
{
    (void)state;
    provider.config.second_person = STR("default");
    assert_int_equal(ask(SECURITY, "administrator.assign", "onedoor/audit-administrator",
                         to_person("s-200132", ",\"scope\":[\"all\"]")),
                     RESULT_OK);
    struct str id = last.id;
    assert_true(last.waits);
    assert_int_equal(approve(SECURITY_2, id), RESULT_OK);
    struct actor *new = actor_named("s-200132");
    assert_true(actor_may(present_model(), new, "audit:read"));
}

/* What a server leaves that dies between its record and its change, or between its change and its record. */
static struct str begun(const char *name, bool made)
{
    struct proposal w = proposal_by(actor_named(SYSTEM), "application.set", "hall");
    w.after = json_parse(world.a, str_of(text("{\"name\":[\"%s\"]}", name)));
    assert_int_equal(w.kind->state(&w, &w.before), RESULT_OK);
    assert_int_equal(record_add(&w, CHANGE_APPLYING), RESULT_OK);
    if (made)
        assert_int_equal(w.kind->apply(&w), RESULT_OK);
    return w.id;
}

static void what_a_dead_server_began_is_found_out(void **state)
{
    (void)state;
    struct str id = begun("Made", true);
    assert_int_equal(approve(SYSTEM_2, id), RESULT_USED); /* it may be at it still */
    later(61);
    assert_int_equal(approve(SYSTEM_2, id), RESULT_OK);
    assert_state(id, CHANGE_DONE);
    assert_text(application_value("hall", "displayName"), "Made");
    id = begun("Not made", false);
    later(61);
    assert_int_equal(approve(SYSTEM_2, id), RESULT_OK);
    assert_state(id, CHANGE_DONE);
    assert_text(application_value("hall", "displayName"), "Not made");
    id = begun("Given up", false);
    later(61);
    assert_int_equal(turn_down(SYSTEM, id), RESULT_OK);
    assert_state(id, CHANGE_WITHDRAWN);
    later(-183);
}

static void changes_are_seen_by_whom_they_concern(void **state)
{
    (void)state;
    struct recorded c = record_of(waiting_name("New"));
    const struct model *m = present_model();
    assert_true(change_visible(m, actor_named(SYSTEM), &c));
    assert_true(change_visible(m, actor_named(SYSTEM_2), &c));
    assert_true(change_visible(m, actor_named(AUDITOR), &c));
    assert_false(change_visible(m, actor_named(SECURITY), &c));
    assert_false(change_visible(m, actor_named(DEPARTMENT), &c));
    assert_false(change_visible(m, actor_named(CLERK), &c));
    struct recorded *all;
    size_t n;
    assert_int_equal(change_list_waiting(&provider, world.a, &all, &n), RESULT_OK);
    assert_int_equal(n, 1);
    assert_int_equal(change_list(&provider, world.a, clock_now() - 3600, clock_now() + 60, &all, &n),
                     RESULT_OK);
    assert_true(n >= 9);
    assert_int_equal(change_list(&provider, world.a, clock_now() - 7200, clock_now() - 3600, &all, &n),
                     RESULT_OK);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE_TEST(what_is_dangerous_waits_by_default),
        OFFICE_TEST(it_waits_until_another_approves),
        OFFICE_TEST(it_is_made_once),
        OFFICE_TEST(of_many_approvals_at_once_one_makes_it),
        OFFICE_TEST(what_was_before_must_be_true_still),
        OFFICE_TEST(either_may_end_it),
        OFFICE_TEST(what_waits_too_long_expires),
        OFFICE_TEST(who_asked_must_still_be_allowed_to),
        OFFICE_TEST(an_administrator_is_appointed_by_two),
        OFFICE_TEST(what_a_dead_server_began_is_found_out),
        OFFICE_TEST(changes_are_seen_by_whom_they_concern),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
