#include "tests/unit/server/admin/office.h"

static void a_change_is_recorded_and_audited_with_before_and_after(void **state)
{
    (void)state;
    int made = audited("change_made");
    assert_int_equal(
        ask(SYSTEM, "application.set", "hall", "{\"name\":[\"Permit hall\"],\"contact\":[\"Desk 3\"]}"),
        RESULT_OK);
    assert_false(last.waits);
    assert_text(application_value("hall", "displayName"), "Permit hall");
    struct recorded c = record_of(last.id);
    assert_int_equal(c.state, CHANGE_DONE);
    assert_text(c.by, SYSTEM);
    assert_text(c.target, "hall");
    assert_text(c.before, "{\"contact\":null,\"name\":[\"Hall\"]}");
    assert_text(c.after, "{\"contact\":[\"Desk 3\"],\"name\":[\"Permit hall\"]}");
    assert_int_equal(audited("change_made"), made + 1);
    assert_non_null(
        strstr(audit_text().p, "\"before\":\"{\\\"contact\\\":null,\\\"name\\\":[\\\"Hall\\\"]}\""));
}

static void an_added_application_waits_to_be_taken_into_use_by_another(void **state)
{
    (void)state;
    assert_int_equal(ask(SYSTEM, "application.add", "new", "{\"redirect-uri\":[\"https://new.example/cb\"]}"),
                     RESULT_OK);
    assert_int_equal(last.secret.len, 43);
    struct recorded c = record_of(last.id);
    assert_text(c.before, "null");
    assert_text(application_value("new", "onedoorDisabled"), "TRUE");
    assert_null(strstr(c.after.p, last.secret.p));
    assert_null(strstr(audit_text().p, last.secret.p));
    assert_null(strstr(audit_text().p, arena_cstr(world.a, application_value("new", "onedoorSecretHash"))));

    assert_int_equal(ask(SYSTEM, "application.set", "new", "{\"disabled\":[\"FALSE\"]}"), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_PERMITTED);
    assert_int_equal(ask(SYSTEM, "application.enable", "new", NULL), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_PERMITTED);
    assert_int_equal(ask(SECURITY, "application.enable", "new", NULL), RESULT_OK);
    assert_text(application_value("new", "onedoorDisabled"), "FALSE");
}

static void each_administrator_changes_what_is_theirs_alone(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *target, *after, *who;
    } rows[] = {
        {"application.set", "hall", "{\"name\":[\"A\"]}", SYSTEM},
        {"application.secret", "hall", NULL, SYSTEM},
        {"application.disable", "hall", NULL, SECURITY},
        {"role.set", "hall/clerk", "{\"display-name\":[\"Clerk\"]}", SYSTEM},
        {"role.assign", "hall/approver", "{\"holder\":[\"ou=D0501,ou=330106,ou=orgs," CITY "\"]}", SECURITY},
        {"administrator.assign", "onedoor/audit-administrator",
         "{\"holder\":[\"uid=s-200132,ou=staff," CITY "\"],\"scope\":[\"all\"]}", SECURITY},
    };
    static const char *const all[] = {SYSTEM, SECURITY, AUDITOR, DEPARTMENT, CLERK};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int refused = audited("administration_refused");
        for (size_t w = 0; w < sizeof all / sizeof *all; w++) {
            if (strcmp(all[w], rows[i].who) == 0)
                continue;
            assert_int_equal(ask(all[w], rows[i].kind, rows[i].target, rows[i].after), RESULT_REFUSED);
            /* Departments assign roles, but not these. */
            assert_true(last.why == WHY_NOT_PERMITTED ||
                        (strcmp(all[w], DEPARTMENT) == 0 && last.why == WHY_NOT_DELEGATED));
            assert_int_equal(audited("administration_refused"), ++refused);
        }
        assert_int_equal(ask(rows[i].who, rows[i].kind, rows[i].target, rows[i].after), RESULT_OK);
    }
}

static void a_weak_sign_in_changes_nothing(void **state)
{
    (void)state;
    struct actor *weak = actor_named(SYSTEM);
    weak->level = AUTHN_LOW;
    assert_int_equal(ask_as(weak, "application.set", "hall", "{\"name\":[\"A\"]}"), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_PERMITTED);
    assert_text(application_value("hall", "displayName"), "Hall");
}

