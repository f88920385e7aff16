#include "tests/unit/directory/model/city.h"

static struct rights rights_of(const char *client, const struct subject *s, const struct mandate *md)
{
    struct rights r;
    assert_true(model_rights(city_model, city_arena, str_of(client), s, md, CITY_NOW, &r));
    return r;
}

static void assert_words(struct words words, const char *expected)
{
    struct str all = STR_EMPTY;
    for (size_t i = 0; i < words.n; i++)
        all = arena_join(city_arena, (struct str[]){all, i > 0 ? STR(" ") : STR_EMPTY, words.v[i]}, 3);
    if (!str_eq(all, str_of(expected)))
        fail_msg("'" STR_FMT "' instead of '%s'", STR_ARG(all), expected);
}

static void tokens_tell_what_concerns_their_audience(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    struct subject heidi = city_person("heidi", "330102/D0077 330106");
    struct rights r = rights_of("permits", &heidi, NULL);
    assert_words(r.roles, "approver");
    assert_words(r.groups, "posts/approver");
    assert_words(r.entitlements, "case:approve case:read");
    assert_words(r.organisations, "330102/D0077 330106");
    assert_int_equal(r.scope_count, 1);
    assert_true(str_eq(r.scopes[0].resource_type, STR("case")));
    assert_int_equal(r.scopes[0].scope, SCOPE_DEPARTMENT_AND_BELOW);
    assert_int_equal(r.scopes[0].organisations.n, 0);
    r = rights_of("other", &heidi, NULL);
    assert_int_equal(r.roles.n + r.groups.n + r.entitlements.n + r.scope_count, 0);
}

static void the_disabled_have_none(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    struct subject anna = city_person("anna", "330102");
    anna.disabled = true;
    assert_int_equal(rights_of("permits", &anna, NULL).entitlements.n, 0);
}

static void what_is_excluded_or_over_is_not_told(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=x,cn=clerk,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: x\n"
             "member: uid=anna,ou=staff,@\n");
    city_put("cn=y,cn=clerk,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: y\n"
             "member: uid=yan,ou=staff,@\nonedoorValidUntil: 20200101000000Z\n");
    city_compile();
    struct subject anna = city_person("anna", "330102"), yan = city_person("yan", "330102");
    assert_int_equal(rights_of("permits", &anna, NULL).roles.n, 0);
    assert_int_equal(rights_of("permits", &yan, NULL).roles.n, 0);
}

static void the_widest_scope_is_told_and_lists_are_joined(void **state)
{
    (void)state;
    city_furnish();
    city_put(
        "cn=a,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: a\n"
        "member: uid=anna,ou=staff,@\nonedoorDataScope: listed-and-below\nonedoorOrganisation: 330106\n");
    city_put("cn=b,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: b\n"
             "member: uid=anna,ou=staff,@\nonedoorDataScope: department-and-below\n"
             "onedoorOrganisation: 330102\nonedoorOrganisation: 330106\n");
    city_compile();
    struct subject anna = city_person("anna", "330102/D0077");
    struct rights r = rights_of("permits", &anna, NULL);
    assert_int_equal(r.scope_count, 1);
    assert_int_equal(r.scopes[0].scope, SCOPE_LISTED_AND_BELOW);
    assert_words(r.scopes[0].organisations, "330106 330102");
    city_put("cn=c,cn=approver,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: c\n"
             "member: uid=anna,ou=staff,@\nonedoorDataScope: all\n");
    city_compile();
    r = rights_of("permits", &anna, NULL);
    assert_int_equal(r.scopes[0].scope, SCOPE_ALL);
    assert_int_equal(r.scopes[0].organisations.n, 0);
}

static void an_organisations_own_department_is_told_by_its_path(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=a,cn=clerk,ou=permits,ou=roles,ou=registry\nobjectClass: onedoorAssignment\ncn: a\n"
             "member: ou=330102,ou=orgs,@\nonedoorDataScope: department-and-below\n");
    city_compile();
    struct subject zoe = city_person("zoe", "330102/D0412");
    struct rights r = rights_of("permits", &zoe, NULL);
    assert_words(r.roles, "clerk");
    assert_int_equal(r.groups.n, 0);
    assert_int_equal(r.scopes[0].scope, SCOPE_LISTED_AND_BELOW);
    assert_words(r.scopes[0].organisations, "330102");
}

static const struct mandate *mandate_with(const char *kind, const char *lines)
{
    city_put(arena_printf(city_arena,
                          "cn=m,ou=mandates,ou=registry\nobjectClass: onedoorMandate\ncn: m\n"
                          "onedoorMandateKind: %s\nonedoorMandateState: confirmed\n"
                          "onedoorRepresented: uid=anna,ou=staff,@\nonedoorAgent: uid=zoe,ou=staff,@\n"
                          "onedoorRepresentedSub: anna\nonedoorValidUntil: 20300101000000Z\n%s",
                          kind, lines)
                 .p);
    city_compile();
    return model_mandate(city_model, STR("m"));
}

static void a_deputys_rights_are_cut_to_the_mandate(void **state)
{
    (void)state;
    city_furnish();
    struct subject anna = city_person("anna", "330102");
    struct rights r = rights_of("permits", &anna, mandate_with("deputy", ""));
    assert_words(r.roles, "approver");
    assert_words(r.entitlements, "case:approve case:read");
    r = rights_of("permits", &anna, mandate_with("deputy", "onedoorPermission: case:read\n"));
    assert_words(r.roles, ""); /* the whole role would say too much */
    assert_words(r.entitlements, "case:read");
    r = rights_of("permits", NULL, mandate_with("deputy", ""));
    assert_words(r.entitlements, "");
}

static void an_agent_of_a_company_reaches_its_own(void **state)
{
    (void)state;
    city_furnish();
    struct rights r = rights_of("permits", NULL, mandate_with("company", "onedoorPermission: case:file\n"));
    assert_words(r.entitlements, "case:file");
    assert_words(r.roles, "");
    assert_int_equal(r.scope_count, 1);
    assert_int_equal(r.scopes[0].scope, SCOPE_SELF);
    r = rights_of("permits", NULL, mandate_with("company", ""));
    assert_words(r.entitlements, "case:approve case:file case:read");
    r = rights_of("permits", NULL, mandate_with("company", "onedoorMandateClientId: other\n"));
    assert_words(r.entitlements, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(tokens_tell_what_concerns_their_audience),
        CITY_TEST(the_disabled_have_none),
        CITY_TEST(what_is_excluded_or_over_is_not_told),
        CITY_TEST(the_widest_scope_is_told_and_lists_are_joined),
        CITY_TEST(an_organisations_own_department_is_told_by_its_path),
        CITY_TEST(a_deputys_rights_are_cut_to_the_mandate),
        CITY_TEST(an_agent_of_a_company_reaches_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
