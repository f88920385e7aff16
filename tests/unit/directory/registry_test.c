#include "directory/registry.h"

#include "tests/unit/support/slapd.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define PORTAL STR("onedoorClientId=portal,ou=applications")

static struct slapd slapd;
static struct directory *d;
static struct arena *a;

static int start(void **state)
{
    (void)state;
    slapd_start(&slapd);
    struct directory_config c = slapd_config(&slapd);
    d = directory_new(&c);
    return d && registry_prepare(d) == RESULT_OK ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    directory_free(d);
    slapd_remove(&slapd);
    return 0;
}

/* Each test begins with the one application "portal". */
static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 20);
    struct str class = STR("onedoorApplication"), id = STR("portal"), state_name = STR("FALSE");
    struct str redirects[] = {STR("https://portal.example/cb"), STR("https://portal.example/cb?x=1")};
    struct str name = STR("Portal"), chinese = STR("门户");
    const struct attribute attributes[] = {
        {"objectClass", &class, 1},
        {"onedoorClientId", &id, 1},
        {"onedoorRedirectUri", redirects, 2},
        {"displayName;lang-zh", &chinese, 1},
        {"displayName", &name, 1},
        {"onedoorDisabled", &state_name, 1},
        {"onedoorScope", NULL, 0},
    };
    return registry_add(d, PORTAL, attributes, 7) == RESULT_OK ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    enum result r = registry_delete(d, PORTAL);
    arena_free(a);
    return r == RESULT_OK || r == RESULT_NOT_FOUND ? 0 : -1;
}

static enum result change(enum change_kind kind, const char *name, struct str *values, size_t n)
{
    const struct change one = {kind, {name, values, n}};
    return registry_modify(d, PORTAL, &one, 1);
}

static void what_was_added_can_be_read(void **state)
{
    (void)state;
    struct entry e;
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
    assert_true(str_eq(entry_value(&e, "ONEDOORCLIENTID"), STR("portal")));
    assert_true(str_eq(entry_value(&e, "displayName"), STR("Portal")));
    assert_true(str_eq(entry_value(&e, "displayName;lang-zh"), STR("门户")));
    assert_int_equal(entry_attribute(&e, "onedoorRedirectUri")->count, 2);
    assert_null(entry_attribute(&e, "onedoorScope"));
    assert_int_equal(entry_value(&e, "onedoorScope").len, 0);
    assert_int_equal(registry_read(d, a, STR_EMPTY, &e), RESULT_OK);
    assert_true(str_eq(entry_value(&e, "ou"), STR("registry")));
}

static void what_is_not_there_is_not_found(void **state)
{
    (void)state;
    struct entry e;
    struct entries all;
    struct str value = STR("x");
    const struct change one = {CHANGE_REPLACE, {"description", &value, 1}};
    assert_int_equal(registry_read(d, a, STR("onedoorClientId=none,ou=applications"), &e), RESULT_NOT_FOUND);
    assert_int_equal(registry_list(d, a, STR("ou=none"), "(objectClass=*)", &all), RESULT_NOT_FOUND);
    assert_int_equal(registry_modify(d, STR("onedoorClientId=none,ou=applications"), &one, 1),
                     RESULT_NOT_FOUND);
    assert_int_equal(registry_delete(d, STR("onedoorClientId=none,ou=applications")), RESULT_NOT_FOUND);
}

static void a_list_holds_what_matches_one_level_below(void **state)
{
    (void)state;
    struct entries all;
    assert_int_equal(registry_list(d, a, STR("ou=applications"), "(objectClass=onedoorApplication)", &all),
                     RESULT_OK);
    assert_int_equal(all.n, 1);
    assert_true(str_eq(all.v[0].dn, STR("onedoorClientId=portal,ou=applications," REGISTRY)));
    assert_int_equal(registry_list(d, a, STR("ou=applications"), "(onedoorClientId=PORTAL)", &all),
                     RESULT_OK);
    assert_int_equal(all.n, 0);
    assert_int_equal(registry_list(d, a, STR_EMPTY, "(objectClass=onedoorApplication)", &all), RESULT_OK);
    assert_int_equal(all.n, 0);
    assert_int_equal(registry_list(d, a, STR("ou=applications"), "(broken", &all), RESULT_INTERNAL);
}

