#include "directory/servers.h"

#include "directory/directory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static void only_addresses_of_servers_are_taken(void **state)
{
    (void)state;
    assert_true(directory_uris_valid(STR("ldapi://%2Frun%2Fldapi ldaps://a.example ldap://[::1]:1389/")));
    static const char *const bad[] = {
        "",
        "ldap://",
        "ldapi:///",
        "http://a.example",
        "cldap://a.example",
        "ldap://a.example/dc=city",
        "ldap://a.example/??sub?(uid=*)",
        "ldap://a.example:70000",
        "a.example",
        "ldap://a.example x",
        "ldap://1 ldap://2 ldap://3 ldap://4 ldap://5 ldap://6 ldap://7 ldap://8 ldap://9",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (directory_uris_valid(str_of(bad[i])))
            fail_msg("taken: '%s'", bad[i]);
    }
}

static void a_failure_is_remembered_for_half_a_second_and_a_success_forgets_it(void **state)
{
    (void)state;
    struct servers *s = servers_new(STR("ldap://a.example ldap://b.example"));
    assert_non_null(s);
    servers_report(s, 0, false);
    assert_false(servers_due(s, 0));
    assert_true(servers_due(s, 1));
    usleep(550000);
    assert_true(servers_due(s, 0));
    servers_report(s, 0, false);
    servers_report(s, 0, true);
    assert_true(servers_due(s, 0));
    servers_free(s);
}

static void the_pause_never_exceeds_two_seconds(void **state)
{
    (void)state;
    struct servers *s = servers_new(STR("ldap://a.example"));
    for (int i = 0; i < 50; i++)
        servers_report(s, 0, false);
    usleep(2050000);
    assert_true(servers_due(s, 0));
    servers_free(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_addresses_of_servers_are_taken),
        cmocka_unit_test(a_failure_is_remembered_for_half_a_second_and_a_success_forgets_it),
        cmocka_unit_test(the_pause_never_exceeds_two_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
