/* Stands between a directory's client and slapd, and gives its answers in bad ways. */
#ifndef ONEDOOR_TESTS_DIRECTORY_PROXY_H
#define ONEDOOR_TESTS_DIRECTORY_PROXY_H

#include "tests/unit/support/slapd.h"

#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

/* Answers as they come · byte by byte · only how they begin · the connection's end instead of one. */
enum proxy_way { PROXY_WHOLE, PROXY_TRICKLE, PROXY_HALT, PROXY_CUT };
enum { PROXY_PAIRS = 32, PROXY_BEGINNING = 5, PROXY_LOOK_MS = 20 };

struct proxy;
struct proxy_pair {
    struct proxy *proxy;
    pthread_t thread;
    int client, server;
    size_t told; /* bytes of an answer */
};

struct proxy {
    int port, to_port, listener;
    atomic_int way;
    atomic_uint questions;
    atomic_bool stopping;
    pthread_t thread;
    struct proxy_pair pairs[PROXY_PAIRS];
    unsigned count;
};

static inline struct sockaddr_in proxy_address(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static inline bool proxy_put(int fd, const char *bytes, size_t n)
{
    return send(fd, bytes, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static inline bool proxy_question(struct proxy_pair *p)
{
    char bytes[4096];
    ssize_t n = read(p->client, bytes, sizeof bytes);
    p->told = 0;
    if (n > 0)
        atomic_fetch_add(&p->proxy->questions, 1);
    return n > 0 && atomic_load(&p->proxy->way) != PROXY_CUT && proxy_put(p->server, bytes, (size_t)n);
}

static inline bool proxy_answer(struct proxy_pair *p)
{
    char bytes[4096];
    ssize_t n = read(p->server, bytes, sizeof bytes);
    enum proxy_way way = (enum proxy_way)atomic_load(&p->proxy->way);
    if (n <= 0 || way == PROXY_WHOLE)
        return n > 0 && proxy_put(p->client, bytes, (size_t)n);
    for (ssize_t i = 0; i < n; i++) {
        if (way == PROXY_HALT && p->told++ >= PROXY_BEGINNING)
            continue;
        if (!proxy_put(p->client, bytes + i, 1))
            return false;
        usleep(200);
    }
    return true;
}

static inline void *proxy_serve(void *arg)
{
    struct proxy_pair *p = arg;
    struct pollfd look[] = {{.fd = p->client, .events = POLLIN}, {.fd = p->server, .events = POLLIN}};
    bool on = true;
    while (on && !atomic_load(&p->proxy->stopping)) {
        if (poll(look, 2, PROXY_LOOK_MS) <= 0)
            continue;
        if (look[0].revents)
            on = proxy_question(p);
        if (on && look[1].revents)
            on = proxy_answer(p);
    }
    close(p->client);
    close(p->server);
    return NULL;
}

static inline void proxy_pair_up(struct proxy *x)
{
    struct sockaddr_in to = proxy_address(x->to_port);
    struct proxy_pair *p = &x->pairs[x->count];
    int on = 1;
    *p = (struct proxy_pair){.proxy = x, .client = accept(x->listener, NULL, NULL)};
    p->server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(p->client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    bool up = x->count < PROXY_PAIRS - 1 && connect(p->server, (struct sockaddr *)&to, sizeof to) == 0 &&
              pthread_create(&p->thread, NULL, proxy_serve, p) == 0;
    if (up) {
        x->count++;
        return;
    }
    close(p->client);
    close(p->server);
}

static inline void *proxy_run(void *arg)
{
    struct proxy *x = arg;
    struct pollfd look = {.fd = x->listener, .events = POLLIN};
    while (!atomic_load(&x->stopping))
        if (poll(&look, 1, PROXY_LOOK_MS) > 0)
            proxy_pair_up(x);
    return NULL;
}

static inline void proxy_start(struct proxy *x, int to_port)
{
    *x = (struct proxy){.port = free_port(), .to_port = to_port};
    struct sockaddr_in at = proxy_address(x->port);
    int on = 1;
    x->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(x->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(x->listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(x->listener, 16) != 0 ||
        pthread_create(&x->thread, NULL, proxy_run, x) != 0)
        slapd_say("the proxy's start");
}

static inline void proxy_stop(struct proxy *x)
{
    atomic_store(&x->stopping, true);
    pthread_join(x->thread, NULL);
    for (unsigned i = 0; i < x->count; i++)
        pthread_join(x->pairs[i].thread, NULL);
    close(x->listener);
}

#endif
