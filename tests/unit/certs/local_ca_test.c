#include "certs/local_ca.h"

#include "certs/x509.h"
#include "tests/unit/certs/fixture.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES STR("localhost sso.city.example 127.0.0.1 ::1")

static char folder[64];

static int begin(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/onedoor-ca-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int end(void **state)
{
    (void)state;
    static const char *const names[] = {"ca.pem", "ca.key", "server.pem", "server.key"};
    for (size_t i = 0; i < COUNT(names); i++)
        unlink(path_of(names[i]));
    return rmdir(folder);
}

static X509 *read_certificate(const char *name)
{
    FILE *f = fopen(path_of(name), "r");
    assert_non_null(f);
    X509 *x = PEM_read_X509(f, NULL, NULL, NULL);
    fclose(f);
    assert_non_null(x);
    return x;
}

static void make(struct str names)
{
    const char *why = "";
    if (!local_ca_make(folder, names, &why))
        fail_msg("%s", why);
}

/* What a client does: builds the chain and checks purpose and name. */
static int check(X509 *ca, X509 *server, const char *host)
{
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *c = X509_STORE_CTX_new();
    X509_STORE_add_cert(store, ca);
    X509_STORE_CTX_init(c, store, server, NULL);
    X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(c);
    X509_STORE_CTX_set_purpose(c, X509_PURPOSE_SSL_SERVER);
    if (X509_VERIFY_PARAM_set1_ip_asc(param, host) != 1)
        X509_VERIFY_PARAM_set1_host(param, host, 0);
    int error = X509_verify_cert(c) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(c);
    X509_STORE_CTX_free(c);
    X509_STORE_free(store);
    return error;
}

static void a_client_that_trusts_the_ca_accepts_the_server_under_its_names_only(void **state)
{
    (void)state;
    make(NAMES);
    X509 *ca = read_certificate("ca.pem"), *server = read_certificate("server.pem");
    static const char *const good[] = {"localhost", "sso.city.example", "127.0.0.1", "::1"};
    for (size_t i = 0; i < COUNT(good); i++)
        assert_int_equal(check(ca, server, good[i]), X509_V_OK);
    assert_int_equal(check(ca, server, "bank.example"), X509_V_ERR_HOSTNAME_MISMATCH);
    assert_int_equal(check(ca, server, "127.0.0.2"), X509_V_ERR_IP_ADDRESS_MISMATCH);
    X509_free(ca);
    X509_free(server);
}

/* Whoever steals ca.key from a laptop that trusts it must not become a bank. */
static void a_certificate_for_another_name_from_this_ca_is_not_accepted(void **state)
{
    (void)state;
    static const struct {
        struct str names;
        const char *foreign, *host;
    } rows[] = {
        {{"localhost 127.0.0.1", 19}, "DNS:bank.example", "bank.example"},
        {{"localhost 127.0.0.1", 19}, "IP:10.0.0.1", "10.0.0.1"},
        {{"localhost", 9}, "IP:10.0.0.1", "10.0.0.1"},
        {{"localhost", 9}, "IP:2001:db8::1", "2001:db8::1"},
        {{"127.0.0.1", 9}, "DNS:bank.example", "bank.example"},
        {{"127.0.0.1", 9}, "IP:2001:db8::1", "2001:db8::1"},
    };
    struct arena *a = arena_new(FIXTURE_ARENA);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct identity ca, server;
        assert_true(x509_make_ca(x509_constraints(a, rows[i].names).p, 10, &ca));
        assert_true(x509_make_server(&ca, rows[i].foreign, 10, &server));
        int error = check(ca.certificate, server.certificate, rows[i].host);
        assert_true(error == X509_V_ERR_PERMITTED_VIOLATION || error == X509_V_ERR_EXCLUDED_VIOLATION);
        identity_free(&ca);
        identity_free(&server);
    }
    arena_free(a);
}

static void keys_are_private_and_files_stay_while_they_are_good(void **state)
{
    (void)state;
    static const char *const names[] = {"ca.pem", "ca.key", "server.pem", "server.key"};
    struct stat before[4], after;
    make(NAMES);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(stat(path_of(names[i]), &before[i]), 0);
        assert_int_equal(before[i].st_mode & 0777, strstr(names[i], ".key") ? 0600 : 0644);
    }
    make(NAMES);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(stat(path_of(names[i]), &after), 0);
        assert_int_equal(after.st_ino, before[i].st_ino);
    }
}

