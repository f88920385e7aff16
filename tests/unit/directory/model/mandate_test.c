#include "tests/unit/directory/model/city.h"

static const struct mandate *mandate_with(const char *kind, const char *lines)
{
    struct str text = arena_printf(
        city_arena,
        "cn=m-1,ou=mandates,ou=registry\nobjectClass: onedoorMandate\ncn: m-1\nonedoorMandateKind: %s\n"
        "onedoorMandateState: confirmed\nonedoorRepresented: uid=anna,ou=staff,@\nonedoorRepresentedSub: "
        "anna\n"
        "onedoorAgent: uid=zoe,ou=staff,@\nonedoorValidFrom: 20260101000000Z\n"
        "onedoorValidUntil: 20270101000000Z\n%s",
        kind, lines);
    city_put(text.p);
    city_compile();
    const struct mandate *md = model_mandate(city_model, STR("m-1"));
    assert_non_null(md);
    return md;
}

static enum decision_reason may(const struct mandate *md, const struct subject *represented,
                                const char *action)
{
    struct evaluation q = city_question(represented, action);
    q.mandate = md;
    return city_answer(q);
}

static void a_deputy_may_what_the_represented_may_and_no_more(void **state)
{
    (void)state;
    city_furnish();
    struct subject anna = city_person("anna", "330102");
    const struct mandate *md = mandate_with("deputy", "");
    assert_int_equal(may(md, &anna, "approve"), REASON_ALLOWED);
    assert_int_equal(may(md, &anna, "file"), REASON_NO_ROLE);
    md = mandate_with("deputy", "onedoorPermission: case:read\nonedoorPermission: case:file\n");
    assert_int_equal(may(md, &anna, "read"), REASON_ALLOWED);
    assert_int_equal(may(md, &anna, "approve"), REASON_MANDATE);
    assert_int_equal(may(md, &anna, "file"), REASON_NO_ROLE);
    anna.disabled = true;
    assert_int_equal(may(md, &anna, "read"), REASON_DISABLED);
    assert_int_equal(may(md, NULL, "read"), REASON_UNKNOWN_SUBJECT);
}

static void a_deputy_holds_nothing_that_excludes_what_they_deputise_for(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=clerk,ou=posts\nobjectClass: groupOfNames\nmember: uid=zoe,ou=staff,@\n");
    const struct mandate *md = mandate_with("deputy", "");
    struct subject anna = city_person("anna", "330102");
    struct rights r;
    assert_int_equal(may(md, &anna, "approve"), REASON_EXCLUDED);
    assert_true(model_rights(city_model, city_arena, STR("permits"), &anna, md, CITY_NOW, &r));
    assert_int_equal(r.roles.n + r.entitlements.n, 0);
    assert_int_equal(may(NULL, &anna, "approve"), REASON_ALLOWED);
}

static void what_a_deputys_organisation_holds_is_known_when_the_deputy_is(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=clerk,ou=posts\nobjectClass: groupOfNames\nmember: ou=330106,ou=orgs,@\n");
    const struct mandate *md = mandate_with("deputy", "");
    struct subject anna = city_person("anna", "330102"), zoe = city_person("zoe", "330106");
    struct evaluation q = city_question(&anna, "approve");
    q.mandate = md;
    assert_int_equal(city_answer(q), REASON_ALLOWED);
    q.agent = &zoe;
    assert_int_equal(city_answer(q), REASON_EXCLUDED);
}

