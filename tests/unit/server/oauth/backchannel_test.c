/* One request to an application over real TLS, however it answers; and none where none may go. */
#include "server/oauth/backchannel.h"

#include "certs/local_ca.h"

#include <microhttpd.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TOKEN "eyJh.eyJi.c2ln"

static struct MHD_Daemon *daemon_;
static char folder[] = "/tmp/onedoor-backchannel-XXXXXX", ca_file[96], other_ca[96], pem[8192], key[8192];
static char posted[4096]; /* the body that came last */
static unsigned requests;
static struct backchannel_config usual = {.connect_ms = 2000, .request_ms = 3000, .allow_private = true};

/* What the receiver does with a request: /STATUS answers so; the others are named below. */
static enum MHD_Result respond(struct MHD_Connection *c, const char *path)
{
    static char big[64 * 1024];
    bool long_body = strcmp(path, "/long") == 0, many_headers = strcmp(path, "/headers") == 0;
    int status = atoi(path + 1);
    memset(big, 'x', sizeof big - 1);
    struct MHD_Response *r =
        MHD_create_response_from_buffer(long_body ? sizeof big : 2, (void *)big, MHD_RESPMEM_PERSISTENT);
    big[8000] = 0;
    for (int i = 0; many_headers && i < 8; i++)
        MHD_add_response_header(r, "X-Filler", big);
    if (status == 302)
        MHD_add_response_header(r, "Location", "/200");
    if (status == 503)
        MHD_add_response_header(r, "Retry-After", "77");
    enum MHD_Result queued = MHD_queue_response(c, status > 0 ? (unsigned)status : 200, r);
    MHD_destroy_response(r);
    return queued;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *c, const char *path, const char *method,
                              const char *version, const char *data, size_t *size, void **seen)
{
    (void)arg, (void)version;
    if (!*seen) {
        *seen = c;
        posted[0] = 0;
        return MHD_YES;
    }
    if (*size > 0) {
        strncat(posted, data, *size < sizeof posted - strlen(posted) - 1 ? *size : 0);
        *size = 0;
        return MHD_YES;
    }
    requests++;
    assert_string_equal(method, "POST");
    return respond(c, path);
}

static void read_file(const char *name, char *out, size_t room)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    out[fread(out, 1, room - 1, f)] = 0;
    fclose(f);
}

static int start(void **state)
{
    (void)state;
    const char *why = "";
    char other[64];
    if (!mkdtemp(folder))
        return -1;
    snprintf(other, sizeof other, "%s/other", folder);
    snprintf(ca_file, sizeof ca_file, "%s/ca.pem", folder);
    snprintf(other_ca, sizeof other_ca, "%s/ca.pem", other);
    assert_int_equal(mkdir(other, 0700), 0);
    assert_true(local_ca_make(folder, STR("127.0.0.1"), &why));
    assert_true(local_ca_make(other, STR("127.0.0.1"), &why));
    read_file("server.pem", pem, sizeof pem);
    read_file("server.key", key, sizeof key);
    usual.ca_file = ca_file;
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    daemon_ = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_TLS, 0, NULL, NULL, handle, NULL,
                               MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_HTTPS_MEM_CERT, pem,
                               MHD_OPTION_HTTPS_MEM_KEY, key, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
                               (size_t)256 * 1024, MHD_OPTION_END);
    return daemon_ ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    char command[96];
    MHD_stop_daemon(daemon_);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static unsigned port(void)
{
    return MHD_get_daemon_info(daemon_, MHD_DAEMON_INFO_BIND_PORT)->port;
}

static struct backchannel_answer tell_with(const struct backchannel_config *config, const char *uri)
{
    struct backchannel_call *c = backchannel_call_new(config, uri, STR(TOKEN), &requests);
    assert_non_null(c);
    assert_ptr_equal(backchannel_data(backchannel_handle(c)), &requests);
    struct backchannel_answer answer = backchannel_answered(c, curl_easy_perform(backchannel_handle(c)));
    backchannel_call_free(c);
    return answer;
}

static struct backchannel_answer tell(const struct backchannel_config *config, const char *path)
{
    char uri[128];
    snprintf(uri, sizeof uri, "https://127.0.0.1:%u%s", port(), path);
    return tell_with(config, uri);
}

static void the_token_is_posted_as_a_form(void **state)
{
    (void)state;
    assert_int_equal(tell(&usual, "/200").outcome, BACKCHANNEL_DELIVERED);
    assert_string_equal(posted, "logout_token=" TOKEN);
}

static void each_status_means_what_the_specification_says(void **state)
{
    (void)state;
    const struct {
        const char *path;
        int status;
        enum backchannel_outcome outcome;
    } rows[] = {
        {"/200", 200, BACKCHANNEL_DELIVERED}, {"/204", 204, BACKCHANNEL_DELIVERED},
        {"/400", 400, BACKCHANNEL_REFUSED},   {"/201", 201, BACKCHANNEL_FAILED},
        {"/302", 302, BACKCHANNEL_FAILED},    {"/401", 401, BACKCHANNEL_FAILED},
        {"/404", 404, BACKCHANNEL_FAILED},    {"/500", 500, BACKCHANNEL_FAILED},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned before = requests;
        struct backchannel_answer answer = tell(&usual, rows[i].path);
        assert_int_equal(answer.outcome, rows[i].outcome);
        assert_int_equal(answer.status, rows[i].status);
        assert_int_equal(requests, before + 1); /* a redirect leads nowhere */
    }
}

