/* What stands between a password and the wrong server: certificates, names, deadlines. */
#include "directory/person.h"

#include "server/base/clock.h"
#include "tests/unit/support/slapd_tls.h"

#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct slapd slapd;
static struct sample_person citizen;
static char ca_file[128], other_ca_file[128];
static const struct str citizen_dn = {"uid=n-7f3a0c51,ou=citizens," CITY,
                                      sizeof "uid=n-7f3a0c51,ou=citizens," CITY - 1};

/* good: trusted and rightly named · stranger: nobody vouches for it · misnamed: trusted, but somebody else's.
 */
static int start(void **state)
{
    (void)state;
    slapd_make(&slapd);
    citizen = slapd_person(&slapd, "citizen");
    slapd_certificate(&slapd, "good", "IP:127.0.0.1");
    slapd_certificate(&slapd, "stranger", "IP:127.0.0.1");
    slapd_certificate(&slapd, "misnamed", "DNS:ldap.elsewhere.example");
    slapd_shell("cd %s && cat good.crt misnamed.crt >trusted.pem", slapd.folder);
    snprintf(ca_file, sizeof ca_file, "%s/trusted.pem", slapd.folder);
    snprintf(other_ca_file, sizeof other_ca_file, "%s/stranger.crt", slapd.folder);
    slapd_show(&slapd, "good");
    slapd_run(&slapd, true);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    slapd_remove(&slapd);
    return 0;
}

static struct directory_config config(const char *uri, bool start_tls, const char *ca)
{
    struct directory_config c = slapd_config(&slapd);
    c.uris = str_of(uri);
    c.start_tls = start_tls;
    c.ca_file = ca;
    c.operation_ms = 1000;
    c.connect_ms = 1000;
    return c;
}

static enum result sign_in(struct directory_config c)
{
    struct directory *d = directory_new(&c);
    assert_non_null(d);
    enum result r = person_check_password(d, citizen_dn, str_of(citizen.password));
    directory_free(d);
    return r;
}

static enum result ping(struct directory_config c)
{
    struct directory *d = directory_new(&c);
    assert_non_null(d);
    enum result r = directory_ping(d);
    directory_free(d);
    return r;
}

static void every_way_to_the_directory_works(void **state)
{
    (void)state;
    const struct directory_config ways[] = {
        config(slapd.socket_uri, false, NULL), config(slapd.socket_uri, true, ca_file),
        config(slapd.tcp_uri, false, NULL),    config(slapd.tcp_uri, true, ca_file),
        config(slapd.tls_uri, false, ca_file), config(slapd.tls_uri, true, ca_file),
    };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        assert_int_equal(ping(ways[i]), RESULT_OK);
        assert_int_equal(sign_in(ways[i]), RESULT_OK);
    }
}

static void a_certificate_that_nobody_vouches_for_is_refused(void **state)
{
    (void)state;
    static const char *const authorities[] = {other_ca_file, "/nonexistent.pem", NULL};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(sign_in(config(slapd.tls_uri, false, authorities[i])), RESULT_UNAVAILABLE);
        assert_int_equal(sign_in(config(slapd.tcp_uri, true, authorities[i])), RESULT_UNAVAILABLE);
        assert_int_equal(ping(config(slapd.tls_uri, false, authorities[i])), RESULT_UNAVAILABLE);
        assert_int_equal(ping(config(slapd.tcp_uri, true, authorities[i])), RESULT_UNAVAILABLE);
    }
}

/* The environment and ldap.conf know switches that turn all checks off. */
static void no_environment_turns_the_checks_off(void **state)
{
    (void)state;
    setenv("LDAPTLS_REQCERT", "never", 1);
    assert_int_equal(sign_in(config(slapd.tls_uri, false, other_ca_file)), RESULT_UNAVAILABLE);
    unsetenv("LDAPTLS_REQCERT");
}

