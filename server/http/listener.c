#include "server/http/listener.h"

#include "server/base/clock.h"
#include "server/base/log.h"
#include "server/base/random.h"
#include "server/http/acceptor.h"
#include "server/http/exchange.h"
#include "server/http/io_thread.h"
#include "server/http/socket.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    THREADS_MAX = 64,
    /*
     * One request's head, and room for the answer's headers: 16 KiB of the one, what 64 headers take beside
     * their text, and 4 KiB of what we send, or more of it behind a shorter head. It is the price of a
     * connection that is kept open, and MHD clears one and a half of it for every request, so it is no
     * larger.
     */
    CONNECTION_MEMORY = 24 * 1024,
    /*
     * 0.9 answers what its strict checks find with two heads, one in the other; what it leaves through,
     * framing.c finds. Later versions need it, to refuse a bare LF.
     */
    STRICT = MHD_VERSION < 0x01000000 ? 0 : 1,
    DESCRIPTORS_KEPT = 64 /* for the stores, the logs, the listeners themselves */
};

/* TLS 1.2 and 1.3, forward secrecy and authenticated encryption only. */
#define TLS_PRIORITIES                                                                                       \
    "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-KX-ALL:+ECDHE-ECDSA:+ECDHE-RSA:-CIPHER-ALL:"                \
    "+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM:-MAC-ALL:+AEAD:%SERVER_PRECEDENCE"

struct listener {
    struct service service;
    struct acceptor *acceptor;
    uint16_t port;
    unsigned next, started;
    struct io_thread *threads[THREADS_MAX];
};

/* Most of what MHD tells is about clients; these are about us. */
static bool is_our_failure(const char *format)
{
    static const char *const words[] = {"allocating", "epoll", "thread", "signal", "initialise TLS"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strstr(format, words[i]))
            return true;
    return false;
}

__attribute__((format(printf, 2, 0))) static void log_line(void *cls, const char *format, va_list args)
{
    char line[512];
    (void)cls;
    int len = vsnprintf(line, sizeof line, format, args);
    size_t kept = len < 0 ? 0 : (size_t)len < sizeof line ? (size_t)len : sizeof line - 1;
    struct str text = str_trim((struct str){line, kept > 0 && line[kept - 1] == '\n' ? kept - 1 : kept});
    LOG(is_our_failure(format) ? LOG_LEVEL_WARN : LOG_LEVEL_DEBUG, "http.library", LOG_STR("message", text));
}

/* The target is kept as it came: we compare its bytes, and decode parameters ourselves, once. */
static size_t unescape_nothing(void *cls, struct MHD_Connection *connection, char *text)
{
    (void)cls, (void)connection;
    return strlen(text);
}

static void open_peer(struct service *service, struct MHD_Connection *connection, void **context)
{
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    int socket = fd ? fd->connect_fd : -1;
    const union MHD_ConnectionInfo *sa =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (socket < 0 || !sa || !sa->client_addr)
        return;
    *context = peers_add(service->peers, sa->client_addr, socket, exchange_patience(service));
    if (!*context)
        shutdown(socket, SHUT_RDWR);
}

static void notify_connection(void *cls, struct MHD_Connection *connection, void **context,
                              enum MHD_ConnectionNotificationCode what)
{
    struct service *service = cls;
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        open_peer(service, connection, context);
    else if (*context) {
        exchange_abandon(*context);
        peers_remove(service->peers, *context);
    }
}

static void hand_over(void *cls, int fd, const struct sockaddr *sa, socklen_t len)
{
    struct listener *l = cls;
    io_thread_add(l->threads[l->next++ % l->started], fd, sa, len);
}

static struct MHD_Daemon *start_daemon(struct listener *l, const char *tls_key)
{
    const struct listener_config *c = &l->service.config;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ERROR_LOG |
                     (tls_key ? MHD_USE_TLS : 0);
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)c->tls_certificate},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)tls_key},
                                   {MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_PRIORITIES},
                                   {MHD_OPTION_END, 0, NULL}};
    return MHD_start_daemon(flags, 0, NULL, NULL, exchange_continue, &l->service,          //
                            MHD_OPTION_EXTERNAL_LOGGER, log_line, NULL,                    //
                            MHD_OPTION_URI_LOG_CALLBACK, exchange_begin, &l->service,      //
                            MHD_OPTION_NOTIFY_COMPLETED, exchange_end, &l->service,        //
                            MHD_OPTION_NOTIFY_CONNECTION, notify_connection, &l->service,  //
                            MHD_OPTION_UNESCAPE_CALLBACK, unescape_nothing, NULL,          //
                            MHD_OPTION_STRICT_FOR_CLIENT, (int)STRICT,                     //
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, //
                            MHD_OPTION_CONNECTION_LIMIT, c->connections_max,               //
                            MHD_OPTION_CONNECTION_TIMEOUT, c->idle_seconds,                //
                            MHD_OPTION_ARRAY, tls_key ? tls : &tls[3], MHD_OPTION_END);
}

