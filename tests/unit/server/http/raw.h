/* A listener with routes for tests, and raw bytes to and from it. */
#ifndef ONEDOOR_TESTS_HTTP_RAW_H
#define ONEDOOR_TESTS_HTTP_RAW_H

#include "server/base/log.h"
#include "server/http/listener.h"
#include "server/pools.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FORM "Content-Type: application/x-www-form-urlencoded\r\n"
#define HOST "Host: sso.city.example\r\n"

enum { BIG = 300000, ANSWER_MAX = 512 * 1024, WAIT_MS = 5000 };

static struct pools *pools;
static struct listener *listener;
static atomic_int gated, passed;
static atomic_bool gate_open;

static void say(void *app, struct request *r, struct response *resp)
{
    (void)app;
    response_text(resp, 200, STR("text/plain"),
                  arena_printf(r->arena, "a=" STR_FMT " from=" STR_FMT " issuer=" STR_FMT " body=%zu",
                               STR_ARG(r->form.n > 0 ? pairs_get(&r->form, "a") : pairs_get(&r->query, "a")),
                               STR_ARG(r->source), STR_ARG(r->issuer), r->body.len));
}

static void wait_at_the_gate(void *app, struct request *r, struct response *resp)
{
    atomic_fetch_add(&gated, 1);
    while (!atomic_load(&gate_open))
        poll(NULL, 0, 1);
    say(app, r, resp);
    atomic_fetch_add(&passed, 1);
}

/* Wants to be where it may wait for the directory, one place after the other. */
static void move_on(void *app, struct request *r, struct response *resp)
{
    atomic_fetch_add(&gated, 1);
    response_header(resp, "X-Place", STR("left behind"));
    enum result may = request_may_wait(r, RUN_QUICK);
    if (may == RESULT_OK)
        may = request_may_wait(r, RUN_DIR);
    if (may == RESULT_OK)
        say(app, r, resp);
    else
        response_failure(resp, may);
}

static void show(void *app, struct request *r, struct response *resp)
{
    (void)app;
    response_view(resp, 200, "portal", json_new(r->arena));
    response_cookie(resp, "__Host-onedoor-session", STR("abc"), 0);
    resp->form_targets = STR("https://app.example");
}

static void eat_all_memory(void *app, struct request *r, struct response *resp)
{
    say(app, r, resp);
    while (arena_alloc(r->arena, 1000))
        ;
}

static void say_nothing(void *app, struct request *r, struct response *resp)
{
    (void)app, (void)r, (void)resp;
}

static void split(void *app, struct request *r, struct response *resp)
{
    response_redirect(resp, pairs_get(&r->query, "to"));
    (void)app;
}

static void say_much(void *app, struct request *r, struct response *resp)
{
    char *p = arena_alloc(r->arena, BIG);
    memset(p, 'x', BIG);
    response_text(resp, 200, STR("text/plain"), (struct str){p, BIG});
    (void)app;
}

#define ROUTE(p, m, k, w, b, c, o, h)                                                                        \
    {                                                                                                        \
        .path = (p), .methods = (m), .kind = (k), .where = (w), .body = (b), .body_max = 4096, .cache = (c), \
        .cors = (o), .handler = (h)                                                                          \
    }

static const struct route test_routes[] = {
    ROUTE("/now", HTTP_GET | HTTP_POST, ROUTE_API, RUN_NOW, BODY_FORM, CACHE_NO_STORE, CORS_NONE, say),
    ROUTE("/quick", HTTP_GET | HTTP_POST, ROUTE_API, RUN_QUICK, BODY_FORM, CACHE_MINUTES, CORS_ANY, say),
    ROUTE("/gate", HTTP_GET | HTTP_POST, ROUTE_API, RUN_DIR, BODY_FORM, CACHE_NO_STORE, CORS_NONE,
          wait_at_the_gate),
    {.path = "/question",
     .methods = HTTP_GET,
     .kind = ROUTE_API,
     .where = RUN_DIR,
     .when_gone = GONE_DROPPED,
     .handler = wait_at_the_gate},
    ROUTE("/page", HTTP_GET | HTTP_POST, ROUTE_PAGE, RUN_QUICK, BODY_FORM, CACHE_NO_STORE, CORS_NONE, show),
    ROUTE("/greedy", HTTP_GET, ROUTE_API, RUN_QUICK, BODY_NONE, CACHE_NO_STORE, CORS_NONE, eat_all_memory),
    ROUTE("/greedy-page", HTTP_GET, ROUTE_PAGE, RUN_QUICK, BODY_NONE, CACHE_NO_STORE, CORS_NONE,
          eat_all_memory),
    ROUTE("/nothing", HTTP_GET, ROUTE_API, RUN_NOW, BODY_NONE, CACHE_NO_STORE, CORS_NONE, say_nothing),
    ROUTE("/split", HTTP_GET, ROUTE_PAGE, RUN_NOW, BODY_NONE, CACHE_NO_STORE, CORS_NONE, split),
    ROUTE("/moving", HTTP_POST, ROUTE_NAMED, RUN_NOW, BODY_FORM, CACHE_NO_STORE, CORS_NONE, move_on),
    ROUTE("/json", HTTP_POST, ROUTE_NAMED, RUN_NOW, BODY_JSON, CACHE_NO_STORE, CORS_NONE, say),
    ROUTE("/much", HTTP_GET, ROUTE_API, RUN_QUICK, BODY_NONE, CACHE_STATIC, CORS_NONE, say_much),
};

