/* The permission model follows the registry, groups and organisations. */
#include "tests/unit/directory/live_world.h"

static void a_group_changes_and_the_model_with_it(void **state)
{
    (void)state;
    begin();
    struct subject s = subject_of("s-200145");
    assert_false(is_in(&s, CLERKS));
    for (int i = 0; i < 5; i++) {
        modify(CLERKS, LDAP_MOD_ADD, "member", STAFF);
        WAIT_FOR(is_in(&s, CLERKS));
        modify(CLERKS, LDAP_MOD_DELETE, "member", STAFF);
        WAIT_FOR(!is_in(&s, CLERKS));
    }
}

static void an_application_and_its_role_come_and_go(void **state)
{
    (void)state;
    begin();
    unsigned told = read_seen(&seen.registry);
    add("onedoorClientId=hall,ou=applications," REGISTRY, "onedoorApplication", "onedoorPermission",
        "case:read");
    WAIT_FOR(read_seen(&seen.registry) > told);
    const struct permission *permissions = NULL;
    struct arena *own = NULL;
    size_t n = 0;
    for (int i = 0; i < 1000 && n == 0; i++, usleep(5000)) {
        arena_free(own);
        own = arena_new(1 << 16);
        n = model_permissions(live_model(live, own), STR("hall"), &permissions);
    }
    assert_int_equal(n, 1);
    assert_true(str_eq(permissions[0].action, STR("read")));
    remove_entry("onedoorClientId=hall,ou=applications," REGISTRY);
    /* The old model lives as long as who reads it. */
    usleep(200000);
    assert_true(str_eq(permissions[0].resource_type, STR("case")));
    arena_free(own);
    own = arena_new(1 << 16);
    assert_int_equal(model_permissions(live_model(live, own), STR("hall"), &permissions), 0);
    arena_free(own);
}

static void add_key(const char *rdn)
{
    struct str class = STR("onedoorKey"), alg = STR("ES256"), key_state = STR("retired");
    const struct attribute all[] = {
        {"objectClass", &class, 1}, {"onedoorKeyAlgorithm", &alg, 1}, {"onedoorKeyState", &key_state, 1}};
    assert_int_equal(registry_add(d, str_of(rdn), all, 3), RESULT_OK);
}

static void only_what_concerns_others_is_told(void **state)
{
    (void)state;
    const char *beat = "cn=beat,ou=state," REGISTRY;
    add(beat, "onedoorState", "onedoorBeat", "1");
    add_key("cn=ES256-7,ou=keys");
    assert_int_equal(live_load(live, NULL), RESULT_OK);
    modify(beat, LDAP_MOD_REPLACE, "onedoorBeat", "2"); /* the feed will name it as gone */
    begin();
    assert_int_equal(read_seen(&seen.registry), 0);
    remove_entry("cn=ES256-7,ou=keys," REGISTRY);
    WAIT_FOR(read_seen(&seen.registry) > 0);
    remove_entry(beat);
}

struct reading {
    unsigned begun, applications;
    bool found;
};

static enum result begin_reading(void *arg)
{
    ((struct reading *)arg)->begun++;
    return RESULT_OK;
}

static void read_application(void *arg, const struct entry *e)
{
    struct reading *r = arg;
    r->applications++;
    r->found = r->found || str_eq(entry_value(e, "onedoorClientId"), STR("read"));
}

static void who_reads_along_is_told_of_the_applications_and_then_of_changes(void **state)
{
    (void)state;
    struct reading r = {0};
    const struct live_reader reader = {&r, begin_reading, read_application};
    add("onedoorClientId=read,ou=applications," REGISTRY, "onedoorApplication", "onedoorPermission",
        "case:read");
    assert_int_equal(live_load(live, &reader), RESULT_OK);
    assert_int_equal(r.begun, 1);
    assert_true(r.found);
    unsigned applications = r.applications;
    begin();
    assert_int_equal(read_seen(&seen.registry), 0); /* what was read is no change */
    remove_entry("onedoorClientId=read,ou=applications," REGISTRY);
    WAIT_FOR(read_seen(&seen.registry) > 0);
    assert_int_equal(r.applications, applications);
}

static bool has_organisation(const char *path, bool wanted)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    bool has = m && model_organisation(m, str_of(path));
    arena_free(own);
    return has == wanted;
}

static void a_district_that_is_renamed_takes_its_departments_along(void **state)
{
    (void)state;
    begin();
    rename_entry("ou=330102,ou=orgs," CITY, "ou=330199");
    WAIT_FOR(has_organisation("330199/D0412", true) && has_organisation("330102/D0412", false));
    rename_entry("ou=330199,ou=orgs," CITY, "ou=330102");
    WAIT_FOR(has_organisation("330102/D0412", true) && has_organisation("330199", false));
}

static bool has_group(const char *dn, bool wanted)
{
    struct arena *own = arena_new(1 << 16);
    const struct model *m = live_model(live, own);
    bool has = m && model_group(m, str_of(dn));
    arena_free(own);
    return has == wanted;
}

static void a_branch_that_is_renamed_takes_its_groups_along(void **state)
{
    (void)state;
    begin();
    rename_entry("ou=posts," CITY, "ou=offices");
    WAIT_FOR(has_group("cn=clerk,ou=offices," CITY, true) && has_group(CLERKS, false));
    rename_entry("ou=offices," CITY, "ou=posts");
    WAIT_FOR(has_group(CLERKS, true) && has_group("cn=clerk,ou=offices," CITY, false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_group_changes_and_the_model_with_it),
        TEST(an_application_and_its_role_come_and_go),
        TEST(only_what_concerns_others_is_told),
        TEST(who_reads_along_is_told_of_the_applications_and_then_of_changes),
        TEST(a_district_that_is_renamed_takes_its_departments_along),
        TEST(a_branch_that_is_renamed_takes_its_groups_along),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
