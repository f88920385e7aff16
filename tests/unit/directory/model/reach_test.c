/* Separation of duties: pairs of roles that exclude each other. */
#include "tests/unit/directory/model/city.h"

static enum decision_reason may(const char *uid, const char *action)
{
    struct subject s = city_person(uid, "330102");
    return city_answer(city_question(&s, action));
}

/* otto is an approver by his post, and a clerk by the lines given. */
static void furnish_otto(const char *lines)
{
    city_furnish();
    city_put("cn=approver,ou=posts\nobjectClass: groupOfNames\nmember: uid=otto,ou=staff,@\n"
             "member: uid=anna,ou=staff,@\n");
    struct str text = arena_printf(city_arena,
                                   "cn=otto,cn=clerk,ou=permits,ou=roles,ou=registry\nobjectClass: "
                                   "onedoorAssignment\ncn: otto\nmember: uid=otto,ou=staff,@\n%s",
                                   lines);
    city_put(text.p);
    city_compile();
}

static void of_two_roles_that_exclude_each_other_neither_counts(void **state)
{
    (void)state;
    furnish_otto("");
    assert_int_equal(may("otto", "approve"), REASON_EXCLUDED);
    assert_int_equal(may("otto", "file"), REASON_EXCLUDED); /* `clerk` itself names no exclusion */
    assert_int_equal(may("otto", "read"), REASON_EXCLUDED);
    assert_int_equal(may("anna", "approve"), REASON_ALLOWED);
    assert_int_equal(may("clara", "file"), REASON_ALLOWED);
}

static void a_role_whose_period_is_over_excludes_nothing(void **state)
{
    (void)state;
    furnish_otto("onedoorValidUntil: 20261124000000Z\n");
    struct subject otto = city_person("otto", "330102");
    struct evaluation q = city_question(&otto, "approve");
    int64_t end;
    assert_true(time_read(STR("20261124000000Z"), &end));
    q.now = end - 1;
    assert_int_equal(city_answer(q), REASON_EXCLUDED);
    q.now = end;
    assert_int_equal(city_answer(q), REASON_ALLOWED);
}

/* For the directory, cn: Approver and cn: approver are one. */
static void an_exclusion_is_not_lost_by_its_spelling(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=archivist,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: archivist\n"
             "onedoorClientId: permits\nonedoorPermission: case:read\nonedoorExcludes: Approver\n"
             "member: uid=anna,ou=staff,@\n");
    city_compile();
    assert_int_equal(may("anna", "approve"), REASON_EXCLUDED);
}

static void roles_exclude_each_other_across_applications(void **state)
{
    (void)state;
    city_furnish();
    city_put("onedoorClientId=audit,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
             "onedoorClientId: audit\nonedoorPermission: log:read\n");
    city_put("cn=auditor,ou=audit,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: auditor\n"
             "onedoorClientId: audit\nonedoorPermission: log:read\nonedoorExcludes: permits/approver\n"
             "member: cn=head,ou=posts,@\n");
    city_compile();
    assert_int_equal(may("heidi", "approve"), REASON_EXCLUDED);
    assert_int_equal(may("anna", "approve"), REASON_ALLOWED);
    struct subject heidi = city_person("heidi", "330102");
    struct evaluation q = city_question(&heidi, "read");
    q.client_id = STR("audit");
    q.resource_type = STR("log");
    assert_int_equal(city_answer(q), REASON_EXCLUDED);
}

static void onedoors_own_administrators_exclude_each_other(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=system-administrator,ou=onedoor,ou=roles,ou=registry\nobjectClass: onedoorRole\n"
             "cn: system-administrator\nonedoorClientId: onedoor\nmember: uid=sam,ou=staff,@\n"
             "member: uid=both,ou=staff,@\nonedoorDataScope: all\nonedoorPermission: audit:read\n");
    city_put("cn=security-administrator,ou=onedoor,ou=roles,ou=registry\nobjectClass: onedoorRole\n"
             "cn: security-administrator\nonedoorClientId: onedoor\n");
    city_put("cn=b,cn=security-administrator,ou=onedoor,ou=roles,ou=registry\nobjectClass: "
             "onedoorAssignment\ncn: b\nmember: uid=both,ou=staff,@\nonedoorDataScope: all\n");
    city_compile();
    struct subject sam = city_person("sam", ""), both = city_person("both", "");
    struct evaluation q = city_question(&sam, "write");
    q.client_id = STR("onedoor");
    q.resource_type = STR("application");
    assert_int_equal(city_answer(q), REASON_ALLOWED);
    q.subject = &both;
    assert_int_equal(city_answer(q), REASON_EXCLUDED);
    /* What an entry adds to a built-in role is not there. */
    q = city_question(&sam, "read");
    q.client_id = STR("onedoor");
    q.resource_type = STR("audit");
    assert_int_equal(city_answer(q), REASON_NO_ROLE);
}

static size_t conflicts_of(const char *uid, const struct conflict **out)
{
    struct subject s = city_person(uid, "330102");
    struct conflict *list;
    size_t n;
    assert_true(model_conflicts(city_model, city_arena, &s, CITY_NOW, &list, &n));
    *out = list;
    return n;
}

static void who_holds_both_is_found(void **state)
{
    (void)state;
    const struct conflict *list;
    furnish_otto("");
    assert_int_equal(conflicts_of("otto", &list), 1);
    assert_true(str_eq(list[0].one->name, STR("approver")) && str_eq(list[0].other->name, STR("clerk")));
    assert_int_equal(conflicts_of("anna", &list), 0);
    assert_int_equal(conflicts_of("nobody", &list), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(of_two_roles_that_exclude_each_other_neither_counts),
        CITY_TEST(a_role_whose_period_is_over_excludes_nothing),
        CITY_TEST(an_exclusion_is_not_lost_by_its_spelling),
        CITY_TEST(roles_exclude_each_other_across_applications),
        CITY_TEST(who_holds_both_is_found),
        CITY_TEST(onedoors_own_administrators_exclude_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