static void a_company_has_what_the_mandate_says_over_what_is_its_own(void **state)
{
    (void)state;
    city_furnish();
    const struct mandate *md = mandate_with("company", "onedoorPermission: case:read\n");
    assert_int_equal(may(md, NULL, "read"), REASON_ALLOWED);
    assert_int_equal(may(md, NULL, "file"), REASON_MANDATE);
    struct evaluation q = city_question(NULL, "read");
    q.mandate = md;
    q.resource_id = STR("1");
    assert_int_equal(city_answer(q), REASON_PROPERTIES);
    q.owner = STR("otto");
    assert_int_equal(city_answer(q), REASON_SCOPE);
    q.owner = STR("anna");
    struct decision d;
    model_decide(city_model, &q, &d);
    assert_int_equal(d.reason, REASON_ALLOWED);
    assert_true(str_eq(d.holder, STR("m-1")));
    md = mandate_with("guardian", "");
    assert_int_equal(may(md, NULL, "file"), REASON_ALLOWED);
    q = city_question(NULL, "approve");
    q.mandate = md;
    q.level = AUTHN_LOW;
    assert_int_equal(city_answer(q), REASON_ASSURANCE);
}

static void a_mandate_that_does_not_hold_gives_nothing(void **state)
{
    (void)state;
    city_furnish();
    struct subject anna = city_person("anna", "330102"), clara = city_person("clara", "330102");
    const struct mandate *md = mandate_with("deputy", "");
    assert_int_equal(may(md, &clara, "file"), REASON_MANDATE); /* another than the represented */
    int64_t from, until;
    assert_true(time_read(STR("20260101000000Z"), &from));
    assert_true(time_read(STR("20270101000000Z"), &until));
    assert_false(mandate_holds(md, from - 1));
    assert_true(mandate_holds(md, from));
    assert_true(mandate_holds(md, until - 1));
    assert_false(mandate_holds(md, until));
    struct evaluation q = city_question(&anna, "approve");
    q.mandate = md;
    q.now = until;
    assert_int_equal(city_answer(q), REASON_MANDATE);
    md = mandate_with("deputy", "onedoorMandateClientId: other\n");
    assert_int_equal(may(md, &anna, "approve"), REASON_MANDATE);
}

static void only_a_confirmed_mandate_holds(void **state)
{
    (void)state;
    struct mandate md = {.state = MANDATE_GRANTED, .until = CITY_NOW + 1};
    assert_false(mandate_holds(&md, CITY_NOW));
    md.state = MANDATE_ENDED;
    assert_false(mandate_holds(&md, CITY_NOW));
    md.state = MANDATE_CONFIRMED;
    assert_true(mandate_holds(&md, CITY_NOW));
}

static void an_application_must_take_mandates(void **state)
{
    (void)state;
    city_furnish();
    city_put("onedoorClientId=permits,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
             "onedoorClientId: permits\nonedoorPermission: case:read\n");
    const struct mandate *md = mandate_with("company", "onedoorMandateClientId: permits\n");
    assert_int_equal(may(md, NULL, "read"), REASON_MANDATE);
}

static void both_sides_find_their_mandates(void **state)
{
    (void)state;
    city_furnish();
    const struct mandate *md = mandate_with("deputy", "displayName: Anna\n");
    struct subject anna = city_person("anna", ""), zoe = city_person("zoe", "");
    const struct mandate *const *list;
    size_t n;
    assert_true(str_eq(md->represented_name, STR("Anna")));
    assert_true(model_mandates_of_agent(city_model, city_arena, &zoe.dn, &list, &n));
    assert_int_equal(n, 1);
    assert_ptr_equal(list[0], md);
    assert_true(model_mandates_of_represented(city_model, city_arena, &anna.dn, &list, &n));
    assert_int_equal(n, 1);
    assert_true(model_mandates_of_agent(city_model, city_arena, &anna.dn, &list, &n));
    assert_int_equal(n, 0);
    assert_null(model_mandate(city_model, STR("m-2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(a_deputy_may_what_the_represented_may_and_no_more),
        CITY_TEST(a_deputy_holds_nothing_that_excludes_what_they_deputise_for),
        CITY_TEST(what_a_deputys_organisation_holds_is_known_when_the_deputy_is),
        CITY_TEST(a_company_has_what_the_mandate_says_over_what_is_its_own),
        CITY_TEST(a_mandate_that_does_not_hold_gives_nothing),
        CITY_TEST(only_a_confirmed_mandate_holds),
        CITY_TEST(an_application_must_take_mandates),
        CITY_TEST(both_sides_find_their_mandates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