static void what_changed_between_look_and_write_is_not_overwritten(void **state)
{
    (void)state;
    struct str why = STR_EMPTY, other = STR("name=Other");
    struct proposal w = proposal_by(actor_named(SYSTEM), "application.set", "hall");
    w.after = json_parse(world.a, STR("{\"name\":[\"Mine\"]}"));
    assert_int_equal(w.kind->state(&w, &w.before), RESULT_OK);
    assert_int_equal(application_set(world.directory, world.a, STR("hall"), &other, 1, &why), RESULT_OK);
    assert_int_equal(w.kind->apply(&w), RESULT_USED);
    assert_text(application_value("hall", "displayName"), "Other");

    w = proposal_by(actor_named(SYSTEM), "role.remove", "hall/clerk");
    w.after = json_null();
    assert_int_equal(w.kind->state(&w, &w.before), RESULT_OK);
    assert_int_equal(ask(SYSTEM_2, "role.set", "hall/clerk", "{\"description\":[\"Files cases\"]}"),
                     RESULT_OK);
    assert_int_equal(w.kind->apply(&w), RESULT_USED);
    assert_text(value_of(role_rdn(world.a, STR("hall"), STR("clerk")), "description"), "Files cases");
}

static void without_its_audit_line_nothing_is_changed(void **state)
{
    (void)state;
    const char *why;
    struct audit *full = audit_open("/dev/full", &why);
    assert_non_null(full);
    provider.audit = full;
    assert_int_equal(ask(SYSTEM, "application.set", "hall", "{\"name\":[\"A\"]}"), RESULT_UNAVAILABLE);
    provider.audit = world.audit;
    audit_close(full);
    assert_text(application_value("hall", "displayName"), "Hall");
}

static void values_that_are_not_acceptable_are_refused_with_what_would_be(void **state)
{
    (void)state;
    static const struct {
        const char *kind, *target, *after;
        enum why why;
    } rows[] = {
        {"application.set", "hall", "{\"redirect-uri\":[\"http://evil.example/\"]}", WHY_NOT_VALID},
        {"application.set", "hall", "{\"nonsense\":[\"x\"]}", WHY_NOT_VALID},
        {"application.set", "hall", "{\"name\":[\"a\",\"b\"]}", WHY_NOT_VALID},
        {"application.set", "hall", "{\"name\":\"a\"}", WHY_NOT_VALID},
        {"application.set", "hall", "{\"name\":[\"Hall\"]}", WHY_NOTHING},
        {"application.set", "nowhere", "{\"name\":[\"a\"]}", WHY_NOT_THERE},
        {"application.add", "hall", "{\"redirect-uri\":[\"https://a.example/\"]}", WHY_EXISTS},
        {"application.add", "onedoor", "{\"redirect-uri\":[\"https://a.example/\"]}", WHY_NOT_VALID},
        {"application.add", "a b", "{\"redirect-uri\":[\"https://a.example/\"]}", WHY_NOT_VALID},
        {"application.remove", "hall", NULL, WHY_HAS_ROLES},
        {"application.remove", "nowhere", NULL, WHY_NOT_THERE},
        {"application.drop-secret", "hall", NULL, WHY_NO_SECRET},
        {"role.add", "hall/clerk", "{\"permission\":[\"case:read\"]}", WHY_EXISTS},
        {"role.add", "hall/chief", "{\"permission\":[\"case:burn\"]}", WHY_NOT_VALID},
        {"role.add", "hall/chief", "{\"excludes\":[\"nobody\"]}", WHY_NOT_VALID},
        {"role.add", "hall/chief", "{\"delegated\":[\"maybe\"]}", WHY_NOT_VALID},
        {"role.add", "hall/chief/x", "{}", WHY_NOT_VALID},
        {"role.add", "hall/", "{}", WHY_NOT_VALID},
        {"role.add", "nowhere/chief", "{}", WHY_NOT_THERE},
        {"role.add", "onedoor/root", "{}", WHY_BUILT_IN},
        {"role.set", "hall/chief", "{\"description\":[\"x\"]}", WHY_NOT_THERE},
        {"role.set", "hall/clerk", "{\"excludes\":[\"clerk\"]}", WHY_NOT_VALID},
        {"role.remove", "onedoor/system-administrator", NULL, WHY_BUILT_IN},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(ask(SYSTEM, rows[i].kind, rows[i].target, rows[i].after), RESULT_REFUSED);
        if (last.why != rows[i].why)
            fail_msg("row %zu: %s", i, why_name(last.why));
    }
}

static void an_applications_secrets_are_counted_and_never_told(void **state)
{
    (void)state;
    assert_int_equal(ask(SYSTEM, "application.secret", "hall", NULL), RESULT_OK);
    assert_int_equal(last.secret.len, 43);
    assert_text(record_of(last.id).before, "{\"secrets\":[\"1\"]}");
    assert_text(record_of(last.id).after, "{\"secrets\":[\"2\"]}");
    assert_int_equal(ask(SYSTEM, "application.secret", "hall", NULL), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_TWO_SECRETS);
    assert_int_equal(ask(SYSTEM, "application.drop-secret", "hall", NULL), RESULT_OK);
    assert_text(record_of(last.id).after, "{\"secrets\":[\"1\"]}");
}

