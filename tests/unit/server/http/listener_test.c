/* What honest clients do. */
#include "tests/unit/server/http/raw.h"

static void a_request_is_answered_with_the_fixed_headers(void **state)
{
    (void)state;
    struct answer *a = ASK("GET /now?a=1 HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 200);
    assert_string_equal(a->body, "a=1 from=127.0.0.1 issuer=https://sso.city.example body=0");
    assert_true(has_header(a, "X-Content-Type-Options: nosniff"));
    assert_true(has_header(a, "Cache-Control: no-store"));
    assert_true(has_header(a, "Content-Type: text/plain"));
    assert_null(strcasestr(a->head, "\r\nServer:"));
    assert_null(strcasestr(a->head, "\r\nAccess-Control-"));
}

static void a_page_may_not_be_framed_nor_run_foreign_script(void **state)
{
    (void)state;
    struct answer *a = ASK("GET /page HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 200);
    assert_string_equal(a->body, "<h1>portal</h1>{}");
    assert_true(has_header(a, "X-Frame-Options: DENY"));
    assert_true(has_header(a, "Referrer-Policy: same-origin"));
    assert_true(has_header(a, "Cross-Origin-Opener-Policy: same-origin"));
    assert_true(has_header(
        a,
        "Content-Security-Policy: default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "script-src 'self'; font-src 'self'; form-action 'self' https://app.example; frame-ancestors 'none'; "
        "base-uri 'none'"));
    assert_true(
        has_header(a, "Set-Cookie: __Host-onedoor-session=abc; Path=/; Secure; HttpOnly; SameSite=Lax"));
    assert_true(has_header(a, "Content-Type: text/html; charset=utf-8"));
}

/* By which the log's line is found; what is answered from memory by the ten thousand has no line. */
static void what_is_logged_has_a_reference(void **state)
{
    (void)state;
    assert_non_null(strstr(ASK("GET /quick HTTP/1.1\r\n" HOST "\r\n")->head, "\r\nX-Request-Id: "));
    assert_non_null(strstr(ASK("GET /page HTTP/1.1\r\n" HOST "\r\n")->head, "\r\nX-Request-Id: "));
    assert_non_null(strstr(ASK("GET /nowhere HTTP/1.1\r\n" HOST "\r\n")->head, "\r\nX-Request-Id: "));
    assert_non_null(strstr(ASK("GET /now?a=%00 HTTP/1.1\r\n" HOST "\r\n")->head, "\r\nX-Request-Id: "));
    log_setup(LOG_LEVEL_INFO, LOG_FORMAT_LOGFMT);
    assert_null(strstr(ASK("GET /now HTTP/1.1\r\n" HOST "\r\n")->head, "X-Request-Id"));
    log_setup(LOG_LEVEL_DEBUG, LOG_FORMAT_LOGFMT);
    assert_non_null(strstr(ASK("GET /now HTTP/1.1\r\n" HOST "\r\n")->head, "\r\nX-Request-Id: "));
    log_setup(LOG_LEVEL_ERROR, LOG_FORMAT_LOGFMT);
}

static void a_form_is_read_by_a_worker(void **state)
{
    (void)state;
    struct answer *a = ASK("POST /quick HTTP/1.1\r\n" HOST FORM "Content-Length: 7\r\n\r\na=%41+b");
    assert_int_equal(a->status, 200);
    assert_string_equal(a->body, "a=A b from=127.0.0.1 issuer=https://sso.city.example body=7");
    assert_true(has_header(a, "Cache-Control: public, max-age=300"));
    assert_true(has_header(a, "Access-Control-Allow-Origin: *"));
}

static void a_chunked_form_is_put_together(void **state)
{
    (void)state;
    struct answer *a = ASK("POST /quick HTTP/1.1\r\n" HOST FORM "Transfer-Encoding: chunked\r\n\r\n"
                           "2\r\na=\r\n3;x=y\r\nxyz\r\n1\r\n!\r\n0\r\nTrailer: z\r\n\r\n");
    assert_int_equal(a->status, 200);
    assert_memory_equal(a->body, "a=xyz! ", 7);
}

static void a_connection_lasts_over_answers_of_every_kind(void **state)
{
    (void)state;
    int fd = dial();
    for (int i = 0; i < 3; i++) {
        SEND(fd, "GET /now HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(read_answer(fd)->status, 200);
        SEND(fd, "GET /quick HTTP/1.1\r\n" HOST "\r\n");
        assert_int_equal(read_answer(fd)->status, 200);
        SEND(fd, "POST /nowhere HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\n\r\na=1");
        assert_int_equal(read_answer(fd)->status, 404);
        SEND(fd, "PUT /now HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\na=1");
        assert_int_equal(read_answer(fd)->status, 405);
        SEND(fd,
             "POST /now HTTP/1.1\r\n" HOST "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");
        assert_int_equal(read_answer(fd)->status, 400);
        SEND(fd, "POST /now HTTP/1.1\r\n" HOST FORM "Content-Length: 7\r\n\r\na=1&a=2");
        assert_int_equal(read_answer(fd)->status, 400);
    }
    close(fd);
}

/* 16 KiB in as many headers as may be, and a page's headers for an answer: on a connection that lasts. */
static void a_large_head_is_taken(void **state)
{
    (void)state;
    enum { WHOLE = 16 * 1024, HEADERS = 60 };
    static char head[WHOLE + 1];
    size_t at = (size_t)snprintf(head, sizeof head, "GET /page HTTP/1.1\r\n" HOST);
    for (size_t i = 0; i < HEADERS; i++) {
        size_t each = (WHOLE - 2 - at) / (HEADERS - i) - (sizeof "X-00: \r\n" - 1);
        at += (size_t)snprintf(head + at, sizeof head - at, "X-%02zu: ", i);
        memset(head + at, 'x', each);
        at += each;
        at += (size_t)snprintf(head + at, sizeof head - at, "\r\n");
    }
    at += (size_t)snprintf(head + at, sizeof head - at, "\r\n");
    assert_int_equal(at, WHOLE);
    int fd = dial();
    for (int i = 0; i < 3; i++) {
        send_bytes(fd, head, at);
        assert_int_equal(read_answer(fd)->status, 200);
    }
    close(fd);
}

static void pipelined_requests_are_answered_in_order(void **state)
{
    (void)state;
    int fd = dial();
    SEND(fd, "GET /quick?a=1 HTTP/1.1\r\n" HOST "\r\nPOST /quick HTTP/1.1\r\n" HOST FORM
             "Content-Length: 3\r\n\r\na=2GET /now?a=3 HTTP/1.1\r\n" HOST
             "\r\nGET /gate?a=4 HTTP/1.1\r\n" HOST "\r\n");
    for (char i = '1'; i <= '3'; i++) {
        struct answer *a = read_answer(fd);
        assert_int_equal(a->status, 200);
        assert_int_equal(a->body[2], i);
    }
    atomic_store(&gate_open, true);
    assert_int_equal(read_answer(fd)->body[2], '4');
    close(fd);
}

static void head_is_get_without_the_body(void **state)
{
    (void)state;
    int fd = dial();
    SEND(fd, "HEAD /now?a=1 HTTP/1.1\r\n" HOST "\r\nGET /now?a=2 HTTP/1.1\r\n" HOST "\r\n");
    struct answer *a = read_one(fd, true);
    assert_int_equal(a->status, 200);
    assert_true(has_header(a, "Content-Length: 57"));
    assert_int_equal(read_answer(fd)->body[2], '2');
    close(fd);
}

static void a_preflight_names_what_is_allowed(void **state)
{
    (void)state;
    struct answer *a = ASK("OPTIONS /quick HTTP/1.1\r\n" HOST "Origin: https://spa.example\r\n"
                           "Access-Control-Request-Method: POST\r\n\r\n");
    assert_int_equal(a->status, 204);
    assert_true(has_header(a, "Access-Control-Allow-Origin: *"));
    assert_true(has_header(a, "Access-Control-Allow-Methods: GET, HEAD, POST"));
    assert_true(has_header(a, "Access-Control-Allow-Headers: authorization, content-type"));
    assert_null(strcasestr(a->head, "Allow-Credentials"));
    assert_int_equal(ASK("OPTIONS /now HTTP/1.1\r\n" HOST "\r\n")->status, 405);
}

static void a_wrong_method_is_told_the_right_ones(void **state)
{
    (void)state;
    struct answer *a = ASK("DELETE /greedy HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 405);
    assert_true(has_header(a, "Allow: GET, HEAD"));
}

static void a_problem_is_json_for_programs_and_a_page_for_people(void **state)
{
    (void)state;
    struct answer *a = ASK("GET /quick?a=1&a=2 HTTP/1.1\r\n" HOST "Accept: text/html\r\n\r\n");
    assert_int_equal(a->status, 400);
    assert_true(has_header(a, "Content-Type: application/json"));
    assert_true(has_header(a, "Cache-Control: no-store"));
    assert_string_equal(a->body, "{\"error\":\"invalid_request\",\"error_description\":"
                                 "\"A parameter or cookie was sent more than once.\"}");
    a = ASK("GET /page?a=1&a=2 HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 400);
    const char *page = "<h1>error</h1>{\"code\":\"invalid_request\",\"problem\":\"parameter_twice\"";
    assert_memory_equal(a->body, page, strlen(page));
    assert_null(strstr(a->head, "Set-Cookie"));
    a = ASK("GET /nowhere HTTP/1.1\r\n" HOST "Accept: text/html\r\n\r\n");
    assert_int_equal(a->status, 404);
    assert_memory_equal(a->body, "<h1>error</h1>", 14);
    assert_true(has_header(a, "X-Frame-Options: DENY"));
}

static void a_client_that_asks_before_it_sends_is_told_at_once(void **state)
{
    (void)state;
    int fd = dial();
    SEND(fd, "POST /quick HTTP/1.1\r\n" HOST FORM "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assert_int_equal(read_answer(fd)->status, 100);
    SEND(fd, "a=1");
    assert_int_equal(read_answer(fd)->status, 200);
    SEND(fd, "POST /nowhere HTTP/1.1\r\n" HOST FORM "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    assert_int_equal(read_answer(fd)->status, 404);
    assert_true(is_closed(fd));
    close(fd);
}

static void a_large_answer_arrives_whole(void **state)
{
    (void)state;
    struct answer *a = ASK("GET /much HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(a->status, 200);
    assert_int_equal(a->body_len, BIG);
    assert_int_equal(a->body[BIG - 1], 'x');
    assert_true(has_header(a, "Cache-Control: public, max-age=3600"));
}

static void old_clients_may_leave_out_the_host(void **state)
{
    (void)state;
    int fd = dial();
    SEND(fd, "GET /now?a=1 HTTP/1.0\r\n\r\n");
    assert_int_equal(read_answer(fd)->status, 200);
    assert_true(is_closed(fd));
    close(fd);
}

static void a_forged_host_or_forwarded_header_changes_nothing(void **state)
{
    (void)state;
    struct answer *a = ASK("GET /now HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: evil.example\r\n"
                           "X-Forwarded-For: 6.6.6.6\r\nX-Request-Id: mine\r\n\r\n");
    assert_string_equal(a->body, "a= from=127.0.0.1 issuer=https://sso.city.example body=0");
    assert_null(strstr(a->head, "evil"));
    assert_null(strstr(a->head, "mine"));
}

static void a_trusted_proxy_may_say_for_whom_it_speaks(void **state)
{
    stop_server(state);
    pools = start_pools();
    struct listener_config config = test_config();
    config.trusted_proxies = STR("127.0.0.1");
    assert_int_equal(start_listener(&config), 0);
    struct answer *a = ASK("GET /now HTTP/1.1\r\n" HOST "X-Forwarded-For: 6.6.6.6, 192.0.2.7\r\n\r\n");
    assert_string_equal(a->body, "a= from=192.0.2.7 issuer=https://sso.city.example body=0");
}

static void a_handler_goes_where_it_may_wait(void **state)
{
    (void)state;
    struct answer *a = ASK("POST /moving?a=1 HTTP/1.1\r\n" HOST FORM "Content-Length: 3\r\n\r\nb=2");
    assert_int_equal(a->status, 200);
    assert_string_equal(a->body, "a= from=127.0.0.1 issuer=https://sso.city.example body=3");
    assert_int_equal(atomic_load(&gated), 3);
    const char *once = strstr(a->head, "X-Place");
    assert_non_null(once);
    assert_null(strstr(once + 1, "X-Place"));
}

static void programs_may_name_their_requests(void **state)
{
    (void)state;
    struct answer *a =
        ASK("POST /json HTTP/1.1\r\n" HOST "Content-Type: application/json\r\nContent-Length: 2\r\n"
            "X-Request-ID: bfe9eb29-ab87\r\n\r\n{}");
    assert_int_equal(a->status, 200);
    assert_non_null(strstr(a->head, "X-Request-Id: bfe9eb29-ab87\r\n"));
    a = ASK("POST /json HTTP/1.1\r\n" HOST FORM
            "Content-Length: 3\r\nX-Request-ID: with spaces: 7\r\n\r\na=1");
    assert_int_equal(a->status, 400);
    assert_non_null(strstr(a->body, "application/json"));
    assert_non_null(strstr(a->head, "X-Request-Id: with spaces: 7\r\n"));
    a = ASK("GET /json HTTP/1.1\r\n" HOST "X-Request-ID: one\r\n\r\n");
    assert_int_equal(a->status, 405);
    assert_non_null(strstr(a->head, "X-Request-Id: one\r\n"));
}

static void a_name_that_cannot_be_repeated_is_not(void **state)
{
    (void)state;
    struct answer *a = ASK("GET /json HTTP/1.1\r\n" HOST "X-Request-ID: \xc3\xa4\r\n\r\n");
    assert_null(strstr(a->head, "X-Request-Id: \xc3"));
    assert_non_null(strstr(a->head, "X-Request-Id: "));
    a = ASK("GET /json HTTP/1.1\r\n" HOST "X-Request-ID: a\r\nX-Request-ID: b\r\n\r\n");
    assert_null(strstr(a->head, "X-Request-Id: a\r\n"));
    char long_name[256];
    snprintf(long_name, sizeof long_name, "GET /json HTTP/1.1\r\n" HOST "X-Request-ID: %0129d\r\n\r\n", 0);
    int fd = dial();
    send_bytes(fd, long_name, strlen(long_name));
    assert_null(strstr(read_answer(fd)->head, "0000000000"));
    close(fd);
}

static void references_differ(void **state)
{
    (void)state;
    char first[64];
    struct answer *a = ASK("GET /quick HTTP/1.1\r\n" HOST "\r\n");
    snprintf(first, sizeof first, "%.24s", strstr(a->head, "X-Request-Id: "));
    assert_int_equal(strlen(first), 24);
    a = ASK("GET /quick HTTP/1.1\r\n" HOST "\r\n");
    assert_null(strstr(a->head, first));
}

static void a_server_that_quiesces_finishes_what_it_began(void **state)
{
    (void)state;
    int idle = dial(), busy = dial();
    SEND(idle, "GET /now HTTP/1.1\r\n" HOST "\r\n");
    assert_int_equal(read_answer(idle)->status, 200);
    SEND(busy, "GET /gate HTTP/1.1\r\n" HOST "\r\nGET /gate HTTP/1.1\r\n" HOST "\r\n");
    wait_for(&gated, 1);
    assert_int_equal(listener_busy(listener), 1);
    listener_quiesce(listener);
    assert_true(is_closed(idle));
    atomic_store(&gate_open, true);
    struct answer *a = read_answer(busy);
    assert_int_equal(a->status, 200);
    assert_true(has_header(a, "Connection: close"));
    assert_true(is_closed(busy));
    assert_int_equal(atomic_load(&passed), 1);
    close(idle);
    close(busy);
}

static void what_cannot_be_listened_on_is_told(void **state)
{
    (void)state;
    const char *why = NULL;
    struct listener_config config = test_config();
    config.port = listener_port(listener);
    assert_null(listener_start(&config, &why));
    assert_string_equal(why, "Address already in use");
    config.address = STR("localhost");
    assert_null(listener_start(&config, &why));
    config = test_config();
    config.trusted_proxies = STR("proxy.example");
    assert_null(listener_start(&config, &why));
    assert_string_equal(why, "trusted proxies must be addresses");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start_server, stop_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_answered_with_the_fixed_headers),
        TEST(a_page_may_not_be_framed_nor_run_foreign_script),
        TEST(what_is_logged_has_a_reference),
        TEST(a_form_is_read_by_a_worker),
        TEST(a_chunked_form_is_put_together),
        TEST(a_connection_lasts_over_answers_of_every_kind),
        TEST(a_large_head_is_taken),
        TEST(pipelined_requests_are_answered_in_order),
        TEST(head_is_get_without_the_body),
        TEST(a_preflight_names_what_is_allowed),
        TEST(a_wrong_method_is_told_the_right_ones),
        TEST(a_problem_is_json_for_programs_and_a_page_for_people),
        TEST(a_client_that_asks_before_it_sends_is_told_at_once),
        TEST(a_large_answer_arrives_whole),
        TEST(old_clients_may_leave_out_the_host),
        TEST(a_forged_host_or_forwarded_header_changes_nothing),
        TEST(a_trusted_proxy_may_say_for_whom_it_speaks),
        TEST(a_handler_goes_where_it_may_wait),
        TEST(programs_may_name_their_requests),
        TEST(a_name_that_cannot_be_repeated_is_not),
        TEST(references_differ),
        TEST(a_server_that_quiesces_finishes_what_it_began),
        TEST(what_cannot_be_listened_on_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
