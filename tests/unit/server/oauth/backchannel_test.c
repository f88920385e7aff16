/* One request to an application over real TLS, however it answers; and none where none may go. */
#include "server/oauth/backchannel.h"

#include "tests/unit/support/tls_receiver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TOKEN "eyJh.eyJi.c2ln"

static struct backchannel_config usual = {.connect_ms = 2000, .request_ms = 3000, .allow_private = true};

static int start(void **state)
{
    (void)state;
    usual.ca_file = receiver.ca_file;
    return receiver_start() ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    return receiver_stop();
}

static CURLcode perform(CURL *handle)
{
    int running = 1, left;
    CURLM *multi = libcurl.multi_init();
    assert_int_equal(libcurl.multi_add_handle(multi, handle), CURLM_OK);
    while (running > 0 && libcurl.multi_perform(multi, &running) == CURLM_OK)
        libcurl.multi_poll(multi, NULL, 0, 1000, NULL);
    CURLMsg *ended = libcurl.multi_info_read(multi, &left);
    assert_non_null(ended);
    CURLcode code = ended->data.result;
    libcurl.multi_remove_handle(multi, handle);
    libcurl.multi_cleanup(multi);
    return code;
}

static struct backchannel_answer tell_with(const struct backchannel_config *config, const char *uri)
{
    struct backchannel_call *c = backchannel_call_new(config, uri, STR(TOKEN), &usual);
    assert_non_null(c);
    assert_ptr_equal(backchannel_data(backchannel_handle(c)), &usual);
    struct backchannel_answer answer = backchannel_answered(c, perform(backchannel_handle(c)));
    backchannel_call_free(c);
    return answer;
}

static struct backchannel_answer tell(const struct backchannel_config *config, const char *path)
{
    char uri[128];
    snprintf(uri, sizeof uri, "https://127.0.0.1:%u%s", receiver.port, path);
    return tell_with(config, uri);
}

static void the_token_is_posted_as_a_form(void **state)
{
    (void)state;
    assert_int_equal(tell(&usual, "/200").outcome, BACKCHANNEL_DELIVERED);
    assert_string_equal(receiver.posted, "logout_token=" TOKEN);
    assert_int_equal(atomic_load(&receiver.wrong), 0);
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
        unsigned before = atomic_load(&receiver.requests);
        struct backchannel_answer answer = tell(&usual, rows[i].path);
        assert_int_equal(answer.outcome, rows[i].outcome);
        assert_int_equal(answer.status, rows[i].status);
        assert_int_equal(atomic_load(&receiver.requests), before + 1); /* a redirect leads nowhere */
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
    unsigned before = atomic_load(&receiver.requests);
    config.ca_file = receiver.other_ca;
    assert_int_equal(tell(&config, "/200").outcome, BACKCHANNEL_FAILED);
    config.ca_file = ""; /* the system's know nothing of ours */
    assert_int_equal(tell(&config, "/200").outcome, BACKCHANNEL_FAILED);
    assert_int_equal(atomic_load(&receiver.requests), before);
}

static void a_certificate_for_another_name_does_not_count(void **state)
{
    (void)state;
    char uri[64];
    snprintf(uri, sizeof uri, "https://localhost:%u/200", receiver.port);
    unsigned before = atomic_load(&receiver.requests);
    assert_int_equal(tell_with(&usual, uri).outcome, BACKCHANNEL_FAILED);
    assert_int_equal(atomic_load(&receiver.requests), before);
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
    int door = silent_listener(&number);
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
    int door = silent_listener(&number);
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
    int door = silent_listener(&number);
    hasty.connect_ms = hasty.request_ms = 300;
    snprintf(uri, sizeof uri, "https://127.0.0.1:%u/", number);
    struct backchannel_answer answer = tell_with(&hasty, uri);
    assert_int_equal(answer.outcome, BACKCHANNEL_FAILED);
    assert_string_equal(answer.why, libcurl.easy_strerror(CURLE_OPERATION_TIMEDOUT));
    close(door);
}

int main(void)
{
    const char *why;
    if (!curl_library_is_there(&why) || !curl_library_load(&why))
        return 1;
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
