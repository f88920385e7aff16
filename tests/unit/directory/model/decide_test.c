#include "tests/unit/directory/model/city.h"

static struct decision decision_of(struct evaluation q)
{
    struct decision d;
    model_decide(city_model, &q, &d);
    return d;
}

static enum decision_reason may(const char *uid, const char *organisations, const char *action)
{
    struct subject s = city_person(uid, organisations);
    return city_answer(city_question(&s, action));
}

/* Whether anna, of the permits office, may read a case of that owner and organisation. */
static enum decision_reason anna_reads(const char *owner, const char *organisation)
{
    struct subject anna = city_person("anna", "330102/D0077 330106");
    struct evaluation q = city_question(&anna, "read");
    q.resource_id = STR("2026-1");
    q.owner = str_of(owner);
    q.organisation = str_of(organisation);
    return city_answer(q);
}

static void furnish_with_scope(const char *lines)
{
    city_furnish();
    struct str text = arena_printf(city_arena,
                                   "cn=posts,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: "
                                   "onedoorAssignment\ncn: posts\nmember: cn=approver,ou=posts,@\n%s",
                                   lines);
    city_put(text.p);
    city_compile();
}

static void the_holder_of_a_role_may_what_it_holds(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    assert_int_equal(may("clara", "330102/D0077", "file"), REASON_ALLOWED);
    assert_int_equal(may("clara", "330102/D0077", "approve"), REASON_NO_ROLE);
    assert_int_equal(may("nobody", "", "read"), REASON_NO_ROLE);
}

static void a_decision_names_its_rule(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    struct subject heidi = city_person("heidi", "330102");
    struct decision d = decision_of(city_question(&heidi, "approve"));
    assert_int_equal(d.reason, REASON_ALLOWED);
    assert_true(str_eq(d.holder, STR("posts/approver")));
    assert_true(str_eq(d.role, STR("approver")));
    assert_int_equal(d.scope, SCOPE_DEPARTMENT_AND_BELOW);
    assert_int_equal(d.needed_level, AUTHN_SUBSTANTIAL);
    assert_int_equal(d.needed_identity, 3);
}

static void circles_of_groups_are_harmless(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=head,ou=posts\nobjectClass: groupOfNames\nmember: uid=heidi,ou=staff,@\n"
             "member: cn=approver,ou=posts,@\nmember: cn=head,ou=posts,@\n");
    city_compile();
    assert_int_equal(may("heidi", "330102", "approve"), REASON_ALLOWED);
    assert_int_equal(may("anna", "330102", "approve"), REASON_ALLOWED);
    assert_int_equal(may("clara", "330102", "approve"), REASON_NO_ROLE);
}

/* Thousands in one circle, and one that is above and one that is below it: a list for each would take
 * gigabytes. */
static void a_circle_of_thousands_of_groups_takes_little(void **state)
{
    (void)state;
    enum { GROUPS = 2000 };
    city_furnish();
    city_put("cn=below,ou=groups\nobjectClass: groupOfNames\nmember: uid=dora,ou=staff,@\n");
    for (int i = 0; i < GROUPS; i++)
        city_put(arena_printf(city_arena,
                              "cn=g%d,ou=groups\nobjectClass: groupOfNames\nmember: cn=g%d,ou=groups,@\n%s",
                              i, (i + 1) % GROUPS, i == 7 ? "member: cn=below,ou=groups,@\n" : "")
                     .p);
    city_put("cn=clerk,ou=posts\nobjectClass: groupOfNames\nmember: cn=g1999,ou=groups,@\n");
    city_put("cn=other,ou=posts\nobjectClass: groupOfNames\nmember: uid=otto,ou=staff,@\n");
    city_compile();
    assert_true(model_size(city_model).bytes < (4 << 20));
    assert_int_equal(may("dora", "330102", "file"), REASON_ALLOWED);
    assert_int_equal(may("otto", "330102", "file"), REASON_NO_ROLE);
    struct subject dora = city_person("dora", ""), clara = city_person("clara", "");
    struct words groups;
    assert_true(model_groups(city_model, city_arena, &dora, &groups));
    assert_int_equal(groups.n, GROUPS + 2);
    assert_true(model_groups(city_model, city_arena, &clara, &groups));
    assert_int_equal(groups.n, 0);
}