static void what_is_missing_broken_or_open_to_others_is_made_anew(void **state)
{
    (void)state;
    make(NAMES);
    X509 *ca = read_certificate("ca.pem"), *first = read_certificate("server.pem");
    assert_int_equal(unlink(path_of("server.key")), 0);
    make(NAMES);
    X509 *same_ca = read_certificate("ca.pem"), *second = read_certificate("server.pem");
    assert_int_equal(X509_cmp(ca, same_ca), 0);
    assert_int_not_equal(X509_cmp(first, second), 0);
    assert_int_equal(check(ca, second, "localhost"), X509_V_OK);

    assert_int_equal(chmod(path_of("ca.key"), 0644), 0);
    make(NAMES);
    X509 *new_ca = read_certificate("ca.pem"), *third = read_certificate("server.pem");
    assert_int_not_equal(X509_cmp(ca, new_ca), 0);
    assert_int_equal(check(new_ca, third, "localhost"), X509_V_OK);
    X509 *const all[] = {ca, first, same_ca, second, new_ca, third};
    for (size_t i = 0; i < COUNT(all); i++)
        X509_free(all[i]);
}

static void other_names_make_another_ca_and_server(void **state)
{
    (void)state;
    make(NAMES);
    make(STR("sso.other.example"));
    X509 *ca = read_certificate("ca.pem"), *server = read_certificate("server.pem");
    assert_int_equal(check(ca, server, "sso.other.example"), X509_V_OK);
    assert_int_equal(check(ca, server, "localhost"), X509_V_ERR_HOSTNAME_MISMATCH);
    X509_free(ca);
    X509_free(server);
}

/* Thirty days and a bit are kept, less is renewed. */
static void a_certificate_is_renewed_in_its_last_month(void **state)
{
    (void)state;
    struct arena *a = arena_new(FIXTURE_ARENA);
    for (long days = 29; days <= 31; days += 2) {
        make(NAMES);
        FILE *f = fopen(path_of("ca.key"), "r");
        struct identity ca = {read_certificate("ca.pem"), PEM_read_PrivateKey(f, NULL, NULL, NULL)}, server;
        fclose(f);
        assert_true(x509_make_server(&ca, x509_alternative_names(a, NAMES).p, days, &server));
        f = fopen(path_of("server.pem"), "w");
        PEM_write_X509(f, server.certificate);
        fclose(f);
        f = fopen(path_of("server.key"), "w");
        PEM_write_PKCS8PrivateKey(f, server.key, NULL, NULL, 0, NULL, NULL);
        fclose(f);
        make(NAMES);
        X509 *now = read_certificate("server.pem");
        assert_int_equal(X509_cmp(now, server.certificate) == 0, days == 31);
        X509_free(now);
        identity_free(&ca);
        identity_free(&server);
    }
    arena_free(a);
}

static void names_that_are_none_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",          " ",  "a,IP:1.2.3.4", "a/b", "DNS:a",
                                      "*.example", "-a", ".a",           "a;b", "\xc3\xa4"};
    for (size_t i = 0; i < COUNT(bad); i++) {
        const char *why = NULL;
        assert_false(local_ca_make(folder, str_of(bad[i]), &why));
        assert_non_null(why);
    }
    assert_int_not_equal(access(path_of("ca.key"), F_OK), 0);
}

static void a_folder_that_cannot_be_made_is_named(void **state)
{
    (void)state;
    const char *why = NULL;
    assert_false(local_ca_make("/proc/onedoor/ca", NAMES, &why));
    assert_non_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_client_that_trusts_the_ca_accepts_the_server_under_its_names_only,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_certificate_for_another_name_from_this_ca_is_not_accepted, begin,
                                        end),
        cmocka_unit_test_setup_teardown(keys_are_private_and_files_stay_while_they_are_good, begin, end),
        cmocka_unit_test_setup_teardown(what_is_missing_broken_or_open_to_others_is_made_anew, begin, end),
        cmocka_unit_test_setup_teardown(other_names_make_another_ca_and_server, begin, end),
        cmocka_unit_test_setup_teardown(a_certificate_is_renewed_in_its_last_month, begin, end),
        cmocka_unit_test_setup_teardown(names_that_are_none_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_made_is_named, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
