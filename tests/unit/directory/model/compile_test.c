/* Entries that are wrong: named with what would be right, and taking nothing else down. */
#include "tests/unit/directory/model/city.h"

struct told {
    size_t n;
    struct str dn[16], why[16];
};

static void tell(void *arg, struct str dn, struct str why)
{
    struct told *told = arg;
    assert_true(told->n < 16);
    told->dn[told->n] = dn;
    told->why[told->n++] = why;
}

static struct told faults(void)
{
    struct told told = {.n = 0};
    content_each_fault(city, tell, &told);
    return told;
}

/* The one fault there is: of that entry, and beginning so. */
static void assert_fault(const char *dn, const char *why)
{
    struct told told = faults();
    struct str whole = arena_join(city_arena, (struct str[]){str_of(dn), STR("," CITY_DN)}, 2);
    if (told.n != 1)
        fail_msg("%zu faults, the first '" STR_FMT "'", told.n,
                 STR_ARG(told.n > 0 ? told.why[0] : STR_EMPTY));
    assert_true(str_eq(told.dn[0], whole));
    if (!str_starts(told.why[0], str_of(why)))
        fail_msg("'" STR_FMT "' instead of '%s'", STR_ARG(told.why[0]), why);
}

static enum decision_reason may(const char *uid, const char *action)
{
    struct subject s = city_person(uid, "330102");
    return city_answer(city_question(&s, action));
}

/* Puts the entry into the furnished city; the rest must go on. */
static void put_wrong(const char *text)
{
    city_furnish();
    city_put(text);
    city_compile();
}

static void a_city_in_order_has_no_faults(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    assert_int_equal(faults().n, 0);
}

#define ROLE(name)   "cn=" name ",ou=permits,ou=roles,ou=registry"
#define A_ROLE(name) ROLE(name) "\nobjectClass: onedoorRole\ncn: " name "\nonedoorClientId: permits\n"
#define AN_ASSIGNMENT                                                                                        \
    "cn=x," ROLE("approver") "\nobjectClass: onedoorAssignment\ncn: x\nmember: uid=xu,ou=staff,@\n"
#define A_MANDATE                                                                                            \
    "cn=m,ou=mandates,ou=registry\nobjectClass: onedoorMandate\ncn: m\nonedoorMandateState: confirmed\n"     \
    "onedoorRepresented: uid=anna,ou=staff,@\nonedoorAgent: uid=zoe,ou=staff,@\n"

static void an_undeclared_permission_is_left_out_alone(void **state)
{
    (void)state;
    put_wrong(A_ROLE("extra") "onedoorPermission: case:read\nonedoorPermission: case:burn\n"
                              "member: uid=xu,ou=staff,@\n");
    assert_fault(ROLE("extra"), "onedoorPermission: the application permits declares no \"case:burn\"");
    assert_int_equal(may("xu", "read"), REASON_ALLOWED);
    assert_int_equal(model_role(city_model, STR("permits"), STR("extra"))->permissions.n, 1);
}

static void a_wrong_permission_of_an_application_is_left_out_alone(void **state)
{
    (void)state;
    put_wrong("onedoorClientId=other,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
              "onedoorClientId: other\nonedoorPermission: case:read\nonedoorPermission: case:x acr=9\n");
    assert_fault("onedoorClientId=other,ou=applications,ou=registry",
                 "onedoorPermission: \"case:x acr=9\" names another acr than low, substantial or high");
    const struct permission *list;
    assert_int_equal(model_permissions(city_model, STR("other"), &list), 1);
}

static void of_a_permission_that_stands_twice_the_stricter_counts(void **state)
{
    (void)state;
    put_wrong("onedoorClientId=other,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
              "onedoorClientId: other\nonedoorPermission: case:read acr=high\n"
              "onedoorPermission: case:read identity=2\n");
    assert_fault("onedoorClientId=other,ou=applications,ou=registry",
                 "onedoorPermission: case:read stands there twice");
    const struct permission *list;
    assert_int_equal(model_permissions(city_model, STR("other"), &list), 1);
    assert_int_equal(list[0].level, AUTHN_HIGH);
    assert_int_equal(list[0].identity_level, 2);
}

