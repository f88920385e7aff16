#include "server/settings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char *const good = "[server]\n"
                                "issuer = https://sso.city.example\n"
                                "listen = 127.0.0.1:8080\n"
                                "master_key_file = /etc/onedoor/master.key\n"
                                "audit_file = /var/log/onedoor/audit.log\n"
                                "[directory]\n"
                                "uris = ldaps://ldap.city.example\n"
                                "bind_dn = cn=onedoor,dc=city,dc=example\n"
                                "bind_password = s3cret\n"
                                "people_base = dc=city,dc=example\n"
                                "registry_base = ou=registry,dc=city,dc=example\n"
                                "[redis]\n"
                                "address = unix:/run/redis.sock\n";

static char path[] = "/tmp/onedoor-settings-XXXXXX";

static struct settings *load(const char *before, const char *after, char **why)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fprintf(f, "%s%s%s", before, good, after);
    fclose(f);
    return settings_load(path, why);
}

static void refused(const char *after, const char *expected)
{
    char *why = NULL;
    struct settings *s = load("", after, &why);
    assert_null(s);
    assert_non_null(why);
    if (strstr(why, expected) == NULL)
        fail_msg("expected `%s` in: %s", expected, why);
    free(why);
}

static void a_complete_file_is_read_with_defaults(void **state)
{
    (void)state;
    char *why = NULL;
    struct settings *s = load("", "[sign_in]\nsession_idle = 20m\n", &why);
    if (s == NULL)
        fail_msg("%s", why);
    assert_true(str_eq(s->provider.issuer, STR("https://sso.city.example")));
    assert_int_equal(s->listen.port, 8080);
    assert_int_equal(s->listen_tls.port, 0);
    assert_int_equal(s->authn.session_idle_seconds, 1200);
    assert_int_equal(s->provider.code_seconds, 60);
    assert_true(s->directory.start_tls);
    assert_true(secret_equal(s->directory.bind_password, "s3cret", 6));
    assert_string_equal(s->directory.map.uuid, "entryUUID");
    settings_free(s);
}

static void an_unknown_name_is_refused_with_line_and_what_there_is(void **state)
{
    (void)state;
    refused("adress = x\n", ":14: [redis] adress: unknown setting; [redis] accepts: address, ");
    refused("[reddis]\naddress = x\n", ":15: [reddis] address: unknown section");
}

static void a_bad_value_is_refused_with_what_is_accepted(void **state)
{
    (void)state;
    refused("[sign_in]\nsession_idle = soon\n", "`soon` is not accepted; it must be a time from 60 to 86400");
    refused("[sign_in]\nsession_idle = 400d\n", "session_idle");
    refused("[sign_in]\naccount_failures = 0\n", "a whole number from 1 to 1000");
    refused("[sign_in]\naccount_failures = +5\n", "`+5` is not accepted");
    refused("[server]\nlog_level = loud\n", "one of: debug info warn error");
    refused("[server]\nmanagement = here\n", "address:port");
    refused("[server]\nmanagement = 127.0.0.1:99999\n", "address:port");
    refused("[directory]\nstart_tls = maybe\n", "yes or no");
}

static void what_has_no_effect_any_more_is_read_over_and_told(void **state)
{
    (void)state;
    char *why = NULL;
    struct settings *s = load("", "connections = 16\n", &why);
    if (s == NULL)
        fail_msg("%s", why);
    struct str expected = STR(":14: [redis] connections: has no effect any more: ");
    assert_non_null(memmem(s->unused.p, s->unused.len, expected.p, expected.len));
    settings_free(s);
    s = load("", "", &why);
    assert_non_null(s);
    assert_int_equal(s->unused.len, 0);
    settings_free(s);
    refused("connections = 16\nadress = x\n",
            ":15: [redis] adress: unknown setting; [redis] accepts: address, ");
}