static void it_waits_as_long_as_it_is_asked_to(void **state)
{
    (void)state;
    struct backchannel_answer answer = tell(&usual, "/503");
    assert_int_equal(answer.outcome, BACKCHANNEL_FAILED);
    assert_int_equal(answer.retry_after, 77);
    assert_int_equal(tell(&usual, "/500").retry_after, 0);
}

static void answers_without_measure_are_broken_off(void **state)
{
    (void)state;
    const char *const paths[] = {"/long", "/headers"};
    for (int i = 0; i < 2; i++) {
        struct backchannel_answer answer = tell(&usual, paths[i]);
        assert_int_equal(answer.outcome, BACKCHANNEL_FAILED);
        assert_non_null(strstr(answer.why, "too long"));
    }
}

static void only_a_certificate_of_the_named_authority_counts(void **state)
{
    (void)state;
    struct backchannel_config config = usual;
    unsigned before = requests;
    config.ca_file = other_ca;
    assert_int_equal(tell(&config, "/200").outcome, BACKCHANNEL_FAILED);
    config.ca_file = ""; /* the system's know nothing of ours */
    assert_int_equal(tell(&config, "/200").outcome, BACKCHANNEL_FAILED);
    assert_int_equal(requests, before);
}

static void a_certificate_for_another_name_does_not_count(void **state)
{
    (void)state;
    char uri[64];
    snprintf(uri, sizeof uri, "https://localhost:%u/200", port());
    unsigned before = requests;
    assert_int_equal(tell_with(&usual, uri).outcome, BACKCHANNEL_FAILED);
    assert_int_equal(requests, before);
}

/* A listener that only counts who comes. */
static int count_door(unsigned *number)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_ANY)};
    socklen_t len = sizeof here;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(listen(fd, 8), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&here, &len), 0);
    *number = ntohs(here.sin_port);
    return fd;
}

static void addresses_that_are_not_allowed_are_not_even_dialled(void **state)
{
    (void)state;
    struct backchannel_config strict = usual;
    strict.allow_private = false;
    const struct {
        const char *host;
        const struct backchannel_config *config;
    } rows[] = {
        {"127.0.0.1", &strict},
        {"localhost", &strict},
        {"2130706433", &strict},
        {"0x7f.1", &strict},
        {"[::ffff:127.0.0.1]", &strict},
        {"[::1]", &strict},
        {"0.0.0.0", &usual},
        {"0.0.0.0", &strict},
        {"[::]", &usual},
    };
    unsigned number;
    int door = count_door(&number);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char uri[96];
        snprintf(uri, sizeof uri, "https://%s:%u/", rows[i].host, number);
        struct backchannel_answer answer = tell_with(rows[i].config, uri);
        assert_int_equal(answer.outcome, BACKCHANNEL_FAILED);
        assert_non_null(strstr(answer.why, "private"));
        assert_int_equal(accept(door, NULL, NULL), -1);
    }
    close(door);
}

static void nothing_but_https_is_spoken(void **state)
{
    (void)state;
    const char *const schemes[] = {"http", "ftp", "gopher", "telnet"};
    unsigned number;
    int door = count_door(&number);
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        char uri[64];
        snprintf(uri, sizeof uri, "%s://127.0.0.1:%u/", schemes[i], number);
        assert_int_equal(tell_with(&usual, uri).outcome, BACKCHANNEL_FAILED);
        assert_int_equal(accept(door, NULL, NULL), -1);
    }
    assert_int_equal(tell_with(&usual, "file:///etc/hostname").outcome, BACKCHANNEL_FAILED);
    close(door);
}

static void a_receiver_that_says_nothing_is_waited_for_so_long_and_no_longer(void **state)
{
    (void)state;
    struct backchannel_config hasty = usual;
    unsigned number;
    char uri[64];
    int door = count_door(&number);
    hasty.connect_ms = hasty.request_ms = 300;
    snprintf(uri, sizeof uri, "https://127.0.0.1:%u/", number);
    struct backchannel_answer answer = tell_with(&hasty, uri);
    assert_int_equal(answer.outcome, BACKCHANNEL_FAILED);
    assert_string_equal(answer.why, curl_easy_strerror(CURLE_OPERATION_TIMEDOUT));
    close(door);
}

int main(void)
{
    curl_global_init(CURL_GLOBAL_DEFAULT);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_token_is_posted_as_a_form),
        cmocka_unit_test(each_status_means_what_the_specification_says),
        cmocka_unit_test(it_waits_as_long_as_it_is_asked_to),
        cmocka_unit_test(answers_without_measure_are_broken_off),
        cmocka_unit_test(only_a_certificate_of_the_named_authority_counts),
        cmocka_unit_test(a_certificate_for_another_name_does_not_count),
        cmocka_unit_test(addresses_that_are_not_allowed_are_not_even_dialled),
        cmocka_unit_test(nothing_but_https_is_spoken),
        cmocka_unit_test(a_receiver_that_says_nothing_is_waited_for_so_long_and_no_longer),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