static void groups_nest_as_deep_as_they_like(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=g0,ou=groups\nobjectClass: groupOfUniqueNames\nuniqueMember: uid=dora,ou=staff,@\n");
    for (int i = 1; i < 40; i++)
        city_put(arena_printf(city_arena,
                              "cn=g%d,ou=groups\nobjectClass: groupOfNames\nmember: cn=g%d,ou=groups,@\n", i,
                              i - 1)
                     .p);
    city_put("cn=clerk,ou=posts\nobjectClass: groupOfNames\nmember: cn=g39,ou=groups,@\n");
    city_compile();
    assert_int_equal(may("dora", "330102", "file"), REASON_ALLOWED);
    struct subject dora = city_person("dora", "");
    struct words groups;
    assert_true(model_groups(city_model, city_arena, &dora, &groups));
    assert_int_equal(groups.n, 41);
    assert_true(model_in_group(city_model, &dora, STR("CN=Clerk,ou=posts," CITY_DN)));
    assert_false(model_in_group(city_model, &dora, STR("cn=approver,ou=posts," CITY_DN)));
    assert_false(model_in_group(city_model, &dora, STR("nothing")));
}

static void an_organisation_that_holds_a_role_covers_all_below_it(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=district,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\n"
             "cn: district\nmember: ou=330102,ou=orgs,@\nonedoorDataScope: all\n");
    city_compile();
    assert_int_equal(may("zoe", "330102", "approve"), REASON_ALLOWED);
    assert_int_equal(may("zoe", "330106 330102/D0412", "approve"), REASON_ALLOWED);
    assert_int_equal(may("zoe", "330102/D9999", "approve"), REASON_ALLOWED);
    assert_int_equal(may("zoe", "330106", "approve"), REASON_NO_ROLE);
    assert_int_equal(may("zoe", "3301020", "approve"), REASON_NO_ROLE);
    struct subject zoe = city_person("zoe", "330102/D0412");
    assert_true(str_eq(decision_of(city_question(&zoe, "approve")).holder, STR("330102")));
}

static void an_organisation_may_be_in_a_group(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=approver,ou=posts\nobjectClass: groupOfNames\nmember: ou=330106,ou=orgs,@\n");
    city_compile();
    assert_int_equal(may("zoe", "330106/D0501", "approve"), REASON_ALLOWED);
    assert_int_equal(may("zoe", "330102", "approve"), REASON_NO_ROLE);
}

static void what_is_not_registered_is_named(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    struct subject anna = city_person("anna", "330102");
    struct evaluation q = city_question(&anna, "burn");
    assert_int_equal(city_answer(q), REASON_UNKNOWN_PERMISSION);
    q = city_question(&anna, "approve");
    q.resource_type = STR("file");
    assert_int_equal(city_answer(q), REASON_UNKNOWN_PERMISSION);
    q.client_id = STR("permit");
    assert_int_equal(city_answer(q), REASON_UNKNOWN_APPLICATION);
    assert_int_equal(city_answer(city_question(NULL, "approve")), REASON_UNKNOWN_SUBJECT);
    anna.disabled = true;
    assert_int_equal(city_answer(city_question(&anna, "approve")), REASON_DISABLED);
}

static void a_disabled_application_knows_no_permission(void **state)
{
    (void)state;
    city_furnish();
    city_put("onedoorClientId=permits,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
             "onedoorClientId: permits\nonedoorPermission: case:read\nonedoorDisabled: TRUE\n");
    city_compile();
    assert_int_equal(may("anna", "330102", "read"), REASON_UNKNOWN_APPLICATION);
}

static void a_period_holds_from_its_beginning_until_its_end(void **state)
{
    (void)state;
    int64_t from, until;
    furnish_with_scope("onedoorDataScope: all\nonedoorValidFrom: 20260101000000Z\n"
                       "onedoorValidUntil: 20270101000000Z\n");
    assert_true(time_read(STR("20260101000000Z"), &from));
    assert_true(time_read(STR("20270101000000Z"), &until));
    const struct {
        int64_t now;
        enum decision_reason reason;
    } edges[] = {{from - 1, REASON_PERIOD},
                 {from, REASON_ALLOWED},
                 {until - 1, REASON_ALLOWED},
                 {until, REASON_PERIOD}};
    struct subject anna = city_person("anna", "330102");
    for (size_t i = 0; i < 4; i++) {
        struct evaluation q = city_question(&anna, "approve");
        q.now = edges[i].now;
        assert_int_equal(city_answer(q), edges[i].reason);
    }
}

