/* What hostile and broken clients do. */
#include "tests/unit/server/http/raw.h"

#include <sys/resource.h>

/* Sent behind a request whose end is in doubt: it must never be taken for a request of its own. */
#define SMUGGLED "GET /now?a=smuggled HTTP/1.1\r\n" HOST "\r\n"

static struct listener_config impatient_config(void)
{
    struct listener_config config = test_config();
    config.idle_seconds = 1;
    config.request_seconds = 1;
    config.connections_per_source = 20;
    return config;
}

static int start_impatient(void **state)
{
    (void)state;
    log_setup(LOG_LEVEL_ERROR, LOG_FORMAT_LOGFMT);
    pools = start_pools();
    struct listener_config config = impatient_config();
    return start_listener(&config);
}

/* 0.9 of the library answers a bad Content-Length with a head inside a head: it is read as bytes. */
static void assert_refused_and_closed(const char *bytes, size_t len)
{
    char all[4096] = "";
    size_t got = 0;
    ssize_t n = 1;
    int fd = dial();
    send_bytes(fd, bytes, len);
    while (n > 0 && got < sizeof all - 1 && readable(fd, WAIT_MS)) {
        n = recv(fd, all + got, sizeof all - 1 - got, 0);
        got += n > 0 ? (size_t)n : 0;
    }
    all[got] = 0;
    bool refused = got == 0 || strncmp(all, "HTTP/1.1 400 ", 13) == 0;
    if (n > 0 || !refused || strstr(all, "HTTP/1.1 200"))
        print_error("%s\n was answered %s\n", bytes, all);
    assert_true(n <= 0 && refused);
    assert_null(strstr(all, "HTTP/1.1 200"));
    close(fd);
}

#define REFUSED(literal) assert_refused_and_closed((literal), sizeof(literal) - 1)

static void a_request_with_two_ends_is_refused_and_nothing_behind_it_is_read(void **state)
{
    (void)state;
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 0\r\nContent-Length: 60\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\nContent-Length: 3\r\n\r\na=1" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Transfer-Encoding: \x0b"
            "chunked\r\n\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.0\r\n" HOST FORM "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length : 3\r\n\r\na=1" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" SMUGGLED);
}

static void a_length_that_is_no_plain_number_is_refused(void **state)
{
    (void)state;
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: +3\r\n\r\na=1" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: -3\r\n\r\na=1" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 3, 3\r\n\r\na=1" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 0x3\r\n\r\na=1" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length:\r\n\r\na=1" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 3\0 4\r\n\r\na=1" SMUGGLED);
}

static void line_ends_that_servers_read_differently_are_refused(void **state)
{
    (void)state;
    REFUSED("GET /now HTTP/1.1\r\n" HOST "X: a\rContent-Length: 5\r\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST "X: a\nContent-Length: 5\r\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\n" HOST "\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST "\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\nHost: a\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST "X: a\r\n folded\r\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n Y: z\r\n" HOST "\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST "no colon\r\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST ": no name\r\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST "X: a\0b\r\n\r\n" SMUGGLED);
    REFUSED("GET /now HTTP/1.1\r\n" HOST "X\0: b\r\n\r\n" SMUGGLED);
    REFUSED("GET /now\0/x HTTP/1.1\r\n" HOST "\r\n" SMUGGLED);
    REFUSED("GET /now\r/x HTTP/1.1\r\n" HOST "\r\n" SMUGGLED);
}

static void malformed_chunks_end_the_connection(void **state)
{
    (void)state;
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM
            "Transfer-Encoding: chunked\r\n\r\n+3\r\na=1\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM
            "Transfer-Encoding: chunked\r\n\r\n0x3\r\na=1\r\n0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM
            "Transfer-Encoding: chunked\r\n\r\n3\r\na=1XX0\r\n\r\n" SMUGGLED);
    REFUSED("POST /now HTTP/1.1\r\n" HOST FORM
            "Transfer-Encoding: chunked\r\n\r\n\r\na=1\r\n0\r\n\r\n" SMUGGLED);
}