static void roles_are_removed_when_nobody_holds_them(void **state)
{
    (void)state;
    assert_int_equal(ask(SECURITY, "role.assign", "hall/clerk", to_person(CLERK, "")), RESULT_OK);
    const char *assignment = arena_cstr(world.a, last.target);
    assert_int_equal(ask(SYSTEM, "role.remove", "hall/clerk", NULL), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_HAS_HOLDERS);
    assert_int_equal(ask(SECURITY, "role.withdraw", assignment, NULL), RESULT_OK);
    assert_text(record_of(last.id).after, "null");
    assert_int_equal(ask(SYSTEM, "role.remove", "hall/clerk", NULL), RESULT_OK);
    assert_int_equal(ask(SYSTEM, "role.remove", "hall/approver", NULL), RESULT_OK);
    assert_int_equal(ask(SYSTEM, "application.remove", "hall", NULL), RESULT_OK);
    assert_int_equal(application_value("hall", "onedoorClientId").len, 0);
}

static void a_second_factor_is_removed_for_another(void **state)
{
    (void)state;
    struct account acc;
    struct str codes[RECOVERY_CODES];
    struct actor *clerk = actor_named(CLERK);
    assert_int_equal(ask(SECURITY, "account.remove-factor", CLERK, NULL), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NO_FACTOR);
    assert_int_equal(account_read(&world.au, world.a, clerk->subject.uuid, &acc), RESULT_OK);
    assert_int_equal(account_enrol_totp(&world.au, world.a, &acc, STR("12345678901234567890"), codes),
                     RESULT_OK);
    assert_int_equal(ask(SYSTEM, "account.remove-factor", CLERK, NULL), RESULT_REFUSED);
    assert_int_equal(ask(SECURITY, "account.remove-factor", CLERK, NULL), RESULT_OK);
    assert_int_equal(account_read(&world.au, world.a, clerk->subject.uuid, &acc), RESULT_OK);
    assert_false(acc.has_totp);
    assert_int_equal(acc.recovery_codes_left, 0);
    assert_int_equal(audited("factor_removed"), 1);
    assert_int_equal(ask(SECURITY, "account.remove-factor", SECURITY, NULL), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOT_ONESELF);
}

static void anothers_mandate_is_ended(void **state)
{
    (void)state;
    struct str class = STR("onedoorMandate"), id = STR("md-1"), kind = STR("deputy"), word = STR("confirmed"),
               until = STR("20991231000000Z"), from = dn_of_person(CLERK), to = dn_of_person(ELSEWHERE);
    const struct attribute attributes[] = {
        {"objectClass", &class, 1},       {"cn", &id, 1},
        {"onedoorMandateKind", &kind, 1}, {"onedoorMandateState", &word, 1},
        {"onedoorRepresented", &from, 1}, {"onedoorAgent", &to, 1},
        {"onedoorValidUntil", &until, 1}};
    assert_int_equal(registry_add(world.directory, STR("cn=md-1,ou=mandates"), attributes, 7), RESULT_OK);
    assert_int_equal(ask(SYSTEM, "mandate.end", "md-1", NULL), RESULT_REFUSED);
    assert_int_equal(ask(SECURITY, "mandate.end", "md-1", NULL), RESULT_OK);
    assert_text(value_of(STR("cn=md-1,ou=mandates"), "onedoorMandateState"), "ended");
    assert_text(record_of(last.id).before, "{\"state\":[\"confirmed\"]}");
    assert_int_equal(ask(SECURITY, "mandate.end", "md-1", NULL), RESULT_REFUSED);
    assert_int_equal(last.why, WHY_NOTHING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        OFFICE_TEST(a_change_is_recorded_and_audited_with_before_and_after),
        OFFICE_TEST(an_added_application_waits_to_be_taken_into_use_by_another),
        OFFICE_TEST(each_administrator_changes_what_is_theirs_alone),
        OFFICE_TEST(a_weak_sign_in_changes_nothing),
        OFFICE_TEST(what_changed_between_look_and_write_is_not_overwritten),
        OFFICE_TEST(without_its_audit_line_nothing_is_changed),
        OFFICE_TEST(values_that_are_not_acceptable_are_refused_with_what_would_be),
        OFFICE_TEST(an_applications_secrets_are_counted_and_never_told),
        OFFICE_TEST(roles_are_removed_when_nobody_holds_them),
        OFFICE_TEST(a_second_factor_is_removed_for_another),
        OFFICE_TEST(anothers_mandate_is_ended),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