static void a_period_that_ended_when_time_began_is_over(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: all\nonedoorValidUntil: 19700101000000Z\n");
    struct subject anna = city_person("anna", "330102");
    assert_int_equal(city_answer(city_question(&anna, "approve")), REASON_PERIOD);
}

/* Whether anna, a department's administrator, may assign roles: everywhere, when there is no path. */
static enum decision_reason anna_assigns_in(struct str path)
{
    struct subject anna = city_person("anna", "330102/D0412");
    struct evaluation q = city_question(&anna, "assign");
    q.client_id = STR("onedoor");
    q.resource_type = STR("role");
    q.resource_id = STR("*");
    q.organisation = path;
    q.level = AUTHN_HIGH;
    return city_answer(q);
}

static void no_resource_of_the_registry_widens_an_administrators_reach(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=anna,cn=department-administrator,ou=onedoor,ou=roles,ou=registry\n"
             "objectClass: onedoorAssignment\ncn: anna\nmember: uid=anna,ou=staff,@\n"
             "onedoorOrganisation: 330102/D0412\n");
    city_put("cn=*,ou=role,ou=onedoor,ou=resources,ou=registry\nobjectClass: onedoorResourceItem\ncn: *\n"
             "onedoorClientId: onedoor\nonedoorResourceType: role\nonedoorOrganisation: 330102/D0412\n");
    city_compile();
    assert_int_equal(anna_assigns_in(STR("330102/D0412")), REASON_ALLOWED);
    assert_int_equal(anna_assigns_in(STR("330102/D0077")), REASON_SCOPE);
    assert_int_equal(anna_assigns_in(STR_EMPTY), REASON_PROPERTIES);
}

static void self_is_what_one_owns(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: self\n");
    assert_int_equal(anna_reads("anna", ""), REASON_ALLOWED);
    assert_int_equal(anna_reads("Anna", ""), REASON_SCOPE);
    assert_int_equal(anna_reads("otto", "330102/D0077"), REASON_SCOPE);
    assert_int_equal(anna_reads("", "330102/D0077"), REASON_PROPERTIES);
}

static void the_owner_may_be_named_by_mail(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: self\n");
    city_put("onedoorClientId=permits,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
             "onedoorClientId: permits\nonedoorPermission: case:read\n"
             "onedoorResourceType: case owner-is=mail\n");
    city_compile();
    assert_int_equal(anna_reads("Anna@City.example", ""), REASON_ALLOWED);
    assert_int_equal(anna_reads("anna", ""), REASON_SCOPE);
}

static void department_is_where_one_belongs(void **state)
{
    (void)state;
    furnish_with_scope("");
    assert_int_equal(anna_reads("", "330102/D0077"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", "330106"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", "330106/D0501"), REASON_SCOPE);
    assert_int_equal(anna_reads("", "330102"), REASON_SCOPE);
    assert_int_equal(anna_reads("anna", ""), REASON_PROPERTIES);
}