static void six_hundred_accounts_are_all_listed(void **state)
{
    (void)state;
    struct str class = STR("onedoorAccount");
    for (int i = 0; i < 600; i++) {
        struct str id = arena_printf(a, "person-%d", i),
                   rdn = arena_printf(a, "onedoorAccountId=%s,ou=accounts", id.p);
        const struct attribute attributes[] = {{"objectClass", &class, 1}, {"onedoorAccountId", &id, 1}};
        assert_int_equal(registry_add(d, rdn, attributes, 2), RESULT_OK);
    }
    struct entries all;
    assert_int_equal(registry_list(d, a, STR("ou=accounts"), "(objectClass=onedoorAccount)", &all),
                     RESULT_OK);
    assert_int_equal(all.n, 600);
}

static void an_entry_is_added_once(void **state)
{
    (void)state;
    struct str class = STR("onedoorApplication"), id = STR("portal");
    const struct attribute attributes[] = {{"objectClass", &class, 1}, {"onedoorClientId", &id, 1}};
    assert_int_equal(registry_add(d, PORTAL, attributes, 2), RESULT_USED);
    assert_int_equal(registry_delete(d, PORTAL), RESULT_OK);
    assert_int_equal(registry_add(d, PORTAL, attributes, 2), RESULT_OK);
    struct entry e;
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
    assert_int_equal(entry_value(&e, "displayName").len, 0);
}

static void a_compare_and_swap_is_won_once(void **state)
{
    (void)state;
    struct str old = STR("FALSE"), new = STR("TRUE");
    const struct change swap[] = {{CHANGE_DELETE, {"onedoorDisabled", &old, 1}},
                                  {CHANGE_ADD, {"onedoorDisabled", &new, 1}}};
    assert_int_equal(registry_modify(d, PORTAL, swap, 2), RESULT_OK);
    assert_int_equal(registry_modify(d, PORTAL, swap, 2), RESULT_USED);
    struct entry e;
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
    assert_true(str_eq(entry_value(&e, "onedoorDisabled"), STR("TRUE")));
}

static void either_all_changes_are_made_or_none(void **state)
{
    (void)state;
    struct str text = STR("new"), absent = STR("TRUE");
    const struct change both[] = {{CHANGE_REPLACE, {"description", &text, 1}},
                                  {CHANGE_DELETE, {"onedoorDisabled", &absent, 1}}};
    assert_int_equal(registry_modify(d, PORTAL, both, 2), RESULT_USED);
    struct entry e;
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
    assert_int_equal(entry_value(&e, "description").len, 0);
}

static void values_come_and_go(void **state)
{
    (void)state;
    struct entry e;
    struct str values[] = {STR("openid"), STR("email")};
    assert_int_equal(change(CHANGE_ADD, "onedoorScope", values, 2), RESULT_OK);
    assert_int_equal(change(CHANGE_ADD, "onedoorScope", values, 1), RESULT_USED);
    assert_int_equal(change(CHANGE_DELETE, "onedoorScope", values, 1), RESULT_OK);
    assert_int_equal(change(CHANGE_DELETE, "onedoorScope", values, 1), RESULT_USED);
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
    assert_int_equal(entry_attribute(&e, "onedoorScope")->count, 1);
    assert_int_equal(change(CHANGE_DELETE, "onedoorScope", NULL, 0), RESULT_OK);
    assert_int_equal(change(CHANGE_DELETE, "onedoorScope", NULL, 0), RESULT_USED);
    assert_int_equal(change(CHANGE_REPLACE, "onedoorScope", NULL, 0), RESULT_OK);
    assert_int_equal(change(CHANGE_REPLACE, "onedoorRedirectUri", NULL, 0), RESULT_OK);
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
    assert_null(entry_attribute(&e, "onedoorScope"));
    assert_null(entry_attribute(&e, "onedoorRedirectUri"));
}

static void what_breaks_the_schema_is_refused(void **state)
{
    (void)state;
    struct str text = STR("perhaps"), two[] = {STR("jwt"), STR("opaque")};
    assert_int_equal(change(CHANGE_REPLACE, "onedoorDisabled", &text, 1), RESULT_REFUSED);
    assert_int_equal(change(CHANGE_REPLACE, "onedoorNoSuch", &text, 1), RESULT_REFUSED);
    assert_int_equal(change(CHANGE_REPLACE, "onedoorAccessTokenFormat", two, 2), RESULT_REFUSED);
    assert_int_equal(change(CHANGE_REPLACE, "telephoneNumber", &text, 1), RESULT_REFUSED);
    struct str class = STR("onedoorApplication");
    const struct attribute attributes[] = {{"objectClass", &class, 1}};
    assert_int_equal(registry_add(d, STR("no name"), attributes, 1), RESULT_REFUSED);
    assert_int_equal(registry_delete(d, STR("ou=applications")), RESULT_REFUSED);
}