struct wrong {
    const char *text, *dn, *why;
};

/* Each alone, in a city of its own: it is named, and the rest goes on. */
static void assert_named(const struct wrong *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        put_wrong(all[i].text);
        assert_fault(all[i].dn, all[i].why);
        assert_int_equal(may("anna", "approve"), REASON_ALLOWED);
        assert_int_equal(may("clara", "file"), REASON_ALLOWED);
        city_close(NULL);
        city_open(NULL);
    }
}
#define ASSERT_NAMED(list) assert_named(list, sizeof(list) / sizeof *(list))

static void a_wrong_role_is_named_and_the_rest_goes_on(void **state)
{
    (void)state;
    static const struct wrong all[] = {
        {A_ROLE("extra") "onedoorExcludes: nobody\n", ROLE("extra"),
         "onedoorExcludes: \"permits/nobody\" is no role"},
        {A_ROLE("extra") "onedoorExcludes: extra\n", ROLE("extra"),
         "onedoorExcludes: \"permits/extra\" is the role"},
        {A_ROLE("extra") "onedoorExcludes: a b\n", ROLE("extra"), "onedoorExcludes: \"a b\" is left out"},
        {A_ROLE("extra") "onedoorPermission: case:read acr=low\n", ROLE("extra"),
         "onedoorPermission: \"case:read acr=low\" is left out"},
        {A_ROLE("extra") "member: nonsense\n", ROLE("extra"), "member: \"nonsense\" is no DN"},
        {A_ROLE("a b"), ROLE("a b"), "cn: not accepted as the name of a role"},
        {"cn=x,ou=y,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: x\nonedoorClientId: gone\n",
         "cn=x,ou=y,ou=roles,ou=registry", "onedoorClientId: no application \"gone\" is registered"},
        {"cn=x,ou=y,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: x\n",
         "cn=x,ou=y,ou=roles,ou=registry", "onedoorClientId: missing"},
        {"cn=approver,ou=z,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: approver\n"
         "onedoorClientId: permits\n",
         "cn=approver,ou=z,ou=roles,ou=registry", "cn: the application has another role of that name"},
        {"cn=chief,ou=onedoor,ou=roles,ou=registry\nobjectClass: onedoorRole\ncn: chief\n"
         "onedoorClientId: onedoor\nmember: uid=xu,ou=staff,@\n",
         "cn=chief,ou=onedoor,ou=roles,ou=registry", "\"chief\" is no role of Onedoor"},
    };
    ASSERT_NAMED(all);
}

static void so_is_a_wrong_application(void **state)
{
    (void)state;
    static const struct wrong all[] = {
        {"onedoorClientId=onedoor,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
         "onedoorClientId: onedoor\nonedoorPermission: audit:erase\n",
         "onedoorClientId=onedoor,ou=applications,ou=registry", "onedoorPermission: those of Onedoor itself"},
        {"onedoorClientId=permits,ou=z,ou=registry\nobjectClass: onedoorApplication\nonedoorClientId: "
         "permits\n",
         "onedoorClientId=permits,ou=z,ou=registry", "onedoorClientId: another entry has it"},
        {"onedoorClientId=a b,ou=applications,ou=registry\nobjectClass: onedoorApplication\n"
         "onedoorClientId: a b\n",
         "onedoorClientId=a b,ou=applications,ou=registry", "onedoorClientId: not accepted"},
        {"onedoorClientId=b,ou=applications,ou=registry\nobjectClass: onedoorApplication\nonedoorClientId: "
         "b\n"
         "onedoorResourceType: case owner-is=name\n",
         "onedoorClientId=b,ou=applications,ou=registry", "onedoorResourceType: \"case owner-is=name\""},
    };
    ASSERT_NAMED(all);
}

