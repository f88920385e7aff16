#include "tests/unit/server/admin/office.h"

#define D0412 ",\"organisation\":[\"330102/D0412\"]"

static struct str assigned(struct str target, const char *attribute)
{
    struct str rest = target, client, role;
    assert_true(str_cut(&rest, '/', &client));
    assert_true(str_cut(&rest, '/', &role));
    return value_of(assignment_rdn(world.a, client, role, rest), attribute);
}

static void a_role_is_assigned_with_scope_and_period(void **state)
{
    (void)state;
    assert_int_equal(ask(SECURITY, "role.assign", "hall/clerk",
                         to_person(CLERK, ",\"scope\":[\"listed\"],\"organisation\":[\"330102\"],"
                                          "\"from\":[\"20260101000000Z\"],\"until\":[\"20991231000000Z\"]")),
                     RESULT_OK);
    assert_text(assigned(last.target, "onedoorDataScope"), "listed");
    assert_text(assigned(last.target, "onedoorValidUntil"), "20991231000000Z");
    struct rights rights;
    assert_true(model_rights(present_model(), world.a, STR("hall"), &actor_named(CLERK)->subject, NULL,
                             clock_now(), &rights));
    assert_int_equal(rights.roles.n, 1);
}

static void what_cannot_be_assigned_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *target, *after;
        enum why why;
    } rows[] = {
        {"hall/clerk", "{}", WHY_NO_HOLDER},
        {"hall/clerk", "{\"holder\":[\"uid=nobody,ou=staff," CITY "\"]}", WHY_NO_HOLDER},
        {"hall/clerk", "{\"holder\":[\"cn=decoy," REGISTRY "\"]}", WHY_NO_HOLDER},
        {"hall/clerk", "{\"holder\":[\"no dn\"]}", WHY_NO_HOLDER},
        {"hall/nobody", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"]}", WHY_NOT_THERE},
        {"hall/clerk", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"scope\":[\"galaxy\"]}",
         WHY_NOT_VALID},
        {"hall/clerk", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"scope\":[\"listed\"]}",
         WHY_NOT_VALID},
        {"hall/clerk", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"organisation\":[\"1/2\"]}",
         WHY_NO_ORGANISATION},
        {"hall/clerk", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"from\":[\"tomorrow\"]}",
         WHY_NOT_VALID},
        {"hall/clerk",
         "{\"holder\":[\"uid=s-200105,ou=staff," CITY
         "\"],\"from\":[\"20270101000000Z\"],\"until\":[\"20260101000000Z\"]}",
         WHY_PERIOD},
        {"onedoor/system-administrator",
         "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"scope\":[\"all\"]}", WHY_NOT_PERMITTED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ask(SECURITY, "role.assign", rows[i].target, rows[i].after), RESULT_REFUSED);
        if (last.why != rows[i].why)
            fail_msg("row %zu: %s", i, why_name(last.why));
    }
}

static void administrators_are_people_with_all_or_with_their_departments(void **state)
{
    (void)state;
    static const struct {
        const char *role, *after;
        enum why why;
    } rows[] = {
        {"audit-administrator", "{\"holder\":[\"cn=clerk,ou=posts," CITY "\"],\"scope\":[\"all\"]}",
         WHY_PEOPLE_ONLY},
        {"audit-administrator", "{\"holder\":[\"ou=330102,ou=orgs," CITY "\"],\"scope\":[\"all\"]}",
         WHY_PEOPLE_ONLY},
        {"audit-administrator", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"]}", WHY_NOT_VALID},
        {"department-administrator", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"scope\":[\"all\"]}",
         WHY_NOT_VALID},
        {"department-administrator", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"]}", WHY_NOT_VALID},
        {"king", "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"scope\":[\"all\"]}", WHY_NOT_THERE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(
            ask(SECURITY, "administrator.assign", text("onedoor/%s", rows[i].role), rows[i].after),
            RESULT_REFUSED);
        if (last.why != rows[i].why)
            fail_msg("row %zu: %s", i, why_name(last.why));
    }
}

static void the_three_powers_are_never_one_persons(void **state)
{
    (void)state;
    static const char *const three[] = {"system-administrator", "security-administrator",
                                        "audit-administrator"};
    static const char *const holders[] = {SYSTEM, SECURITY, AUDITOR};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            const char *who = holders[i], *target = text("onedoor/%s", three[j]);
            if (i == j)
                continue;
            /* Neither root nor a security administrator (another than the person) may. */
            assert_int_equal(
                ask_as(&root, "administrator.assign", target, to_person(who, ",\"scope\":[\"all\"]")),
                RESULT_REFUSED);
            assert_int_equal(last.why, WHY_EXCLUDED);
            assert_int_equal(
                ask(SECURITY_2, "administrator.assign", target, to_person(who, ",\"scope\":[\"all\"]")),
                RESULT_REFUSED);
            assert_int_equal(last.why, WHY_EXCLUDED);
        }
}

