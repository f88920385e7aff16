/* Who comes into question for a permission: by name, by groups, by organisations, and whom a resource leaves
 * out. */
#include "tests/unit/directory/model/city.h"

#include "server/access/holders.h"

static const struct model *m;
static struct holders found;
static struct subject owner;

static int furnish(void **state)
{
    int bad = city_open(state);
    city_furnish();
    m = city_compile();
    return bad;
}

static void hold(const char *text)
{
    city_put(text);
    m = city_compile();
}

static void look(const char *permission, const char *organisation, const struct subject *of)
{
    const struct reached r = {.client_id = STR("permits"),
                              .permission = str_of(permission),
                              .organisation = str_of(organisation),
                              .owner = of,
                              .now = CITY_NOW};
    assert_true(holders_of(m, city_arena, &r, &found));
}

static bool has_person(const char *uid)
{
    const struct subject s = city_person(uid, "");
    return holders_has_person(&found, &s.dn);
}

static bool has_place(const char *path)
{
    return holders_find_organisation(&found, str_of(path)) >= 0;
}

static void members_of_groups_are_found_at_any_depth(void **state)
{
    (void)state;
    look("case:approve", "330102/D0412", NULL);
    assert_int_equal(found.people_count, 2);
    assert_true(has_person("anna"));
    assert_true(has_person("heidi"));
    assert_false(has_person("clara"));
    look("case:read", "330102/D0412", NULL);
    assert_int_equal(found.people_count, 3);
    look("case:fly", "330102/D0412", NULL);
    assert_int_equal(found.people_count, 0);
}

static void groups_in_a_circle_have_an_end(void **state)
{
    (void)state;
    city_put(
        "cn=a,ou=groups\nobjectClass: groupOfNames\nmember: cn=b,ou=groups,@\nmember: uid=anna,ou=staff,@\n");
    city_put(
        "cn=b,ou=groups\nobjectClass: groupOfNames\nmember: cn=a,ou=groups,@\nmember: uid=bert,ou=staff,@\n");
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: cn=a,ou=groups,@\nonedoorDataScope: all\n");
    look("case:approve", "", NULL);
    assert_int_equal(found.people_count, 2);
    assert_true(has_person("bert"));
}

static void an_organisation_brings_all_that_lie_below_it(void **state)
{
    (void)state;
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: ou=330102,ou=orgs,@\nonedoorDataScope: all\n");
    look("case:approve", "330106", NULL);
    assert_int_equal(found.organisation_count, 3);
    assert_true(has_place("330102"));
    assert_true(has_place("330102/D0077"));
    assert_true(has_place("330102/D0412"));
    assert_false(has_place("330106"));
    assert_true(holders_find_organisation(&found, STR("330102")) == 0);
}

static void an_organisation_in_a_group_counts_as_well(void **state)
{
    (void)state;
    city_put("cn=mixed,ou=groups\nobjectClass: groupOfNames\nmember: ou=330106,ou=orgs,@\n");
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: cn=mixed,ou=groups,@\nonedoorDataScope: all\n");
    look("case:approve", "", NULL);
    assert_true(has_place("330106"));
}

static void a_resource_out_of_reach_leaves_the_holders_out(void **state)
{
    (void)state;
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: ou=330106,ou=orgs,@\nmember: uid=lisa,ou=staff,@\nonedoorDataScope: listed\n"
         "onedoorOrganisation: 330102/D0077\n");
    look("case:approve", "330102/D0077", NULL);
    assert_true(has_place("330106"));
    assert_true(has_person("lisa"));
    look("case:approve", "330102/D0412", NULL);
    assert_false(has_place("330106"));
    assert_false(has_person("lisa"));
    assert_true(has_person("anna")); /* whose own department decides */
}

static void the_holding_organisation_is_its_own_department(void **state)
{
    (void)state;
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: ou=330102,ou=orgs,@\nonedoorDataScope: department-and-below\n");
    look("case:approve", "330102/D0412", NULL);
    assert_true(has_place("330102/D0077"));
    look("case:approve", "330106", NULL);
    assert_int_equal(found.organisation_count, 0);
}

static void what_is_not_known_is_reached_by_all_alone(void **state)
{
    (void)state;
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: uid=lisa,ou=staff,@\nonedoorDataScope: all\n");
    look("case:approve", "", NULL);
    assert_int_equal(found.people_count, 1);
    assert_true(has_person("lisa"));
}

static void ones_own_is_the_owners_alone(void **state)
{
    (void)state;
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: ou=330102,ou=orgs,@\nonedoorDataScope: self\n");
    look("case:approve", "", NULL);
    assert_int_equal(found.people_count + found.organisation_count, 0);
    owner = city_person("olga", "330102");
    look("case:approve", "", &owner);
    assert_int_equal(found.people_count, 1);
    assert_int_equal(found.organisation_count, 0);
    assert_true(has_person("olga"));
}

static void a_role_holds_within_its_period(void **state)
{
    (void)state;
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: uid=lisa,ou=staff,@\nonedoorDataScope: all\nonedoorValidUntil: 20200101000000Z\n");
    look("case:approve", "", NULL);
    assert_false(has_person("lisa"));
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: uid=lisa,ou=staff,@\nonedoorDataScope: all\nonedoorValidFrom: 20400101000000Z\n");
    look("case:approve", "", NULL);
    assert_false(has_person("lisa"));
}

static void each_stands_there_once_and_in_order(void **state)
{
    (void)state;
    city_put("cn=y,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: y\n"
             "member: ou=D0412,ou=330102,ou=orgs,@\nmember: UID=Anna, OU=Staff,@\nonedoorDataScope: all\n");
    hold("cn=x,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
         "member: ou=330102,ou=orgs,@\nmember: uid=anna,ou=staff,@\nmember: cn=approver,ou=posts,@\n"
         "onedoorDataScope: all\n");
    look("case:approve", "330102/D0412", NULL);
    assert_int_equal(found.people_count, 2);
    assert_int_equal(found.organisation_count, 3);
    for (size_t i = 1; i < found.people_count; i++)
        assert_true(memcmp(found.people[i - 1].key.b, found.people[i].key.b, sizeof found.people[i].key.b) <
                    0);
}

static void without_memory_there_is_no_list(void **state)
{
    (void)state;
    for (size_t ceiling = 0; ceiling < 6000; ceiling += 97) {
        struct arena *small = arena_new(ceiling);
        const struct reached r = {.client_id = STR("permits"),
                                  .permission = STR("case:approve"),
                                  .organisation = STR("330102/D0412"),
                                  .now = CITY_NOW};
        bool good = holders_of(m, small, &r, &found);
        assert_true(!good || found.people_count == 2);
        arena_free(small);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, furnish, city_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(members_of_groups_are_found_at_any_depth),
        TEST(groups_in_a_circle_have_an_end),
        TEST(an_organisation_brings_all_that_lie_below_it),
        TEST(an_organisation_in_a_group_counts_as_well),
        TEST(a_resource_out_of_reach_leaves_the_holders_out),
        TEST(the_holding_organisation_is_its_own_department),
        TEST(what_is_not_known_is_reached_by_all_alone),
        TEST(ones_own_is_the_owners_alone),
        TEST(a_role_holds_within_its_period),
        TEST(each_stands_there_once_and_in_order),
        TEST(without_memory_there_is_no_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