static bool start_threads(struct listener *l, const char **why)
{
    const struct listener_config *c = &l->service.config;
    unsigned threads = c->threads < 1 ? 1 : c->threads < THREADS_MAX ? c->threads : THREADS_MAX;
    char *key = NULL;
    if (c->tls_certificate) {
        struct str bytes = secret_str(c->tls_key);
        key = calloc(1, bytes.len + 1);
        if (key)
            memcpy(key, bytes.p, bytes.len);
    }
    *why = c->tls_certificate ? "the TLS certificate and key cannot be used" : "no thread could be started";
    while (l->started < threads && (key || !c->tls_certificate)) {
        struct MHD_Daemon *d = start_daemon(l, key);
        struct io_thread *t = d ? io_thread_start(d) : NULL;
        if (!t)
            break;
        l->threads[l->started++] = t;
    }
    if (key)
        wipe(key, strlen(key));
    free(key);
    return l->started == threads;
}

static void stop_threads(struct listener *l)
{
    while (l->started > 0)
        io_thread_stop(l->threads[--l->started]);
}

/* No more connections than descriptors, or the stores would go without. */
static unsigned bounded_connections(unsigned wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return wanted;
    rlim_t most =
        limit.rlim_cur > 2 * DESCRIPTORS_KEPT ? limit.rlim_cur - DESCRIPTORS_KEPT : limit.rlim_cur / 2;
    if (wanted <= most)
        return wanted;
    LOG(LOG_LEVEL_WARN, "http.few_descriptors", LOG_INT("connections_wanted", wanted),
        LOG_INT("connections", most));
    return (unsigned)most;
}

static bool init_service(struct service *s, const struct listener_config *config, const char **why)
{
    s->config = *config;
    s->config.connections_max = bounded_connections(config->connections_max);
    s->hsts = config->tls_certificate || str_starts(config->issuer, STR("https://"));
    if (!address_list_parse(config->trusted_proxies, &s->trusted)) {
        *why = "trusted proxies must be addresses";
        return false;
    }
    s->peers = peers_new(&s->trusted, config->connections_per_source);
    if (s->peers && random_bytes(&s->references, sizeof s->references))
        return true;
    *why = "no memory or no randomness";
    return false;
}

static bool start(struct listener *l, const char **why)
{
    const struct listener_config *c = &l->service.config;
    int fd = socket_listen(c->address, c->port, why);
    if (fd < 0)
        return false;
    l->port = socket_port(fd);
    if (!start_threads(l, why)) {
        close(fd);
        return false;
    }
    struct acceptor_config acceptor = {fd, c->connections_max, l->service.peers, hand_over, l};
    l->acceptor = acceptor_start(&acceptor);
    if (!l->acceptor)
        *why = "no thread could be started";
    return l->acceptor != NULL;
}

struct listener *listener_start(const struct listener_config *config, const char **why)
{
    struct listener *l = aligned_alloc(CACHE_LINE, sizeof *l);
    *why = "no memory";
    if (!l)
        return NULL;
    memset(l, 0, sizeof *l);
    /* Signals are for the main thread: new threads inherit the mask of the one that makes them. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool started = init_service(&l->service, config, why) && start(l, why);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started)
        return l;
    stop_threads(l);
    peers_free(l->service.peers);
    free(l);
    return NULL;
}

uint16_t listener_port(const struct listener *l)
{
    return l->port;
}

unsigned listener_busy(const struct listener *l)
{
    unsigned sum = 0;
    for (size_t i = 0; i < SPREAD; i++)
        sum += atomic_load(&l->service.busy[i].n);
    return sum;
}

void listener_quiesce(struct listener *l)
{
    atomic_store(&l->service.quiesced, true);
    acceptor_quiesce(l->acceptor);
}

void listener_stop(struct listener *l)
{
    if (!l)
        return;
    listener_quiesce(l);
    /* The acceptor goes on meanwhile: it ends the connections that take their answer too slowly. */
    while (listener_busy(l) > 0)
        poll(NULL, 0, 5);
    acceptor_stop(l->acceptor);
    stop_threads(l);
    peers_free(l->service.peers);
    free(l);
}