static void two_powers_given_past_us_count_for_nothing(void **state)
{
    (void)state;
    struct str class = STR("onedoorAssignment"), cn = STR("sneaked"), all = STR("all"),
               dn = dn_of_person(SYSTEM);
    const struct attribute attributes[] = {
        {"objectClass", &class, 1}, {"cn", &cn, 1}, {"member", &dn, 1}, {"onedoorDataScope", &all, 1}};
    assert_int_equal(registry_add(world.directory,
                                  assignment_rdn(world.a, STR("onedoor"), STR("security-administrator"), cn),
                                  attributes, 4),
                     RESULT_OK);
    const struct model *m = present_model();
    assert_false(actor_may(m, actor_named(SYSTEM), "application:write"));
    assert_false(actor_may(m, actor_named(SYSTEM), "application:enable"));
    assert_int_equal(ask(SYSTEM, "application.set", "hall", "{\"name\":[\"A\"]}"), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_PERMITTED);
}

static void roles_that_exclude_each_other_are_not_both_assigned(void **state)
{
    (void)state;
    assert_int_equal(ask(SECURITY, "role.assign", "hall/clerk", to_person(CLERK, "")), RESULT_OK);
    assert_int_equal(ask(SECURITY, "role.assign", "hall/approver", to_person(CLERK, "")), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_EXCLUDED);
    assert_text(last.detail, "clerk");
    /* Nor through a group or a department that they are in. */
    assert_int_equal(
        ask(SECURITY, "role.assign", "hall/approver", "{\"holder\":[\"cn=clerk,ou=posts," CITY "\"]}"),
        RESULT_REFUSED);
    assert_int_equal(last.why, WHY_EXCLUDED);
    /* Also one that will begin later, and the other way round. */
    assert_int_equal(ask(SECURITY, "role.assign", "hall/approver",
                         "{\"holder\":[\"ou=D0501,ou=330106,ou=orgs," CITY
                         "\"],\"from\":[\"20900101000000Z\"]}"),
                     RESULT_OK);
    assert_int_equal(ask(SECURITY, "role.assign", "hall/clerk", to_person(ELSEWHERE, "")), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_EXCLUDED);
    assert_true(audited("administration_refused") >= 3);
}

/* A directory finds cn=approver by cn=APPROVER too; exclusions and powers must not be got past that way. */
static void another_case_is_another_name(void **state)
{
    (void)state;
    static const char *const targets[] = {"ONEDOOR/system-administrator", "OneDoor/audit-administrator",
                                          "HALL/clerk", "hall/CLERK"};
    for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
        static const char *const kinds_of[] = {"role.assign", "administrator.assign"};
        for (size_t k = 0; k < 2; k++) {
            assert_int_equal(ask(SECURITY, kinds_of[k], targets[i], to_person(CLERK, ",\"scope\":[\"all\"]")),
                             RESULT_REFUSED);
            assert_true(last.why == WHY_NOT_THERE || last.why == WHY_NOT_PERMITTED);
        }
    }
    assert_int_equal(
        ask(SYSTEM, "application.add", "ONEDOOR", "{\"redirect-uri\":[\"https://a.example/cb\"]}"),
        RESULT_REFUSED);
    assert_int_equal(ask(SYSTEM, "role.set", "hall/CLERK", "{\"description\":[\"x\"]}"), RESULT_REFUSED);
    assert_int_equal(ask(SYSTEM, "role.set", "ONEDOOR/system-administrator", "{\"delegated\":[\"TRUE\"]}"),
                     RESULT_REFUSED);
    assert_int_equal(ask(SYSTEM, "role.remove", "HALL/clerk", NULL), RESULT_REFUSED);
    assert_int_equal(ask(SECURITY, "account.remove-factor", "S-200129", NULL), RESULT_REFUSED);
    assert_int_equal(ask(SECURITY, "role.assign", "hall/clerk", to_person(CLERK, "")), RESULT_OK);
    struct str id = last.target, part;
    str_cut(&id, '/', &part);
    str_cut(&id, '/', &part);
    assert_int_equal(ask(SECURITY, "role.withdraw", text("HALL/clerk/" STR_FMT, STR_ARG(id)), NULL),
                     RESULT_REFUSED);
}