static void so_is_a_wrong_assignment(void **state)
{
    (void)state;
    static const struct wrong all[] = {
        {AN_ASSIGNMENT "onedoorDataScope: everything\n", "cn=x," ROLE("approver"),
         "onedoorDataScope: \"everything\" is no scope"},
        {AN_ASSIGNMENT "onedoorDataScope: listed\n", "cn=x," ROLE("approver"),
         "onedoorOrganisation: missing"},
        {AN_ASSIGNMENT "onedoorOrganisation: 999999\n", "cn=x," ROLE("approver"),
         "onedoorOrganisation: there is no organisation \"999999\""},
        {AN_ASSIGNMENT "onedoorValidUntil: tomorrow\n", "cn=x," ROLE("approver"),
         "onedoorValidUntil: \"tomorrow\" is no time"},
        {AN_ASSIGNMENT "onedoorValidFrom: 20270101000000Z\nonedoorValidUntil: 20260101000000Z\n",
         "cn=x," ROLE("approver"), "onedoorValidUntil: lies before"},
        {"cn=x,ou=nowhere,ou=registry\nobjectClass: onedoorAssignment\ncn: x\nmember: uid=a,ou=staff,@\n",
         "cn=x,ou=nowhere,ou=registry", "stands below no valid role"},
        {"cn=x," ROLE("approver") "\nobjectClass: onedoorAssignment\ncn: x\n", "cn=x," ROLE("approver"),
         "member: missing"},
    };
    ASSERT_NAMED(all);
}

static void so_is_a_wrong_resource_or_mandate(void **state)
{
    (void)state;
    static const struct wrong all[] = {
        {"cn=1,ou=resources,ou=registry\nobjectClass: onedoorResourceItem\ncn: 1\nonedoorClientId: gone\n"
         "onedoorResourceType: case\n",
         "cn=1,ou=resources,ou=registry", "onedoorClientId: no such application"},
        {"cn=1,ou=resources,ou=registry\nobjectClass: onedoorResourceItem\ncn: 1\nonedoorClientId: permits\n"
         "onedoorResourceType: case file\n",
         "cn=1,ou=resources,ou=registry", "onedoorClientId, onedoorResourceType: not accepted"},
        {A_MANDATE "onedoorMandateKind: friend\nonedoorValidUntil: 20270101000000Z\n",
         "cn=m,ou=mandates,ou=registry",
         "onedoorMandateKind: \"friend\" is not accepted; accepted: company, guardian, deputy"},
        {A_MANDATE "onedoorMandateKind: deputy\n", "cn=m,ou=mandates,ou=registry",
         "onedoorValidUntil: missing"},
        {A_MANDATE "onedoorMandateKind: deputy\nonedoorValidUntil: 20270101000000Z\nonedoorPermission: all\n",
         "cn=m,ou=mandates,ou=registry", "onedoorPermission: \"all\" is left out"},
        {A_MANDATE "onedoorMandateKind: deputy\nonedoorValidUntil: 20270101000000Z\n"
                   "onedoorMandateClientId: gone\n",
         "cn=m,ou=mandates,ou=registry", "onedoorMandateClientId: no application \"gone\""},
        {"cn=m,ou=mandates,ou=registry\nobjectClass: onedoorMandate\ncn: m\nonedoorMandateState: granted\n"
         "onedoorMandateKind: deputy\nonedoorRepresented: uid=a,ou=staff,@\nonedoorAgent: UID=A,ou=staff,@\n",
         "cn=m,ou=mandates,ou=registry", "onedoorAgent: is the represented"},
    };
    ASSERT_NAMED(all);
}