static void department_and_below_reaches_down(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: department-and-below\n");
    assert_int_equal(anna_reads("", "330106/D0501"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", "3301060"), REASON_SCOPE);
    assert_int_equal(anna_reads("", "330102"), REASON_SCOPE);
}

static void department_may_be_another_than_ones_own(void **state)
{
    (void)state;
    furnish_with_scope("onedoorOrganisation: 330102/D0412\n");
    assert_int_equal(anna_reads("", "330102/D0412"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", "330102/D0077"), REASON_SCOPE);
}

static void department_of_a_role_held_by_an_organisation_is_that_one(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=posts,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\n"
             "cn: posts\nmember: ou=330102,ou=orgs,@\nonedoorDataScope: department-and-below\n");
    city_compile();
    assert_int_equal(anna_reads("", "330102/D0412"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", "330106"), REASON_SCOPE);
}

static void listed_is_what_the_assignment_lists(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: listed\nonedoorOrganisation: 330102\n");
    assert_int_equal(anna_reads("", "330102"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", "330102/D0077"), REASON_SCOPE);
    city_close(NULL);
    city_open(NULL);
    furnish_with_scope("onedoorDataScope: listed-and-below\nonedoorOrganisation: 330102\n");
    assert_int_equal(anna_reads("", "330102/D0077"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", "330106"), REASON_SCOPE);
}

static void all_needs_to_know_nothing_of_the_resource(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: all\n");
    assert_int_equal(anna_reads("", ""), REASON_ALLOWED);
}

static void a_question_about_the_type_as_a_whole_has_no_scope(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: self\n");
    assert_int_equal(may("anna", "", "read"), REASON_ALLOWED);
    assert_int_equal(anna_reads("", ""), REASON_PROPERTIES);
}

static void the_registry_knows_a_resource_better_than_the_caller(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: department\n");
    city_put("cn=2026-1,ou=case,ou=permits,ou=resources,ou=registry\nobjectClass: onedoorResourceItem\n"
             "cn: 2026-1\nonedoorClientId: permits\nonedoorResourceType: case\n"
             "onedoorOrganisation: 330102/D0412\n");
    city_compile();
    assert_int_equal(anna_reads("", "330102/D0077"), REASON_SCOPE);
    city_put("cn=2026-1,ou=case,ou=permits,ou=resources,ou=registry\nobjectClass: onedoorResourceItem\n"
             "cn: 2026-1\nonedoorClientId: permits\nonedoorResourceType: case\n"
             "onedoorOrganisation: 330102/D0077\n");
    city_compile();
    assert_int_equal(anna_reads("", ""), REASON_ALLOWED);
}

static void assurance_is_asked_for_last(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: all\n");
    struct subject anna = city_person("anna", "330102");
    struct evaluation q = city_question(&anna, "approve");
    q.level = AUTHN_LOW;
    assert_int_equal(city_answer(q), REASON_ASSURANCE);
    q.identity_level = 2;
    assert_int_equal(city_answer(q), REASON_IDENTITY);
    q.level = AUTHN_HIGH;
    q.identity_level = 5;
    assert_int_equal(city_answer(q), REASON_ALLOWED);
    q.level = AUTHN_NONE;
    assert_int_equal(city_answer(q), REASON_ASSURANCE);
    q = city_question(&anna, "file");
    q.level = AUTHN_NONE;
    assert_int_equal(city_answer(q), REASON_NO_ROLE);
}

static void of_two_assignments_the_one_that_reaches_counts(void **state)
{
    (void)state;
    furnish_with_scope("onedoorDataScope: self\n");
    city_put("cn=old,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: old\n"
             "member: uid=anna,ou=staff,@\nonedoorDataScope: all\nonedoorValidUntil: 20200101000000Z\n");
    city_compile();
    assert_int_equal(anna_reads("otto", ""), REASON_SCOPE);
    city_put("cn=new,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: new\n"
             "member: uid=anna,ou=staff,@\nonedoorDataScope: all\n");
    city_compile();
    assert_int_equal(anna_reads("otto", ""), REASON_ALLOWED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(the_holder_of_a_role_may_what_it_holds),
        CITY_TEST(a_decision_names_its_rule),
        CITY_TEST(circles_of_groups_are_harmless),
        CITY_TEST(a_circle_of_thousands_of_groups_takes_little),
        CITY_TEST(groups_nest_as_deep_as_they_like),
        CITY_TEST(an_organisation_that_holds_a_role_covers_all_below_it),
        CITY_TEST(an_organisation_may_be_in_a_group),
        CITY_TEST(what_is_not_registered_is_named),
        CITY_TEST(a_disabled_application_knows_no_permission),
        CITY_TEST(a_period_holds_from_its_beginning_until_its_end),
        CITY_TEST(a_period_that_ended_when_time_began_is_over),
        CITY_TEST(no_resource_of_the_registry_widens_an_administrators_reach),
        CITY_TEST(self_is_what_one_owns),
        CITY_TEST(the_owner_may_be_named_by_mail),
        CITY_TEST(department_is_where_one_belongs),
        CITY_TEST(department_and_below_reaches_down),
        CITY_TEST(department_may_be_another_than_ones_own),
        CITY_TEST(department_of_a_role_held_by_an_organisation_is_that_one),
        CITY_TEST(listed_is_what_the_assignment_lists),
        CITY_TEST(all_needs_to_know_nothing_of_the_resource),
        CITY_TEST(a_question_about_the_type_as_a_whole_has_no_scope),
        CITY_TEST(the_registry_knows_a_resource_better_than_the_caller),
        CITY_TEST(assurance_is_asked_for_last),
        CITY_TEST(of_two_assignments_the_one_that_reaches_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