static void nobody_assigns_to_themselves(void **state)
{
    (void)state;
    static const char *const holders[] = {"uid=" SECURITY ",ou=staff," CITY, "cn=all-staff,ou=groups," CITY,
                                          "ou=D0602,ou=330110,ou=orgs," CITY};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(
            ask(SECURITY, "role.assign", "hall/clerk", text("{\"holder\":[\"%s\"]}", holders[i])),
            RESULT_REFUSED);
        assert_int_equal(last.why, WHY_NOT_ONESELF);
    }
    assert_int_equal(ask(DEPARTMENT, "role.assign", "hall/clerk", to_person(DEPARTMENT, "")), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_ONESELF);
}

static void a_department_assigns_delegated_roles_to_its_own_people(void **state)
{
    (void)state;
    assert_int_equal(ask(DEPARTMENT, "role.assign", "hall/clerk", to_person(CLERK, "")), RESULT_OK);
    assert_text(assigned(last.target, "onedoorDataScope"), "department");
    /* The scope is written down, so that it never means another department of theirs. */
    assert_text(assigned(last.target, "onedoorOrganisation"), "330102/D0412");
    const char *own = arena_cstr(world.a, last.target);
    /* s-200145 belongs to another department as well. */
    assert_int_equal(ask(DEPARTMENT, "role.assign", "hall/clerk", to_person("s-200145", "")), RESULT_OK);
    assert_text(assigned(last.target, "onedoorOrganisation"), "330102/D0412");
    assert_int_equal(ask(DEPARTMENT, "role.withdraw", own, NULL), RESULT_OK);
}

static void a_department_stays_within_itself(void **state)
{
    (void)state;
    static const struct {
        const char *target, *after;
        enum why why;
    } rows[] = {
        {"hall/approver", "{\"holder\":[\"uid=s-200107,ou=staff," CITY "\"]}", WHY_NOT_DELEGATED},
        {"hall/clerk", "{\"holder\":[\"uid=s-200113,ou=staff," CITY "\"]}", WHY_OUTSIDE},
        {"hall/clerk", "{\"holder\":[\"uid=s-200113,ou=staff," CITY "\"]" D0412 "}", WHY_OUTSIDE},
        {"hall/clerk",
         "{\"holder\":[\"uid=s-200107,ou=staff," CITY "\",\"uid=s-200113,ou=staff," CITY "\"]" D0412 "}",
         WHY_OUTSIDE},
        {"hall/clerk", "{\"holder\":[\"uid=s-200107,ou=staff," CITY "\"],\"scope\":[\"all\"]}", WHY_OUTSIDE},
        {"hall/clerk", "{\"holder\":[\"uid=s-200107,ou=staff," CITY "\"],\"scope\":[\"all\"]" D0412 "}",
         WHY_OUTSIDE},
        {"hall/clerk",
         "{\"holder\":[\"uid=s-200107,ou=staff," CITY "\"],\"organisation\":[\"330106/D0501\"]}",
         WHY_OUTSIDE},
        {"hall/clerk",
         "{\"holder\":[\"uid=s-200107,ou=staff," CITY
         "\"],\"organisation\":[\"330102/D0412\",\"330102/D0077\"]}",
         WHY_OUTSIDE},
        {"hall/clerk", "{\"holder\":[\"uid=s-200107,ou=staff," CITY "\"],\"organisation\":[\"330102\"]}",
         WHY_OUTSIDE},
        {"hall/clerk",
         "{\"holder\":[\"uid=s-200107,ou=staff," CITY
         "\"],\"scope\":[\"listed-and-below\"],\"organisation\":[\"330102\"]}",
         WHY_OUTSIDE},
        {"hall/clerk", "{\"holder\":[\"ou=D0412,ou=330102,ou=orgs," CITY "\"]" D0412 "}", WHY_OUTSIDE},
        {"hall/clerk", "{\"holder\":[\"cn=clerk,ou=posts," CITY "\"]" D0412 "}", WHY_OUTSIDE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ask(DEPARTMENT, "role.assign", rows[i].target, rows[i].after), RESULT_REFUSED);
        if (last.why != rows[i].why)
            fail_msg("row %zu: %s", i, why_name(last.why));
    }
    assert_int_equal(ask(DEPARTMENT, "administrator.assign", "onedoor/department-administrator",
                         "{\"holder\":[\"uid=s-200107,ou=staff," CITY "\"],\"scope\":[\"department\"]" D0412
                         "}"),
                     RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_PERMITTED);
}

