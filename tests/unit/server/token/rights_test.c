/* What of the permission model stands in tokens and answers. */
#include "server/token/rights.h"

#include "tests/unit/support/provider.h"

#define ROLES "ou=portal,ou=roles,ou=registry,dc=city"

static int begin(void **state)
{
    int r = city_begin(state);
    struct live *l = &city->live;
    struct arena *a = city->arena;
    city->person.organisation = STR("330102/D0412");
    city->person.organisations = STR("330102/D0412 330102/D0077");
    LIVE_WRITE(l, a, "ou=330102,ou=orgs,dc=city", {"objectClass", "organizationalUnit"}, {"ou", "330102"});
    LIVE_WRITE(l, a, "ou=D0412,ou=330102,ou=orgs,dc=city", {"objectClass", "organizationalUnit"},
               {"ou", "D0412"});
    LIVE_WRITE(l, a, "ou=D0077,ou=330102,ou=orgs,dc=city", {"objectClass", "organizationalUnit"},
               {"ou", "D0077"});
    LIVE_WRITE(l, a, "onedoorClientId=portal,ou=applications,ou=registry,dc=city",
               {"objectClass", "onedoorApplication"}, {"onedoorClientId", "portal"},
               {"onedoorPermission", "case:read"}, {"onedoorPermission", "case:approve"},
               {"onedoorPermission", "form:read"}, {"onedoorResourceType", "case"},
               {"onedoorResourceType", "form"});
    LIVE_WRITE(l, a, "onedoorClientId=records,ou=applications,ou=registry,dc=city",
               {"objectClass", "onedoorApplication"}, {"onedoorClientId", "records"},
               {"onedoorPermission", "record:read"}, {"onedoorResourceType", "record"});
    LIVE_WRITE(l, a, "cn=clerks,ou=groups,dc=city", {"objectClass", "groupOfNames"}, {"cn", "clerks"},
               {"member", "uid=s-1,ou=staff,dc=city"});
    return r;
}

static void give_roles(void)
{
    struct live *l = &city->live;
    struct arena *a = city->arena;
    LIVE_WRITE(l, a, "cn=approver," ROLES, {"objectClass", "onedoorRole"}, {"cn", "approver"},
               {"onedoorClientId", "portal"}, {"onedoorPermission", "case:approve"},
               {"onedoorPermission", "case:read"}, {"member", "uid=s-1,ou=staff,dc=city"},
               {"onedoorDataScope", "department-and-below"});
    LIVE_WRITE(l, a, "cn=reader," ROLES, {"objectClass", "onedoorRole"}, {"cn", "reader"},
               {"onedoorClientId", "portal"}, {"onedoorPermission", "form:read"},
               {"member", "cn=clerks,ou=groups,dc=city"}, {"onedoorDataScope", "listed"},
               {"onedoorOrganisation", "330102/D0077"});
    LIVE_WRITE(l, a, "cn=keeper,ou=records,ou=roles,ou=registry,dc=city", {"objectClass", "onedoorRole"},
               {"cn", "keeper"}, {"onedoorClientId", "records"}, {"onedoorPermission", "record:read"},
               {"member", "uid=s-1,ou=staff,dc=city"}, {"onedoorDataScope", "all"});
}

static struct str claims(const char *audience, unsigned parts)
{
    const struct rights_question q = {.audience = str_of(audience), .person = &city->person};
    json_t *out = json_new(city->arena);
    assert_int_equal(rights_put(&city->provider, city->arena, &q, parts, out), RESULT_OK);
    return json_text(city->arena, out);
}

static void they_stand_as_the_domain_shows(void **state)
{
    (void)state;
    give_roles();
    assert_str(claims("portal", RIGHTS_ALL),
               "{\"data_scope\":{\"case\":\"department-and-below\",\"form\":[\"330102/D0077\"]},"
               "\"entitlements\":[\"case:approve\",\"case:read\",\"form:read\"],"
               "\"groups\":[\"groups/clerks\"],"
               "\"org\":{\"others\":[\"330102/D0077\"],\"primary\":\"330102/D0412\"},"
               "\"roles\":[\"approver\",\"reader\"]}");
}

static void of_one_audience_nothing_is_told_to_another(void **state)
{
    (void)state;
    give_roles();
    assert_str(claims(RECORDS, RIGHTS_ROLES),
               "{\"data_scope\":{\"record\":\"all\"},\"entitlements\":[\"record:"
               "read\"],\"roles\":[\"keeper\"]}");
    assert_str(claims("office", RIGHTS_ROLES | RIGHTS_GROUPS), "{}");
    assert_str(claims("https://unknown.example/", RIGHTS_ROLES | RIGHTS_GROUPS), "{}");
}