static void so_is_a_wrong_group_or_organisation(void **state)
{
    (void)state;
    static const struct wrong all[] = {
        {"cn=empty,ou=posts\nobjectClass: groupOfNames\ncn: empty\n", "cn=empty,ou=posts", "has no member"},
        {"cn=a/b,ou=posts\nobjectClass: groupOfNames\nmember: uid=a,ou=staff,@\n", "cn=a/b,ou=posts",
         "stands outside groups_base, or its name has a slash"},
        {"ou=Old Town,ou=orgs\nobjectClass: organizationalUnit\n", "ou=Old Town,ou=orgs",
         "its name has a space"},
        {"dc=D0412,ou=330102,ou=orgs\nobjectClass: organizationalUnit\n", "ou=D0412,ou=330102,ou=orgs",
         "has the path 330102/D0412 of another"},
    };
    ASSERT_NAMED(all);
}

static void a_wrong_assignment_grants_nothing(void **state)
{
    (void)state;
    put_wrong(AN_ASSIGNMENT "onedoorDataScope: everything\n");
    assert_int_equal(may("xu", "approve"), REASON_NO_ROLE);
}

/* All permissions of a narrowed mandate left out must not make it one without limits. */
static void a_mandate_narrowed_to_nothing_valid_is_none(void **state)
{
    (void)state;
    put_wrong(A_MANDATE "onedoorMandateKind: company\nonedoorValidUntil: 20300101000000Z\n"
                        "onedoorPermission: everything\n");
    assert_null(model_mandate(city_model, STR("m")));
}

static void onedoor_itself_is_always_there(void **state)
{
    (void)state;
    city_compile();
    const struct role *const *roles;
    const struct permission *permissions;
    assert_int_equal(model_roles(city_model, STR("onedoor"), &roles), 4);
    assert_true(str_eq(roles[0]->name, STR("audit-administrator")));
    assert_true(model_permissions(city_model, STR("onedoor"), &permissions) > 0);
    city_put("cn=audit-administrator,ou=onedoor,ou=roles,ou=registry\nobjectClass: onedoorRole\n"
             "cn: audit-administrator\nonedoorClientId: onedoor\ndisplayName: 审计员\n"
             "member: uid=au,ou=staff,@\nonedoorDataScope: all\n");
    city_compile();
    assert_int_equal(faults().n, 0);
    assert_int_equal(model_roles(city_model, STR("onedoor"), &roles), 4);
    assert_true(str_eq(roles[0]->display_name, STR("审计员")));
    assert_int_equal(roles[0]->assignment_count, 1);
    assert_int_equal(roles[0]->permissions.n, 2);
}

static void a_group_of_active_directory_may_be_empty(void **state)
{
    (void)state;
    put_wrong("cn=empty,ou=posts\nobjectClass: top\nobjectClass: group\ncn: empty\n");
    assert_int_equal(faults().n, 0);
    assert_non_null(model_group(city_model, STR("cn=empty,ou=posts," CITY_DN)));
}

static void an_empty_city_has_a_model(void **state)
{
    (void)state;
    city_compile();
    assert_int_equal(may("anna", "read"), REASON_UNKNOWN_APPLICATION);
    assert_null(model_organisation(city_model, STR("330102")));
    assert_null(model_group(city_model, STR("cn=a,dc=city")));
    assert_int_equal(model_size(city_model).memberships, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(a_city_in_order_has_no_faults),
        CITY_TEST(an_undeclared_permission_is_left_out_alone),
        CITY_TEST(a_wrong_permission_of_an_application_is_left_out_alone),
        CITY_TEST(of_a_permission_that_stands_twice_the_stricter_counts),
        CITY_TEST(a_wrong_role_is_named_and_the_rest_goes_on),
        CITY_TEST(so_is_a_wrong_application),
        CITY_TEST(so_is_a_wrong_assignment),
        CITY_TEST(so_is_a_wrong_resource_or_mandate),
        CITY_TEST(so_is_a_wrong_group_or_organisation),
        CITY_TEST(a_wrong_assignment_grants_nothing),
        CITY_TEST(a_mandate_narrowed_to_nothing_valid_is_none),
        CITY_TEST(onedoor_itself_is_always_there),
        CITY_TEST(a_group_of_active_directory_may_be_empty),
        CITY_TEST(an_empty_city_has_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