static void a_department_withdraws_only_what_is_its_own(void **state)
{
    (void)state;
    static const char *const foreign[] = {
        "{\"holder\":[\"uid=s-200113,ou=staff," CITY "\"],\"organisation\":[\"330106/D0501\"]}",
        "{\"holder\":[\"uid=s-200105,ou=staff," CITY "\"],\"scope\":[\"all\"]}",
        "{\"holder\":[\"uid=s-200145,ou=staff," CITY
        "\"],\"organisation\":[\"330102/D0412\",\"330102/D0077\"]}",
    };
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ask(SECURITY, "role.assign", "hall/clerk", foreign[i]), RESULT_OK);
        const char *target = arena_cstr(world.a, last.target);
        assert_int_equal(ask(DEPARTMENT, "role.withdraw", target, NULL), RESULT_REFUSED);
        assert_int_equal(last.why, WHY_OUTSIDE);
        assert_int_equal(ask(SECURITY, "role.withdraw", target, NULL), RESULT_OK);
    }
    assert_int_equal(ask(DEPARTMENT, "role.withdraw", "hall/clerk/a-none", NULL), RESULT_REFUSED);
}

static void a_holder_of_the_roles_own_entry_is_taken_out(void **state)
{
    (void)state;
    struct str members[] = {dn_of_person(CLERK), dn_of_person(ELSEWHERE)},
               rdn = role_rdn(world.a, STR("hall"), STR("clerk"));
    const struct change add = {CHANGE_ADD, {"member", members, 2}};
    assert_int_equal(registry_modify(world.directory, rdn, &add, 1), RESULT_OK);
    assert_int_equal(ask(DEPARTMENT, "role.drop-member", "hall/clerk", to_person(CLERK, "")), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_OUTSIDE);
    assert_int_equal(ask(SYSTEM, "role.drop-member", "hall/clerk", to_person(CLERK, "")), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_PERMITTED);
    assert_int_equal(ask(SECURITY, "role.drop-member", "hall/clerk", to_person(CLERK, "")), RESULT_OK);
    assert_text(value_of(rdn, "member"), arena_cstr(world.a, dn_of_person(ELSEWHERE)));
    assert_int_equal(ask(SECURITY, "role.drop-member", "hall/clerk", to_person(CLERK, "")), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_THERE);
    assert_int_equal(ask(SECURITY, "role.drop-member", "hall/clerk", to_person(ELSEWHERE, "")), RESULT_OK);
    assert_int_equal(value_of(rdn, "member").len, 0);
    assert_text(record_of(last.id).after, "{\"holder\":null}");
}

static void a_wider_department_reaches_what_lies_below(void **state)
{
    (void)state;
    const char *head = "s-200104";
    grant("department-administrator", head,
          "\"scope\":[\"department-and-below\"],\"organisation\":[\"330102\"]");
    assert_int_equal(ask(head, "role.assign", "hall/clerk",
                         to_person(CLERK, ",\"scope\":[\"listed-and-below\"],\"organisation\":[\"330102\"]")),
                     RESULT_OK);
    assert_int_equal(ask(head, "role.assign", "hall/clerk", to_person(ELSEWHERE, "")), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_OUTSIDE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE_TEST(a_role_is_assigned_with_scope_and_period),
        OFFICE_TEST(what_cannot_be_assigned_is_refused),
        OFFICE_TEST(administrators_are_people_with_all_or_with_their_departments),
        OFFICE_TEST(the_three_powers_are_never_one_persons),
        OFFICE_TEST(two_powers_given_past_us_count_for_nothing),
        OFFICE_TEST(roles_that_exclude_each_other_are_not_both_assigned),
        OFFICE_TEST(another_case_is_another_name),
        OFFICE_TEST(nobody_assigns_to_themselves),
        OFFICE_TEST(a_department_assigns_delegated_roles_to_its_own_people),
        OFFICE_TEST(a_department_stays_within_itself),
        OFFICE_TEST(a_department_withdraws_only_what_is_its_own),
        OFFICE_TEST(a_holder_of_the_roles_own_entry_is_taken_out),
        OFFICE_TEST(a_wider_department_reaches_what_lies_below),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
