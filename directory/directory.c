/* The handle that everything shares: servers, watchdog, one pool of connections a lane. */
#include "directory/directory.h"

#include "directory/exchange.h"
#include "directory/operation.h"
#include "directory/pool.h"
#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/loop.h"
#include "server/base/metric.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct directory {
    struct directory_config config;
    struct servers *servers;
    struct watchdog *dog;
    struct dir_pool *pools[LANE_COUNT];
};

static pthread_once_t sasl_left_out = PTHREAD_ONCE_INIT;

static void ignore_sigpipe(void)
{
    struct sigaction now;
    if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL)
        signal(SIGPIPE, SIG_IGN);
}

/*
 * With its first operation libldap makes SASL ready, which nothing here uses: it would load every plugin that
 * the machine has, with the libraries that these need. So it looks into a folder where none can ever be (of a
 * missing one it would tell syslog). Once, because setenv is for a process without threads.
 */
static void leave_sasl_out(void)
{
    setenv("SASL_PATH", "/proc/self/task", 1);
}

struct directory *directory_new(const struct directory_config *config)
{
    struct directory *d = calloc(1, sizeof *d);
    if (!d)
        return NULL;
    ignore_sigpipe();
    pthread_once(&sasl_left_out, leave_sasl_out);
    d->config = *config;
    d->servers = servers_new(config->uris);
    d->dog = watchdog_new();
    for (int lane = 0; lane < LANE_COUNT; lane++)
        d->pools[lane] = dir_pool_new(config->connections);
    if (d->servers && d->dog && d->pools[LANE_SEARCH] && d->pools[LANE_BIND])
        return d;
    directory_free(d);
    return NULL;
}

void directory_free(struct directory *d)
{
    if (!d)
        return;
    for (int lane = 0; lane < LANE_COUNT; lane++)
        dir_pool_free(d->pools[lane]);
    watchdog_free(d->dog);
    servers_free(d->servers);
    free(d);
}

const struct directory_config *directory_config(const struct directory *d)
{
    return &d->config;
}

struct dir_connection *directory_connect(struct directory *d, int64_t deadline)
{
    return dir_connection_open(&d->config, d->servers, d->dog, true, deadline);
}

/* Negative codes are libldap's own: the connection's state is unknown after them. */
static bool connection_is_lost(int code)
{
    return code < 0 || code == LDAP_UNAVAILABLE;
}

typedef int (*exchange_fn)(struct dir_connection *c, const struct operation *op, struct timeval left);

/* Runs op on *c by the deadline; a connection that is lost is closed and *c NULL. */
static int attempt(const struct operation *op, struct dir_connection **c, int64_t deadline, exchange_fn ask)
{
    int64_t left = deadline - clock_monotonic_ms();
    if (left <= 0)
        return LDAP_BUSY; /* nothing was asked on it, so it is as good as before */
    int code = LDAP_TIMEOUT;
    if (dir_connection_arm(*c, deadline)) {
        struct timeval time = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
        code = ask(*c, op, time);
        if (dir_connection_disarm(*c))
            code = LDAP_TIMEOUT;
    }
    if (connection_is_lost(code)) {
        dir_connection_close(*c);
        *c = NULL;
    }
    return code;
}

/*
 * One operation under way. Its time counts from when it is taken up: what a thread that it is left to would
 * find late already would only be in the way of others.
 */
struct call {
    struct directory *d;
    enum lane lane;
    const struct operation *op;
    int64_t deadline; /* 0: not taken up yet */
    int code;
};

static void take_up(struct call *c)
{
    if (c->deadline == 0)
        c->deadline = clock_monotonic_ms() + c->d->config.operation_ms;
}

static bool may_repeat(const struct call *c)
{
    return c->op->repeatable && c->code != LDAP_TIMEOUT;
}

static void ask_anew(struct call *call, struct dir_connection **c)
{
    struct directory *d = call->d;
    *c = dir_connection_open(&d->config, d->servers, d->dog, call->lane == LANE_SEARCH, call->deadline);
    call->code = *c ? attempt(call->op, c, call->deadline, exchange) : LDAP_SERVER_DOWN;
}

/* Makes its whole thread wait: for a place, a new connection, or the answer. */
static void wait_for(void *arg)
{
    struct call *call = arg;
    struct dir_pool *pool = call->d->pools[call->lane];
    struct dir_connection *c;
    take_up(call);
    if (!dir_pool_take(pool, call->deadline, &c))
        return;
    bool kept = c != NULL;
    if (kept)
        call->code = attempt(call->op, &c, call->deadline, exchange);
    if (!kept || (!c && may_repeat(call)))
        ask_anew(call, &c);
    dir_pool_give(pool, c);
}

/* On a connection that was kept, and waits for nobody. False when it is still to be done by a thread. */
static bool do_parked(struct call *call)
{
    struct dir_pool *pool = call->d->pools[call->lane];
    struct dir_connection *c;
    if (!exchange_can_park(call->op) || !dir_pool_try_take(pool, &c))
        return false;
    bool parks = dir_connection_can_park(c);
    if (parks) {
        take_up(call);
        call->code = attempt(call->op, &c, call->deadline, exchange_parked);
    }
    dir_pool_give(pool, c);
    return parks && (c || !may_repeat(call));
}

static int run(struct directory *d, enum lane lane, const struct operation *op)
{
    struct call call = {d, lane, op, 0, LDAP_BUSY};
    if (!do_parked(&call))
        loop_block(LOOP_WAITS_LONG, wait_for, &call);
    return call.code;
}

enum result operation_run(struct directory *d, enum lane lane, const struct operation *op)
{
    int code = run(d, lane, op);
    enum result r = op->meaning(code);
    if (r == RESULT_UNAVAILABLE)
        metric_add(METRIC_DIRECTORY_UNAVAILABLE);
    if (r == RESULT_UNAVAILABLE || r == RESULT_INTERNAL)
        LOG(LOG_LEVEL_WARN, "ldap.operation_failed", LOG_Z("operation", op->name), LOG_INT("code", code),
            LOG_Z("error", ldap_err2string(code)));
    return r;
}

static int ask_for_root(LDAP *handle, struct timeval left, void *arg, int *id)
{
    (void)arg;
    const char *none[] = {LDAP_NO_ATTRS, NULL};
    return ldap_search_ext(handle, "", LDAP_SCOPE_BASE, "(objectClass=*)", (char **)none, 0, NULL, NULL,
                           &left, 1, id);
}

/* Even a root DSE that may not be read shows a server that answers. */
static enum result meaning_of_ping(int code)
{
    return code == LDAP_SUCCESS || code == LDAP_NO_SUCH_OBJECT || code == LDAP_INSUFFICIENT_ACCESS
               ? RESULT_OK
               : RESULT_UNAVAILABLE;
}

enum result directory_ping(struct directory *d)
{
    const struct operation op = {
        .name = "ping", .start = ask_for_root, .meaning = meaning_of_ping, .repeatable = true};
    return operation_run(d, LANE_SEARCH, &op);
}
