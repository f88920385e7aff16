#include "server/store/connection.h"

#include "server/base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

struct connection {
    const struct store_config *config;
    redisContext *redis;
    enum link link;
    int64_t armed_ms; /* the time limit that the socket has now */
};

static struct timeval timeval_of(int64_t ms)
{
    return (struct timeval){.tv_sec = (time_t)(ms / 1000), .tv_usec = (suseconds_t)(ms % 1000 * 1000)};
}

static int64_t left_until(int64_t deadline, int64_t most)
{
    int64_t left = deadline - clock_monotonic_ms();
    if (left < 1)
        return 1;
    return left < most ? left : most;
}

/* host:port or [address]:port; false when it is neither. */
static bool split_address(struct str address, char *host, size_t room, int *port)
{
    size_t colon = address.len;
    while (colon > 0 && address.p[colon - 1] != ':')
        colon--;
    uint64_t number;
    if (colon == 0 || !str_to_u64(str_sub(address, colon, address.len), 65535, &number))
        return false;
    struct str name = str_sub(address, 0, colon - 1);
    if (str_starts(name, STR("[")) && str_ends(name, STR("]")))
        name = str_sub(name, 1, name.len - 2);
    if (name.len == 0 || name.len >= room)
        return false;
    memcpy(host, name.p, name.len);
    host[name.len] = '\0';
    *port = (int)number;
    return true;
}

static redisContext *reach(const struct store_config *config, int64_t deadline)
{
    struct timeval limit = timeval_of(left_until(deadline, config->connect_ms));
    char host[256];
    if (str_starts(config->address, STR("unix:"))) {
        snprintf(host, sizeof host, STR_FMT, STR_ARG(str_sub(config->address, 5, config->address.len)));
        return redisConnectUnixWithTimeout(host, limit);
    }
    int port;
    if (!split_address(config->address, host, sizeof host, &port))
        return NULL;
    redisContext *redis = redisConnectWithTimeout(host, port, limit);
    if (redis && !redis->err)
        (void)redisEnableKeepAlive(redis);
    return redis;
}

/* Gives the socket the time that is left. Only a real difference is worth the system calls. */
static bool arm(struct connection *c, int64_t deadline)
{
    int64_t whole = c->config->operation_ms;
    int64_t left = left_until(deadline, whole);
    if (left > whole - whole / 8)
        left = whole;
    if (left == c->armed_ms)
        return true;
    c->armed_ms = left;
    return redisSetTimeout(c->redis, timeval_of(left)) == REDIS_OK;
}

/* MSG_NOSIGNAL: hiredis itself would raise SIGPIPE. It also keeps a copy of what it sends, unwiped. */
static enum link send_all(struct connection *c, struct str text)
{
    while (text.len > 0) {
        ssize_t sent = send(c->redis->fd, text.p, text.len, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return errno == EAGAIN || errno == EWOULDBLOCK ? LINK_TIMEOUT : LINK_BROKEN;
        text = str_sub(text, (size_t)sent, text.len);
    }
    return LINK_OK;
}

static enum link receive(struct connection *c, redisReply **reply, int64_t deadline)
{
    if (!arm(c, deadline))
        return LINK_BROKEN;
    void *got = NULL;
    errno = 0;
    if (redisGetReply(c->redis, &got) == REDIS_OK && got) {
        *reply = got;
        return LINK_OK;
    }
    bool late =
        c->redis->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETIMEDOUT);
    return late || clock_monotonic_ms() >= deadline ? LINK_TIMEOUT : LINK_BROKEN;
}

enum link connection_run(struct connection *c, const struct batch *b, redisReply **replies, int64_t deadline)
{
    memset(replies, 0, b->commands * sizeof *replies);
    if (b->text.failed || !arm(c, deadline))
        return c->link = LINK_BROKEN;
    c->link = send_all(c, buf_str(&b->text));
    for (size_t i = 0; i < b->commands && c->link == LINK_OK; i++)
        c->link = receive(c, &replies[i], deadline);
    if (c->link != LINK_OK)
        replies_free(replies, b->commands);
    return c->link;
}

static void add_auth(struct batch *b, const struct store_config *config)
{
    if (!config->password)
        return;
    struct str password = secret_str(config->password);
    if (config->username)
        BATCH_ADD(b, STR("AUTH"), str_of(config->username), password);
    else
        BATCH_ADD(b, STR("AUTH"), password);
}

/* AUTH and SELECT; false with the trouble told. */
static bool sign_in(struct connection *c, struct trouble *t, int64_t deadline)
{
    struct batch b;
    struct digits room;
    redisReply *replies[BATCH_MAX] = {NULL};
    batch_init(&b);
    add_auth(&b, c->config);
    if (c->config->database > 0)
        BATCH_ADD(&b, STR("SELECT"), word_of_int(&room, c->config->database));
    enum link link = connection_run(c, &b, replies, deadline);
    bool ok = link == LINK_OK;
    if (!ok)
        trouble_begin(t, link == LINK_TIMEOUT ? STR("timeout") : STR("broken"), STR("at sign-in"));
    for (size_t i = 0; i < b.commands && ok; i++) {
        ok = reply_ok(replies[i]);
        if (!ok)
            trouble_begin(t, STR("refused"), str_of(replies[i]->str));
    }
    replies_free(replies, b.commands);
    batch_free(&b);
    return ok;
}