static bool holds(const char *path, const char *text)
{
    char line[512];
    snprintf(line, sizeof line, "grep -aq -- '%s' '%s'", text, path);
    return system(line) == 0;
}

/* Looks without knocking: the recorder serves one connection only. */
static void wait_for_listener(int port)
{
    char line[128];
    snprintf(line, sizeof line, "grep -q ':%04X 00000000:0000 0A' /proc/net/tcp", (unsigned)port);
    for (int i = 0; i < 500; i++, usleep(20000)) {
        if (system(line) == 0)
            return;
    }
    fail_msg("nobody listens");
}

/*
 * A TLS server that writes down what it is told, and answers the question whether it lives as slapd would:
 * with a search result of message 1. Returns the answer that a sign-in gets.
 */
static enum result sign_in_at_recorder(const char *certificate, char *record, size_t size)
{
    char uri[64];
    int port = free_port(), input[2];
    snprintf(uri, sizeof uri, "ldaps://127.0.0.1:%d", port);
    snprintf(record, size, "%s/%s.record", slapd.folder, certificate);
    assert_int_equal(pipe2(input, O_CLOEXEC), 0);
    pid_t recorder = fork();
    if (recorder == 0) {
        char command[512];
        snprintf(
            command, sizeof command,
            "exec openssl s_server -quiet -naccept 1 -accept 127.0.0.1:%d -cert %s/%s.crt -key %s/%s.key "
            ">%s 2>/dev/null",
            port, slapd.folder, certificate, slapd.folder, certificate, record);
        dup2(input[0], STDIN_FILENO);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    static const char done[] = "\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00";
    wait_for_listener(port);
    assert_int_equal(write(input[1], done, sizeof done - 1), (ssize_t)sizeof done - 1);
    enum result r = sign_in(config(uri, false, ca_file));
    usleep(100000);
    kill(recorder, SIGKILL);
    waitpid(recorder, NULL, 0);
    close(input[0]);
    close(input[1]);
    return r;
}

static void a_password_goes_to_no_server_with_a_wrong_certificate(void **state)
{
    (void)state;
    char record[160];
    assert_int_equal(sign_in_at_recorder("stranger", record, sizeof record), RESULT_UNAVAILABLE);
    assert_false(holds(record, citizen.password));
    assert_int_equal(sign_in_at_recorder("misnamed", record, sizeof record), RESULT_UNAVAILABLE);
    assert_false(holds(record, citizen.password));
    /* The recorder does see it where everything is right. */
    assert_int_equal(sign_in_at_recorder("good", record, sizeof record), RESULT_UNAVAILABLE);
    assert_true(holds(record, citizen.password));
}

/* A peer in plain TCP: sends its answer to the first bytes and keeps all that it hears. */
struct peer {
    int listener, port;
    const char *answer;
    size_t answer_len;
    char heard[8192];
    size_t heard_len;
};

static void *serve(void *arg)
{
    struct peer *p = arg;
    int fd = accept(p->listener, NULL, NULL);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    bool answered = p->answer_len == 0;
    while (fd >= 0 && poll(&wait, 1, 3000) > 0) {
        ssize_t n = read(fd, p->heard + p->heard_len, sizeof p->heard - p->heard_len);
        if (n <= 0)
            break;
        p->heard_len += (size_t)n;
        if (!answered && write(fd, p->answer, p->answer_len) == (ssize_t)p->answer_len)
            answered = true;
    }
    close(fd);
    return NULL;
}

static enum result sign_in_at_peer(struct peer *p, const char *scheme, bool start_tls)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    char uri[64];
    pthread_t thread;
    p->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(p->listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(p->listener, 1), 0);
    assert_int_equal(getsockname(p->listener, (struct sockaddr *)&address, &len), 0);
    snprintf(uri, sizeof uri, "%s://127.0.0.1:%d", scheme, ntohs(address.sin_port));
    assert_int_equal(pthread_create(&thread, NULL, serve, p), 0);
    int64_t began = clock_monotonic_ms();
    enum result r = sign_in(config(uri, start_tls, ca_file));
    int64_t took = clock_monotonic_ms() - began;
    pthread_join(thread, NULL);
    close(p->listener);
    assert_true(took < 1800);
    return r;
}