static void targets_and_hosts_out_of_order_are_refused(void **state)
{
    (void)state;
    REFUSED("GET /now HTTP/1.1\r\n\r\n");
    REFUSED("GET /now HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    REFUSED("GET http://evil.example/now HTTP/1.1\r\n" HOST "\r\n");
    REFUSED("GET now HTTP/1.1\r\n" HOST "\r\n");
    REFUSED("OPTIONS * HTTP/1.1\r\n" HOST "\r\n");
    REFUSED("CONNECT evil.example:443 HTTP/1.1\r\n" HOST "\r\n");
    REFUSED("GET /now#x HTTP/1.1\r\n" HOST "\r\n");
    REFUSED("GET /\xe4\xb8\x80 HTTP/1.1\r\n" HOST "\r\n");
    REFUSED("GET /a b HTTP/1.1\r\n" HOST "\r\n");
    REFUSED("GET\r\n\r\n");
    REFUSED("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n");
}

static void paths_are_never_normalised(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET //now HTTP/1.1\r\n" HOST "\r\n")->status, 404);
    assert_int_equal(ASK("GET /x/../now HTTP/1.1\r\n" HOST "\r\n")->status, 404);
    assert_int_equal(ASK("GET /%6eow HTTP/1.1\r\n" HOST "\r\n")->status, 404);
    assert_int_equal(ASK("GET /now%00 HTTP/1.1\r\n" HOST "\r\n")->status, 404);
    assert_int_equal(ASK("GET /now;x=y HTTP/1.1\r\n" HOST "\r\n")->status, 404);
    assert_int_equal(ASK("GET /NOW HTTP/1.1\r\n" HOST "\r\n")->status, 404);
}

static void a_body_without_end_is_bounded(void **state)
{
    (void)state;
    char head[] = "POST /now HTTP/1.1\r\n" HOST FORM "Transfer-Encoding: chunked\r\n\r\n",
         chunk[4096 + 8] = "1000\r\n";
    memset(chunk + 6, 'a', 4096);
    memcpy(chunk + 6 + 4096, "\r\n", 2);
    int fd = dial();
    send_bytes(fd, head, sizeof head - 1);
    send_bytes(fd, chunk, sizeof chunk);
    send_bytes(fd, chunk, sizeof chunk);
    SEND(fd, "0\r\n\r\n");
    assert_int_equal(read_answer(fd)->status, 413);
    send_bytes(fd, head, sizeof head - 1);
    int sent = 0;
    while (sent < 10000 && send_bytes(fd, chunk, sizeof chunk))
        sent++;
    assert_true(sent < 10000);
    close(fd);
}

static void a_body_that_announces_too_much_is_refused(void **state)
{
    (void)state;
    int fd = dial();
    SEND(fd, "POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 999999999999\r\n\r\n");
    assert_int_equal(read_answer(fd)->status, 413);
    assert_true(is_closed(fd));
    close(fd);
}

static void answer_to_repeated(const char *before, const char *piece, size_t times, const char *after,
                               int expected, int or_else)
{
    int fd = dial();
    bool open = send_bytes(fd, before, strlen(before));
    for (size_t i = 0; open && i < times; i++)
        open = send_bytes(fd, piece, strlen(piece));
    if (open)
        send_bytes(fd, after, strlen(after));
    int status = read_answer(fd)->status;
    if (status != expected && status != or_else)
        print_error("answered %d\n", status);
    assert_true(status == expected || status == or_else);
    close(fd);
}

static void headers_without_end_are_bounded(void **state)
{
    (void)state;
    /* 0: the answer was lost in the reset that follows bytes nobody reads. */
    answer_to_repeated("GET /now HTTP/1.1\r\n" HOST "X: ", "aaaaaaaaaaaaaaaa", 65536, "\r\n\r\n", 431, 0);
    answer_to_repeated("GET /", "aaaaaaaaaaaaaaaa", 65536, " HTTP/1.1\r\n" HOST "\r\n", 414, 0);
    answer_to_repeated("GET /now HTTP/1.1\r\n" HOST, "X: y\r\n", 10000, "\r\n", 431, 0);
    answer_to_repeated("GET /now HTTP/1.1\r\n" HOST, "X: y\r\n", PAIRS_MAX - 1, "\r\n", 200, 200);
    answer_to_repeated("GET /now HTTP/1.1\r\n" HOST, "X: y\r\n", PAIRS_MAX, "\r\n", 400, 400);
}

static void cookies_that_the_library_cannot_copy_end_the_connection_and_leak_nothing(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET /now HTTP/1.1\r\n" HOST "\r\n")->status, 200);
    answer_to_repeated("GET /now HTTP/1.1\r\n" HOST "Cookie: a=", "aaaaaaaaaaaaaaaa", 1200, "\r\n\r\n", 431,
                       0);
    answer_to_repeated("GET /now HTTP/1.1\r\nCookie: a=", "aaaaaaaaaaaaaaaa", 1200,
                       "\r\nContent-Length: +\r\n\r\n", 431, 0);
}

static void sixteen_kilobytes_of_headers_are_taken(void **state)
{
    (void)state;
    answer_to_repeated("GET /now HTTP/1.1\r\n" HOST "X: ", "aaaaaaaaaaaaaaaa", 1000, "\r\n\r\n", 200, 200);
    answer_to_repeated("GET /now?a=", "aaaaaaaaaaaaaaaa", 1000, " HTTP/1.1\r\n" HOST "\r\n", 200, 200);
    answer_to_repeated("GET /now HTTP/1.1\r\n" HOST "Cookie: a=", "aaaaaaaaaaaaaaaa", 500, "\r\n\r\n", 200,
                       200);
}

static void ten_thousand_parameters_are_refused(void **state)
{
    (void)state;
    answer_to_repeated("GET /now?", "a=b&", 10000, " HTTP/1.1\r\n" HOST "\r\n", 414, 431);
    answer_to_repeated("GET /now?", "a&", 3000, " HTTP/1.1\r\n" HOST "\r\n", 400, 400);
    answer_to_repeated("GET /now?", "a=b&", PAIRS_MAX + 1, " HTTP/1.1\r\n" HOST "\r\n", 400, 400);
    answer_to_repeated("POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 4000\r\n\r\n", "a=b&", 1000, "",
                       400, 400);
}

static void bytes_that_come_one_by_one_do_not_hold_a_connection(void **state)
{
    (void)state;
    const char *const slow[] = {"GET /now", "GET /now HTTP/1.1\r\n" HOST,
                                "POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 1000\r\n\r\na="};
    int fds[3];
    for (int i = 0; i < 3; i++) {
        fds[i] = dial();
        send_bytes(fds[i], slow[i], strlen(slow[i]));
    }
    /* Never silent for a second, so that only the deadline of the whole can end it. */
    bool open = true;
    for (int i = 0; i < 50 && open; i++) {
        poll(NULL, 0, 100);
        open = false;
        for (int j = 0; j < 3; j++)
            open = send_bytes(fds[j], "a", 1) || open;
    }
    assert_false(open);
    assert_int_equal(ASK("GET /now HTTP/1.1\r\n" HOST "\r\n")->status, 200);
    for (int i = 0; i < 3; i++)
        close(fds[i]);
}

static void a_silent_connection_is_closed(void **state)
{
    (void)state;
    int fd = dial();
    assert_true(is_closed(fd));
    close(fd);
}

static void an_answer_that_nobody_reads_is_given_up(void **state)
{
    (void)state;
    enum { MANY = 15 };
    int fds[MANY], tiny = 2048;
    for (int i = 0; i < MANY; i++) {
        struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(listener_port(listener))};
        sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        setsockopt(fds[i], SOL_SOCKET, SO_RCVBUF, &tiny, sizeof tiny);
        assert_int_equal(connect(fds[i], (struct sockaddr *)&sa, sizeof sa), 0);
        for (int j = 0; j < 20; j++)
            SEND(fds[i], "GET /much HTTP/1.1\r\n" HOST "\r\n");
    }
    poll(NULL, 0, 3000);
    assert_int_equal(listener_busy(listener), 0);
    for (int i = 0; i < MANY; i++)
        close(fds[i]);
}