static void render_test_view(void *app, const struct request *req, struct response *resp)
{
    struct str parts[] = {STR("<h1>"), str_of(resp->view), STR("</h1>"),
                          json_text(resp->arena, resp->view_data)};
    resp->body = arena_join(resp->arena, parts, sizeof parts / sizeof parts[0]);
    (void)app, (void)req;
}

static inline struct pools *start_pools(void)
{
    return pools_start(&(struct pools_config){
        .quick_threads = 2, .dir_threads = 1, .quick = {50, 60000}, .dir = {2, 60000}});
}

static inline struct listener_config test_config(void)
{
    return (struct listener_config){
        .address = STR("127.0.0.1"),
        .issuer = STR("https://sso.city.example"),
        .threads = 2,
        .connections_max = 200,
        .connections_per_source = 100,
        .idle_seconds = 10,
        .request_seconds = 10,
        .arena_max = 512 * 1024,
        .routes = test_routes,
        .route_count = sizeof test_routes / sizeof test_routes[0],
        .pools = pools,
        .has_room = pools_have_room,
        .submit = pools_submit,
        .render = render_test_view,
    };
}

static inline int start_listener(const struct listener_config *config)
{
    const char *why;
    atomic_store(&gated, 0);
    atomic_store(&passed, 0);
    atomic_store(&gate_open, false);
    listener = listener_start(config, &why);
    return listener ? 0 : -1;
}

static inline int start_server(void **state)
{
    (void)state;
    log_setup(LOG_LEVEL_ERROR, LOG_FORMAT_LOGFMT);
    pools = start_pools();
    struct listener_config config = test_config();
    return start_listener(&config);
}

/* In the order of the server itself. */
static inline int stop_server(void **state)
{
    (void)state;
    atomic_store(&gate_open, true);
    listener_stop(listener);
    pools_drain_and_stop(pools);
    return 0;
}

static inline int dial(void)
{
    struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons(listener_port(listener))};
    sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof sa), 0);
    return fd;
}

static inline bool send_bytes(int fd, const char *p, size_t len)
{
    while (len > 0) {
        ssize_t n = send(fd, p, len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

#define SEND(fd, literal) send_bytes((fd), (literal), sizeof(literal) - 1)

/* Whether something, or the end, can be read within the time. */
static inline bool readable(int fd, int ms)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, ms) == 1;
}

/* Whether the server has ended the connection: nothing more comes, but the end. */
static inline bool is_closed(int fd)
{
    char c;
    return readable(fd, WAIT_MS) && recv(fd, &c, 1, 0) <= 0;
}

struct answer {
    int status; /* 0 when the connection ended first */
    size_t body_len;
    char *head, *body, text[ANSWER_MAX];
};

static inline size_t content_length(const struct answer *a)
{
    const char *at = strcasestr(a->head, "\r\nContent-Length:");
    return at && a->status != 204 ? (size_t)strtoul(at + 17, NULL, 10) : 0;
}

/* Reads one answer, byte by byte so that nothing of the next is taken. without_body: of a HEAD request. */
static inline struct answer *read_one(int fd, bool without_body)
{
    static struct answer a;
    size_t len = 0, wanted = SIZE_MAX;
    memset(&a, 0, sizeof a);
    a.head = a.text;
    while (len < wanted && len < ANSWER_MAX - 1) {
        if (!readable(fd, WAIT_MS) || recv(fd, a.text + len, 1, 0) != 1)
            break;
        len++;
        if (wanted == SIZE_MAX && len >= 4 && memcmp(a.text + len - 4, "\r\n\r\n", 4) == 0) {
            a.status = atoi(a.text + 9);
            a.body = a.text + len;
            a.body_len = without_body ? 0 : content_length(&a);
            wanted = len + a.body_len;
        }
    }
    if (len < wanted)
        a.status = 0;
    return &a;
}

static inline struct answer *read_answer(int fd)
{
    return read_one(fd, false);
}

/* One request on a connection of its own, which is then closed. */
static inline struct answer *exchange_bytes(const char *p, size_t len)
{
    int fd = dial();
    send_bytes(fd, p, len);
    struct answer *a = read_answer(fd);
    close(fd);
    return a;
}

#define ASK(literal) exchange_bytes((literal), sizeof(literal) - 1)

static inline bool has_header(const struct answer *a, const char *line)
{
    char wanted[512];
    snprintf(wanted, sizeof wanted, "\r\n%s\r\n", line);
    return strstr(a->head, wanted) != NULL;
}

static inline void wait_for(atomic_int *counter, int value)
{
    for (int i = 0; i < WAIT_MS && atomic_load(counter) < value; i++)
        poll(NULL, 0, 1);
    assert_true(atomic_load(counter) >= value);
}

#endif