static bool heard(const struct peer *p, const char *text)
{
    return memmem(p->heard, p->heard_len, text, strlen(text)) != NULL;
}

/* LDAP_OPT_NETWORK_TIMEOUT would hang here for minutes. */
static void a_peer_that_never_shakes_hands_is_given_up_at_the_deadline(void **state)
{
    (void)state;
    struct peer silent = {.answer_len = 0};
    assert_int_equal(sign_in_at_peer(&silent, "ldaps", false), RESULT_UNAVAILABLE);
    assert_true(silent.heard_len > 0);
    struct peer half = {.answer = "\x16\x03\x03\x40\x00\x02", .answer_len = 6};
    assert_int_equal(sign_in_at_peer(&half, "ldaps", false), RESULT_UNAVAILABLE);
    struct peer mute = {.answer_len = 0};
    assert_int_equal(sign_in_at_peer(&mute, "ldap", true), RESULT_UNAVAILABLE);
    struct peer stalled = {.answer = "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00",
                           .answer_len = 14};
    assert_int_equal(sign_in_at_peer(&stalled, "ldap", true), RESULT_UNAVAILABLE);
    assert_false(heard(&silent, citizen.password) || heard(&half, citizen.password) ||
                 heard(&mute, citizen.password) || heard(&stalled, citizen.password));
}

/* An attacker in between answers that there is no TLS here. */
static void a_refused_start_tls_is_not_followed_by_a_password_in_clear(void **state)
{
    (void)state;
    static const char refusals[][15] = {
        "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x02\x04\x00\x04\x00", /* protocol error */
        "\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x34\x04\x00\x04\x00", /* unavailable */
        "\x30\x0c\x02\x01\x01\x61\x07\x0a\x01\x00\x04\x00\x04\x00", /* success, but of a bind */
    };
    for (size_t i = 0; i < 3; i++) {
        struct peer p = {.answer = refusals[i], .answer_len = 14};
        assert_int_equal(sign_in_at_peer(&p, "ldap", true), RESULT_UNAVAILABLE);
        assert_true(p.heard_len > 0);
        assert_false(heard(&p, citizen.password));
    }
}

/* The peer in the tests above does hear a password that is sent in clear. */
static void without_tls_the_peer_hears_the_password(void **state)
{
    (void)state;
    struct peer p = {.answer = "\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00", .answer_len = 14};
    assert_int_equal(sign_in_at_peer(&p, "ldap", false), RESULT_UNAVAILABLE);
    assert_true(heard(&p, citizen.password));
}

/* What comes is no LDAP at all. */
static void a_server_that_talks_nonsense_is_an_outage(void **state)
{
    (void)state;
    static const char *const nonsense[] = {"HTTP/1.1 400 Bad Request\r\n\r\n",
                                           "\x30\x84\xff\xff\xff\xff\x02\x01"};
    for (size_t i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        struct peer p = {.answer = nonsense[i], .answer_len = strlen(nonsense[i])};
        assert_int_equal(sign_in_at_peer(&p, "ldap", false), RESULT_UNAVAILABLE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_way_to_the_directory_works),
        cmocka_unit_test(a_certificate_that_nobody_vouches_for_is_refused),
        cmocka_unit_test(no_environment_turns_the_checks_off),
        cmocka_unit_test(a_password_goes_to_no_server_with_a_wrong_certificate),
        cmocka_unit_test(a_peer_that_never_shakes_hands_is_given_up_at_the_deadline),
        cmocka_unit_test(a_refused_start_tls_is_not_followed_by_a_password_in_clear),
        cmocka_unit_test(without_tls_the_peer_hears_the_password),
        cmocka_unit_test(a_server_that_talks_nonsense_is_an_outage),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