static void each_part_comes_with_its_scope(void **state)
{
    (void)state;
    give_roles();
    assert_int_equal(rights_parts(STR("openid profile")), 0);
    assert_int_equal(rights_parts(STR("roles groups organisation")), RIGHTS_ALL);
    assert_str(claims("portal", rights_parts(STR("openid"))), "{}");
    assert_str(claims("portal", rights_parts(STR("groups"))), "{\"groups\":[\"groups/clerks\"]}");
    assert_str(claims("portal", rights_parts(STR("organisation"))),
               "{\"org\":{\"others\":[\"330102/D0077\"],\"primary\":\"330102/D0412\"}}");
}

static void who_holds_nothing_and_belongs_nowhere_has_no_claims(void **state)
{
    (void)state;
    city->person.organisation = city->person.organisations = STR_EMPTY;
    assert_str(claims("portal", RIGHTS_ALL), "{}");
}

static void more_than_fits_is_asked_for_instead(void **state)
{
    (void)state;
    give_roles();
    size_t whole = claims("portal", RIGHTS_ROLES | RIGHTS_GROUPS).len;
    city->provider.config.rights_bytes = (int64_t)whole;
    assert_int_equal(claims("portal", RIGHTS_ROLES | RIGHTS_GROUPS).len, whole);
    city->provider.config.rights_bytes--;
    assert_str(claims("portal", RIGHTS_ROLES | RIGHTS_GROUPS),
               "{\"access_evaluation_endpoint\":\"" ISSUER "/access/v1/evaluation\"}");
    assert_str(claims("portal", RIGHTS_ALL),
               "{\"access_evaluation_endpoint\":\"" ISSUER "/access/v1/evaluation\","
               "\"org\":{\"others\":[\"330102/D0077\"],\"primary\":\"330102/D0412\"}}");
}

static void who_is_admitted_is_what_the_model_says_of_kind_and_groups(void **state)
{
    (void)state;
    struct str kinds[] = {STR("staff")}, groups[] = {STR("cn=clerks,ou=groups,dc=city")};
    struct application app = {.person_kinds = {kinds, 1}, .allowed_groups = {groups, 1}};
    struct provider *p = &city->provider;
    struct person *who = &city->person;
    assert_int_equal(rights_admit(p, city->arena, &app, who), RESULT_OK);
    who->kind = STR("citizen");
    assert_int_equal(rights_admit(p, city->arena, &app, who), RESULT_REFUSED);
    who->kind = STR("staff");
    LIVE_WRITE(&city->live, city->arena, "cn=clerks,ou=groups,dc=city", {"objectClass", "groupOfNames"},
               {"cn", "clerks"}, {"member", "uid=s-2,ou=staff,dc=city"});
    assert_int_equal(rights_admit(p, city->arena, &app, who), RESULT_REFUSED);
    app.allowed_groups.n = 0;
    assert_int_equal(rights_admit(p, city->arena, &app, who), RESULT_OK);
}

static void who_is_not_identified_well_enough_is_not_admitted(void **state)
{
    (void)state;
    struct application app = {.required_identity = 5};
    struct person *who = &city->person;
    assert_int_equal(rights_admit(&city->provider, city->arena, &app, who), RESULT_REFUSED);
    app.required_identity = 4;
    assert_int_equal(rights_admit(&city->provider, city->arena, &app, who), RESULT_OK);
    who->identity_level = 3;
    assert_int_equal(rights_admit(&city->provider, city->arena, &app, who), RESULT_REFUSED);
    app.required_identity = 0;
    who->kind = STR_EMPTY;
    who->identity_level = 0;
    assert_int_equal(rights_admit(&city->provider, city->arena, &app, who), RESULT_OK);
}

static void without_a_model_nothing_is_said(void **state)
{
    (void)state;
    const struct rights_question q = {.audience = STR("portal"), .person = &city->person};
    struct model *kept = city->live.model;
    json_t *out = json_new(city->arena);
    city->live.model = NULL;
    assert_int_equal(rights_put(&city->provider, city->arena, &q, RIGHTS_ALL, out), RESULT_UNAVAILABLE);
    assert_int_equal(rights_put(&city->provider, city->arena, &q, 0, out), RESULT_OK);
    city->live.model = kept;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(they_stand_as_the_domain_shows),
        TEST(of_one_audience_nothing_is_told_to_another),
        TEST(each_part_comes_with_its_scope),
        TEST(who_holds_nothing_and_belongs_nowhere_has_no_claims),
        TEST(more_than_fits_is_asked_for_instead),
        TEST(who_is_admitted_is_what_the_model_says_of_kind_and_groups),
        TEST(who_is_not_identified_well_enough_is_not_admitted),
        TEST(without_a_model_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