/* A name with NUL would otherwise end there and mean another entry. */
static void a_name_with_nul_means_no_entry(void **state)
{
    (void)state;
    struct entry e;
    assert_int_equal(registry_read(d, a, STR("ou=applications\0"), &e), RESULT_INTERNAL);
    assert_int_equal(registry_delete(d, STR("onedoorClientId=portal,ou=applications\0,ou=x")),
                     RESULT_INTERNAL);
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
}

static void a_strange_name_survives_escaping(void **state)
{
    (void)state;
    struct str class = STR("onedoorApplication"), id = STR(" a,ou=b+c=\"d\"\\<>;#门 ");
    struct str escaped = dn_escape(a, id);
    struct str rdn = arena_printf(a, "onedoorClientId=" STR_FMT ",ou=applications", STR_ARG(escaped));
    const struct attribute attributes[] = {{"objectClass", &class, 1}, {"onedoorClientId", &id, 1}};
    struct entry e;
    assert_int_equal(registry_add(d, rdn, attributes, 2), RESULT_OK);
    assert_int_equal(registry_read(d, a, rdn, &e), RESULT_OK);
    assert_true(str_eq(entry_value(&e, "onedoorClientId"), id));
    assert_int_equal(registry_delete(d, rdn), RESULT_OK);
}

static void keys_accounts_state_and_roles_have_their_places(void **state)
{
    (void)state;
    struct str key = STR("onedoorKey"), es = STR("ES256"), active = STR("active"), name = STR("k1");
    const struct attribute of_key[] = {{"objectClass", &key, 1},
                                       {"cn", &name, 1},
                                       {"onedoorKeyAlgorithm", &es, 1},
                                       {"onedoorKeyState", &active, 1},
                                       {"onedoorKeyCreated", &name, 1}};
    assert_int_equal(registry_add(d, STR("cn=k1,ou=keys"), of_key, 5), RESULT_OK);
    struct str shared = STR("onedoorState"), beat = STR("7");
    const struct attribute of_state[] = {
        {"objectClass", &shared, 1}, {"cn", &name, 1}, {"onedoorEpoch", &name, 1}, {"onedoorBeat", &beat, 1}};
    assert_int_equal(registry_add(d, STR("cn=k1,ou=state"), of_state, 4), RESULT_OK);
    struct str role = STR("onedoorRole"), id = STR("portal"), member = STR("cn=approver,ou=posts," CITY);
    struct str permissions[] = {STR("case:read"), STR("case:approve")};
    const struct attribute of_role[] = {{"objectClass", &role, 1},
                                        {"cn", &name, 1},
                                        {"onedoorClientId", &id, 1},
                                        {"onedoorPermission", permissions, 2},
                                        {"member", &member, 1}};
    assert_int_equal(registry_add(d, STR("cn=k1,ou=applications"), of_role, 5), RESULT_OK);
    assert_int_equal(registry_delete(d, STR("cn=k1,ou=applications")), RESULT_OK);
}

static int modify_code(LDAP *ld, const char *dn, const char *name, const char *value)
{
    char *values[] = {(char *)value, NULL};
    LDAPMod mod = {.mod_op = LDAP_MOD_REPLACE, .mod_type = (char *)name, .mod_values = values};
    LDAPMod *mods[] = {&mod, NULL};
    return ldap_modify_ext_s(ld, dn, mods, NULL, NULL);
}

static void the_server_reads_people_but_neither_their_passwords_nor_changes_them(void **state)
{
    (void)state;
    static const char person[] = "uid=n-7f3a0c51,ou=citizens," CITY;
    char value[128];
    LDAP *service = slapd_as_service(&slapd);
    assert_true(slapd_get(service, person, "mail", value, sizeof value));
    assert_true(slapd_get(service, person, "entryUUID", value, sizeof value));
    assert_false(slapd_get(service, person, "userPassword", value, sizeof value));
    assert_false(slapd_get(service, SERVICE, "userPassword", value, sizeof value));
    assert_false(slapd_get(service, "cn=decoy," REGISTRY, "userPassword", value, sizeof value));
    assert_int_equal(modify_code(service, person, "mail", "x@x.example"), LDAP_INSUFFICIENT_ACCESS);
    assert_int_equal(modify_code(service, person, "userPassword", "x"), LDAP_INSUFFICIENT_ACCESS);
    assert_int_equal(modify_code(service, "cn=approver,ou=posts," CITY, "member", person),
                     LDAP_INSUFFICIENT_ACCESS);
    assert_int_equal(modify_code(service, "ou=registry," CITY, "description", "x"), LDAP_SUCCESS);
    ldap_unbind_ext(service, NULL, NULL);
}