struct connection *connection_open(const struct store_config *config, struct trouble *t, int64_t deadline)
{
    struct connection *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    c->config = config;
    c->redis = reach(config, deadline);
    if (!c->redis || c->redis->err) {
        trouble_begin(t, STR("connect"), c->redis ? str_of(c->redis->errstr) : STR("address not understood"));
        connection_close(c);
        return NULL;
    }
    if (!sign_in(c, t, deadline) || !arm(c, clock_monotonic_ms() + config->operation_ms)) {
        connection_close(c);
        return NULL;
    }
    return c;
}

void connection_close(struct connection *c)
{
    if (!c)
        return;
    if (c->redis)
        redisFree(c->redis);
    free(c);
}

enum link connection_link(const struct connection *c)
{
    return c->link;
}

bool connection_quiet(const struct connection *c)
{
    char byte;
    ssize_t got = recv(c->redis->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    return got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

enum link connection_hear(struct connection *c, int64_t ms, redisReply **out)
{
    void *got = NULL;
    *out = NULL;
    struct pollfd p = {.fd = c->redis->fd, .events = POLLIN};
    for (int64_t end = clock_monotonic_ms() + ms; c->link == LINK_OK;) {
        if (redisGetReplyFromReader(c->redis, &got) != REDIS_OK)
            c->link = LINK_BROKEN;
        if (got || c->link != LINK_OK)
            break;
        int64_t left = end - clock_monotonic_ms();
        int ready = poll(&p, 1, left > 0 ? (int)left : 0);
        if (ready == 0)
            return LINK_OK;
        if (ready > 0 && redisBufferRead(c->redis) != REDIS_OK)
            c->link = LINK_BROKEN;
    }
    *out = got;
    return c->link;
}

static enum link run_connection(void *arg, const struct batch *b, redisReply **replies, int64_t deadline)
{
    return connection_run(arg, b, replies, deadline);
}

struct asker connection_asker(struct connection *c)
{
    return (struct asker){.run = run_connection, .arg = c};
}

/* The socket's time limit is the reader's, so it is not relied on here. Redis reads whatever waits to be
 * read. */
enum link connection_send(struct connection *c, struct str text)
{
    struct pollfd p = {.fd = c->redis->fd, .events = POLLOUT};
    int64_t deadline = clock_monotonic_ms() + c->config->operation_ms;
    while (text.len > 0) {
        ssize_t sent = send(c->redis->fd, text.p, text.len, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent > 0)
            text = str_sub(text, (size_t)sent, text.len);
        else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            if (poll(&p, 1, (int)left_until(deadline, c->config->operation_ms)) == 0)
                return LINK_TIMEOUT;
        } else if (errno != EINTR)
            return LINK_BROKEN;
    }
    return LINK_OK;
}

/* How hiredis numbers a time limit differs between 0.14 and 1.x. */
static bool was_late(const redisContext *redis)
{
    return redis->err != REDIS_ERR_EOF && redis->err != REDIS_ERR_PROTOCOL &&
           (errno == EAGAIN || errno == EWOULDBLOCK || errno == ETIMEDOUT);
}

enum link connection_receive_some(struct connection *c, redisReply **replies, size_t most, size_t *n,
                                  int64_t deadline)
{
    for (*n = 0;;) {
        void *got = NULL;
        if (redisGetReplyFromReader(c->redis, &got) != REDIS_OK)
            return LINK_BROKEN;
        if (got)
            replies[(*n)++] = got;
        if (*n == most || (!got && *n > 0))
            return LINK_OK;
        if (!got && !arm(c, deadline))
            return LINK_BROKEN;
        errno = 0;
        if (!got && redisBufferRead(c->redis) != REDIS_OK)
            return was_late(c->redis) ? LINK_TIMEOUT : LINK_BROKEN;
    }
}

void connection_shut(struct connection *c)
{
    (void)shutdown(c->redis->fd, SHUT_RDWR);
}

int connection_fd(const struct connection *c)
{
    return c->redis->fd;
}

static bool would_wait(void)
{
    return errno == EAGAIN || errno == EWOULDBLOCK;
}

enum link connection_put(struct connection *c, struct str text, size_t *sent)
{
    ssize_t taken;
    do
        taken = send(c->redis->fd, text.p, text.len, MSG_NOSIGNAL | MSG_DONTWAIT);
    while (taken < 0 && errno == EINTR);
    *sent = taken > 0 ? (size_t)taken : 0;
    return taken >= 0 || would_wait() ? LINK_OK : LINK_BROKEN;
}

/* False when what was received is no protocol. */
static bool give_out(struct connection *c, redisReply **replies, size_t most, size_t *n)
{
    while (*n < most) {
        void *got = NULL;
        if (redisGetReplyFromReader(c->redis, &got) != REDIS_OK)
            return false;
        if (!got)
            return true;
        replies[(*n)++] = got;
    }
    return true;
}

enum link connection_take(struct connection *c, redisReply **replies, size_t most, size_t *n)
{
    char bytes[16384];
    *n = 0;
    for (bool more = true;;) {
        if (!give_out(c, replies, most, n))
            return LINK_BROKEN;
        if (*n == most || !more)
            return LINK_OK;
        ssize_t got = recv(c->redis->fd, bytes, sizeof bytes, MSG_DONTWAIT);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 && would_wait() ? LINK_OK : LINK_BROKEN;
        if (redisReaderFeed(c->redis->reader, bytes, (size_t)got) != REDIS_OK)
            return LINK_BROKEN;
        more = got == sizeof bytes;
    }
}