static void a_handler_may_take_longer_than_a_request(void **state)
{
    (void)state;
    int fd = dial();
    SEND(fd, "GET /gate HTTP/1.1\r\n" HOST "\r\n");
    poll(NULL, 0, 3000);
    atomic_store(&gate_open, true);
    assert_int_equal(read_answer(fd)->status, 200);
    close(fd);
}

static void a_client_that_leaves_while_a_worker_runs_harms_nobody(void **state)
{
    (void)state;
    struct linger at_once = {1, 0};
    for (int i = 0; i < 3; i++) {
        int fd = dial();
        SEND(fd, "POST /gate HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\n\r\na=1");
        if (i == 0)
            wait_for(&gated, 1);
        else
            poll(NULL, 0, 50);
        if (i % 2 == 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(fd);
    }
    atomic_store(&gate_open, true);
    wait_for(&passed, 3);
    assert_int_equal(ASK("GET /gate HTTP/1.1\r\n" HOST "\r\n")->status, 200);
}

/* Of those that wait behind a first one, whoever left is not worked for where the answer was all he wanted.
 */
static void nobody_works_for_a_client_that_left_the_queue(void **state)
{
    (void)state;
    int first = dial(), leaver = dial(), stayer = dial();
    SEND(first, "GET /gate HTTP/1.1\r\n" HOST "\r\n");
    wait_for(&gated, 1);
    SEND(leaver, "GET /question HTTP/1.1\r\n" HOST "\r\n");
    SEND(stayer, "GET /question HTTP/1.1\r\n" HOST "\r\n");
    while (listener_busy(listener) < 3)
        poll(NULL, 0, 1);
    close(leaver);
    poll(NULL, 0, 20);
    atomic_store(&gate_open, true);
    assert_int_equal(read_answer(first)->status, 200);
    assert_int_equal(read_answer(stayer)->status, 200);
    assert_int_equal(atomic_load(&passed), 2);
    close(first);
    close(stayer);
}

static void a_request_that_needs_too_much_memory_is_refused(void **state)
{
    (void)state;
    struct answer *a = ASK("GET /greedy HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 503);
    assert_non_null(strstr(a->body, "temporarily_unavailable"));
    a = ASK("GET /greedy-page HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 503);
    assert_memory_equal(a->body, "<h1>error</h1>", 14);
}

static void a_handler_that_fails_us_is_a_clean_failure(void **state)
{
    (void)state;
    assert_int_equal(ASK("GET /nothing HTTP/1.1\r\n" HOST "\r\n")->status, 500);
    struct answer *a = ASK("GET /split?to=/x%0d%0aSet-Cookie:%20evil=1 HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 500);
    assert_memory_equal(a->body, "<h1>error</h1>", 14);
    assert_null(strstr(a->head, "evil"));
    a = ASK("GET /split?to=https://app.example/cb HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 303);
    assert_true(has_header(a, "Location: https://app.example/cb"));
}

static void one_source_cannot_take_every_connection(void **state)
{
    (void)state;
    int fds[25], served = 0;
    for (int i = 0; i < 25; i++) {
        fds[i] = dial();
        SEND(fds[i], "GET /now HTTP/1.1\r\n" HOST "\r\n");
        served += read_answer(fds[i])->status == 200 ? 1 : 0;
    }
    assert_int_equal(served, 20);
    for (int i = 0; i < 25; i++)
        close(fds[i]);
    poll(NULL, 0, 100);
    assert_int_equal(ASK("GET /now HTTP/1.1\r\n" HOST "\r\n")->status, 200);
}

static double cpu_seconds(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void running_out_of_descriptors_neither_spins_nor_kills(void **state)
{
    (void)state;
    struct rlimit before, few;
    getrlimit(RLIMIT_NOFILE, &before);
    int fd = dial();
    SEND(fd, "GET /now HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(read_answer(fd)->status, 200);
    int waiting = dial();
    few = before;
    few.rlim_cur = 3;
    poll(NULL, 0, 100);
    int queued = socket(AF_INET, SOCK_STREAM, 0);
    setrlimit(RLIMIT_NOFILE, &few);
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(listener_port(listener))};
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(queued, (struct sockaddr *)&sa, sizeof sa), 0);
    double start = cpu_seconds();
    poll(NULL, 0, 1000);
    double used = cpu_seconds() - start;
    setrlimit(RLIMIT_NOFILE, &before);
    assert_true(used < 0.3);
    SEND(queued, "GET /now HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(read_answer(queued)->status, 200);
    SEND(waiting, "GET /now HTTP/1.1\r\n" HOST "\r\n");
    close(queued);
    close(waiting);
    close(fd);
}

#define TEST(name)      cmocka_unit_test_setup_teardown(name, start_server, stop_server)
#define IMPATIENT(name) cmocka_unit_test_setup_teardown(name, start_impatient, stop_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_with_two_ends_is_refused_and_nothing_behind_it_is_read),
        TEST(a_length_that_is_no_plain_number_is_refused),
        TEST(line_ends_that_servers_read_differently_are_refused),
        TEST(malformed_chunks_end_the_connection),
        TEST(targets_and_hosts_out_of_order_are_refused),
        TEST(paths_are_never_normalised),
        TEST(a_body_without_end_is_bounded),
        TEST(a_body_that_announces_too_much_is_refused),
        TEST(headers_without_end_are_bounded),
        TEST(cookies_that_the_library_cannot_copy_end_the_connection_and_leak_nothing),
        TEST(sixteen_kilobytes_of_headers_are_taken),
        TEST(ten_thousand_parameters_are_refused),
        IMPATIENT(bytes_that_come_one_by_one_do_not_hold_a_connection),
        IMPATIENT(a_silent_connection_is_closed),
        IMPATIENT(an_answer_that_nobody_reads_is_given_up),
        IMPATIENT(a_handler_may_take_longer_than_a_request),
        TEST(a_client_that_leaves_while_a_worker_runs_harms_nobody),
        TEST(nobody_works_for_a_client_that_left_the_queue),
        TEST(a_request_that_needs_too_much_memory_is_refused),
        TEST(a_handler_that_fails_us_is_a_clean_failure),
        IMPATIENT(one_source_cannot_take_every_connection),
        TEST(running_out_of_descriptors_neither_spins_nor_kills),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