static void a_setting_given_twice_is_refused(void **state)
{
    (void)state;
    refused("address = unix:/other\n", "given twice, first in line 13");
}

static void a_missing_setting_is_named(void **state)
{
    (void)state;
    char *why = NULL;
    FILE *f = fopen(path, "w");
    fputs("[server]\nissuer = https://a.example\n", f);
    fclose(f);
    assert_null(settings_load(path, &why));
    assert_non_null(strstr(why, "[redis] address: missing"));
    assert_non_null(strstr(why, "[directory] bind_password: missing"));
    free(why);
}

static void an_issuer_has_no_path_and_is_https(void **state)
{
    (void)state;
    static const char *const bad[] = {"http://sso.city.example",
                                      "https://sso.city.example/",
                                      "https://a/b",
                                      "https://A.example",
                                      "ftp://a",
                                      "https://",
                                      "https://a?b",
                                      "https://u@a"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char text[512], *why = NULL;
        snprintf(text, sizeof text, "[server]\nissuer = %s\n", bad[i]);
        FILE *f = fopen(path, "w");
        fputs(text, f);
        fputs(good + strlen("[server]\nissuer = https://sso.city.example\n"), f);
        fclose(f);
        assert_null(settings_load(path, &why));
        assert_non_null(strstr(why, "issuer"));
        free(why);
    }
}

static void a_secret_comes_from_a_file_that_only_its_owner_reads(void **state)
{
    (void)state;
    char file[] = "/tmp/onedoor-secret-XXXXXX";
    int fd = mkstemp(file);
    assert_int_equal(write(fd, "from-file\n", 10), 10);
    close(fd);
    char text[256], *why = NULL;
    snprintf(text, sizeof text, "password = ${file:%s}\n", file);
    struct settings *s = load("", text, &why);
    assert_non_null(s);
    assert_true(secret_equal(s->store.password, "from-file", 9));
    settings_free(s);
    chmod(file, 0644);
    refused(text, "cannot read the secret");
    unlink(file);
    refused(text, "cannot read the secret");
}

static void a_secret_never_stands_in_an_error(void **state)
{
    (void)state;
    char *why = NULL;
    struct settings *s = load("", "password = hunter2\npassword = hunter3\nx = y\n", &why);
    assert_null(s);
    assert_null(strstr(why, "hunter"));
    free(why);
}

static void an_indented_line_goes_on_with_the_value(void **state)
{
    (void)state;
    char *why = NULL;
    struct settings *s = load("", "[directory]\nlogin_attributes = uid\n  mail\n", &why);
    if (s == NULL)
        fail_msg("%s", why);
    assert_true(str_eq(s->directory.login_attributes, STR("uid mail")));
    settings_free(s);
}

static void an_overlong_line_is_refused(void **state)
{
    (void)state;
    char text[600] = "[pages]\nplace_name = ";
    memset(text + strlen(text), 'x', 400);
    strcat(text, "\n");
    refused(text, ":15: the line is longer than");
}

static int make_file(void **state)
{
    (void)state;
    int fd = mkstemp(path);
    if (fd >= 0)
        close(fd);
    return fd < 0;
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_complete_file_is_read_with_defaults),
        cmocka_unit_test(an_unknown_name_is_refused_with_line_and_what_there_is),
        cmocka_unit_test(a_bad_value_is_refused_with_what_is_accepted),
        cmocka_unit_test(what_has_no_effect_any_more_is_read_over_and_told),
        cmocka_unit_test(a_setting_given_twice_is_refused),
        cmocka_unit_test(a_missing_setting_is_named),
        cmocka_unit_test(an_issuer_has_no_path_and_is_https),
        cmocka_unit_test(a_secret_comes_from_a_file_that_only_its_owner_reads),
        cmocka_unit_test(a_secret_never_stands_in_an_error),
        cmocka_unit_test(an_indented_line_goes_on_with_the_value),
        cmocka_unit_test(an_overlong_line_is_refused),
    };
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
