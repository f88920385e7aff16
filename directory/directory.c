/* The handle that everything shares: servers, watchdog, one pool of connections a lane. */
#include "directory/directory.h"

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

/* Runs op on *c, opening it when there is none; a connection that is lost is closed and *c NULL. */
static int attempt(struct directory *d, enum lane lane, const struct operation *op, struct dir_connection **c,
                   int64_t deadline)
{
    if (!*c)
        *c = dir_connection_open(&d->config, d->servers, d->dog, lane == LANE_SEARCH, deadline);
    int64_t left = deadline - clock_monotonic_ms();
    if (!*c)
        return LDAP_SERVER_DOWN;
    if (left <= 0)
        return LDAP_BUSY; /* nothing was asked on it, so it is as good as before */
    int code = LDAP_TIMEOUT;
    if (dir_connection_arm(*c, deadline)) {
        struct timeval time = {.tv_sec = left / 1000, .tv_usec = left % 1000 * 1000};
        code = op->run(dir_connection_handle(*c), time, op->arg);
        if (dir_connection_disarm(*c))
            code = LDAP_TIMEOUT;
    }
    if (connection_is_lost(code)) {
        dir_connection_close(*c);
        *c = NULL;
    }
    return code;
}

static int wait_for(struct directory *d, enum lane lane, const struct operation *op, int64_t deadline)
{
    struct dir_connection *c;
    if (!dir_pool_take(d->pools[lane], deadline, &c))
        return LDAP_BUSY;
    bool kept = c != NULL;
    int code = attempt(d, lane, op, &c, deadline);
    if (kept && !c && op->repeatable && code != LDAP_TIMEOUT)
        code = attempt(d, lane, op, &c, deadline);
    dir_pool_give(d->pools[lane], c);
    return code;
}

/*
 * libldap makes its whole thread wait, so a task leaves that to another. The time counts from when that takes
 * it up: what came late already would only be in the way of others.
 */
struct call {
    struct directory *d;
    enum lane lane;
    const struct operation *op;
    int code;
};

static void make_call(void *arg)
{
    struct call *c = arg;
    c->code = wait_for(c->d, c->lane, c->op, clock_monotonic_ms() + c->d->config.operation_ms);
}

static int run(struct directory *d, enum lane lane, const struct operation *op)
{
    struct call c = {d, lane, op, LDAP_BUSY};
    loop_block(LOOP_WAITS_LONG, make_call, &c);
    return c.code;
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

static int read_root(LDAP *handle, struct timeval left, void *arg)
{
    (void)arg;
    const char *none[] = {LDAP_NO_ATTRS, NULL};
    LDAPMessage *reply = NULL;
    int code = ldap_search_ext_s(handle, "", LDAP_SCOPE_BASE, "(objectClass=*)", (char **)none, 0, NULL, NULL,
                                 &left, 1, &reply);
    ldap_msgfree(reply);
    return code;
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
        .name = "ping", .run = read_root, .meaning = meaning_of_ping, .repeatable = true};
    return operation_run(d, LANE_SEARCH, &op);
}