static void people_and_strangers_see_nothing_of_the_registry(void **state)
{
    (void)state;
    static const char portal[] = "onedoorClientId=portal,ou=applications," REGISTRY;
    char value[128];
    struct sample_person citizen = slapd_person(&slapd, "citizen");
    LDAP *person = slapd_bind(&slapd, "uid=n-7f3a0c51,ou=citizens," CITY, str_of(citizen.password));
    LDAP *stranger = slapd_bind(&slapd, "", STR_EMPTY);
    assert_non_null(person);
    assert_non_null(stranger);
    assert_false(slapd_get(person, portal, "onedoorClientId", value, sizeof value));
    assert_false(slapd_get(stranger, portal, "onedoorClientId", value, sizeof value));
    assert_false(slapd_get(stranger, "uid=n-7f3a0c51,ou=citizens," CITY, "mail", value, sizeof value));
    assert_int_not_equal(modify_code(person, portal, "description", "x"), LDAP_SUCCESS);
    ldap_unbind_ext(person, NULL, NULL);
    ldap_unbind_ext(stranger, NULL, NULL);
}

static struct entry seen_portal(void)
{
    struct entry e;
    assert_int_equal(registry_read(d, a, PORTAL, &e), RESULT_OK);
    return e;
}

static void a_change_of_what_was_seen_is_made_while_it_still_holds(void **state)
{
    (void)state;
    struct entry before = seen_portal();
    struct str name = STR("Door (new) *"), other = STR("Other");
    const struct change rename = {CHANGE_REPLACE, {"displayName", &name, 1}};
    const struct change meanwhile = {CHANGE_REPLACE, {"displayName;lang-zh", &other, 1}};
    assert_int_equal(registry_modify_seen(d, PORTAL, &before, &rename, 1), RESULT_OK);
    assert_int_equal(registry_modify_seen(d, PORTAL, &before, &meanwhile, 1), RESULT_USED);
    struct entry after = seen_portal();
    assert_true(str_eq(entry_value(&after, "displayName"), name));
    assert_true(str_eq(entry_value(&after, "displayName;lang-zh"), STR("门户")));
    assert_int_equal(registry_modify_seen(d, PORTAL, &after, &meanwhile, 1), RESULT_OK);
}

static void what_changed_meanwhile_is_not_removed(void **state)
{
    (void)state;
    struct entry before = seen_portal();
    struct str name = STR("New");
    const struct change rename = {CHANGE_REPLACE, {"displayName", &name, 1}};
    assert_int_equal(registry_modify(d, PORTAL, &rename, 1), RESULT_OK);
    assert_int_equal(registry_delete_seen(d, PORTAL, &before), RESULT_USED);
    struct entry after = seen_portal();
    assert_int_equal(registry_delete_seen(d, PORTAL, &after), RESULT_OK);
    assert_int_equal(registry_delete_seen(d, PORTAL, &after), RESULT_NOT_FOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_added_can_be_read),
        TEST(what_is_not_there_is_not_found),
        TEST(a_list_holds_what_matches_one_level_below),
        TEST(six_hundred_accounts_are_all_listed),
        TEST(an_entry_is_added_once),
        TEST(a_compare_and_swap_is_won_once),
        TEST(a_change_of_what_was_seen_is_made_while_it_still_holds),
        TEST(what_changed_meanwhile_is_not_removed),
        TEST(either_all_changes_are_made_or_none),
        TEST(values_come_and_go),
        TEST(what_breaks_the_schema_is_refused),
        TEST(a_name_with_nul_means_no_entry),
        TEST(a_strange_name_survives_escaping),
        TEST(keys_accounts_state_and_roles_have_their_places),
        TEST(the_server_reads_people_but_neither_their_passwords_nor_changes_them),
        TEST(people_and_strangers_see_nothing_of_the_registry),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
