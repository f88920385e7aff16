/* Following over TLS, where what can be read from the socket is not yet a message. */
#include "directory/follow/follow.h"

#include "tests/unit/directory/follow/recorder.h"
#include "tests/unit/support/slapd.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define CLERKS "cn=clerk,ou=posts," CITY

static struct slapd slapd;
static struct recorder r;

static int start(void **state)
{
    (void)state;
    slapd_make(&slapd);
    slapd_shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=slapd "
        "-addext subjectAltName=IP:127.0.0.1 -keyout %s/tls.key -out %s/tls.crt 2>/dev/null",
        slapd.folder, slapd.folder);
    slapd_shell(
        "printf 'dn: cn=config\\nchangetype: modify\\nadd: olcTLSCertificateFile\\nolcTLSCertificateFile: "
        "%s/tls.crt\\n-\\nadd: olcTLSCertificateKeyFile\\nolcTLSCertificateKeyFile: %s/tls.key\\n' | "
        "PATH=$PATH:/usr/sbin slapmodify -n 0 -F %s/slapd.d >/dev/null 2>&1",
        slapd.folder, slapd.folder, slapd.folder);
    slapd_run(&slapd, true);
    pthread_mutex_init(&r.lock, NULL);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    slapd_remove(&slapd);
    return 0;
}

static void follow_at(const char *uri, bool start_tls)
{
    static const char *const attributes[] = {"description", NULL};
    char ca_file[128], text[32];
    struct directory_config c = slapd_config(&slapd);
    snprintf(ca_file, sizeof ca_file, "%s/tls.crt", slapd.folder);
    c.uris = str_of(uri);
    c.start_tls = start_tls;
    c.ca_file = ca_file;
    struct directory *d = directory_new(&c);
    const struct follow_config config = {
        .name = "test", .base = CITY, .filter = "(objectClass=groupOfNames)", .attributes = attributes};
    const struct follower follower = recorder_follower(&r);
    struct follow *f = follow_start(d, &config, &follower);
    assert_non_null(f);
    WAIT_FOR(follow_is_live(f));
    unsigned losses = recorder_read(&r, &r.losses);
    for (int i = 0; i < 50; i++) {
        snprintf(text, sizeof text, "%d", i);
        slapd_set(&slapd, CLERKS, "description", text);
        WAIT_FOR(recorder_has(&r, CLERKS, text));
    }
    /* Some of the wire's own questions go by in silence. */
    sleep(5);
    slapd_set(&slapd, CLERKS, "description", "after the silence");
    WAIT_FOR(recorder_has(&r, CLERKS, "after the silence"));
    assert_int_equal(recorder_read(&r, &r.losses), losses);
    follow_stop(f);
    directory_free(d);
}

static void over_ldaps(void **state)
{
    (void)state;
    follow_at(slapd.tls_uri, false);
}

static void over_start_tls(void **state)
{
    (void)state;
    follow_at(slapd.tcp_uri, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_ldaps),
        cmocka_unit_test(over_start_tls),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
