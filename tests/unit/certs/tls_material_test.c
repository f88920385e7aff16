#include "certs/tls_material.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[] = "/tmp/onedoor-tls-XXXXXX";

static const char *path(const char *name)
{
    static char room[4][128];
    static int at;
    at = (at + 1) % 4;
    snprintf(room[at], sizeof room[at], "%s/%s", folder, name);
    return room[at];
}

/* A self-signed certificate by the openssl command, as an operator would have made it. */
static void make(const char *name, const char *algorithm)
{
    char command[512];
    snprintf(command, sizeof command,
             "openssl req -x509 -newkey %s -nodes -days 30 -subj /CN=x -keyout %s/%s.key -out %s/%s.pem "
             "2>/dev/null "
             "&& chmod 600 %s/%s.key",
             algorithm, folder, name, folder, name, folder, name);
    assert_int_equal(system(command), 0);
}

static void refused(const char *certificate, const char *key, const char *expected)
{
    struct tls_material m;
    const char *why = NULL;
    assert_false(tls_material_read(certificate, key, &m, &why));
    assert_non_null(strstr(why, expected));
    tls_material_clear(&m);
}

static void good_material_is_taken(void **state)
{
    (void)state;
    struct tls_material m;
    const char *why = NULL;
    make("rsa", "rsa:2048");
    make("curve", "ec -pkeyopt ec_paramgen_curve:P-256");
    assert_true(tls_material_read(path("rsa.pem"), path("rsa.key"), &m, &why));
    tls_material_clear(&m);
    assert_true(tls_material_read(path("curve.pem"), path("curve.key"), &m, &why));
    tls_material_clear(&m);
}

static void a_weak_key_is_refused(void **state)
{
    (void)state;
    make("weak", "rsa:1024");
    refused(path("weak.pem"), path("weak.key"), "too weak");
}

static void the_key_of_another_certificate_is_refused(void **state)
{
    (void)state;
    refused(path("rsa.pem"), path("curve.key"), "not the key of");
}

static void what_is_missing_or_no_pem_is_named(void **state)
{
    (void)state;
    refused(path("none.pem"), path("rsa.key"), "tls_certificate cannot be read");
    refused(path("rsa.pem"), path("none.key"), "");
    refused(path("rsa.key"), path("rsa.key"), "holds no PEM certificate");
}

static int begin(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int end(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_material_is_taken),
        cmocka_unit_test(a_weak_key_is_refused),
        cmocka_unit_test(the_key_of_another_certificate_is_refused),
        cmocka_unit_test(what_is_missing_or_no_pem_is_named),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
