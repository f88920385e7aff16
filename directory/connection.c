/* From a server's address to a handle that may be used: socket, TLS, bind, each by the deadline. */
#include "directory/connection.h"

#include "directory/dial.h"
#include "server/base/clock.h"
#include "server/base/log.h"

#include <fcntl.h>
#include <openldap.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The largest message that is taken in: libldap would believe any length it is told and allocate it. */
enum { MESSAGE_MAX = 16 << 20 };

/* Less than this is no honest try: failing it would say nothing about the server. */
enum { LEAST_TRY_MS = 20 };

struct dir_connection {
    LDAP *handle;
    int fd;
    bool can_park, returns_at_once;
    struct watchdog *dog;
    struct watch watch;
};

static Sockbuf *socket_of(LDAP *handle)
{
    Sockbuf *socket = NULL;
    return ldap_get_option(handle, LDAP_OPT_SOCKBUF, &socket) == LDAP_OPT_SUCCESS ? socket : NULL;
}

static void limit_messages(LDAP *handle, ber_len_t largest)
{
    Sockbuf *socket = socket_of(handle);
    if (socket)
        ber_sockbuf_ctrl(socket, LBER_SB_OPT_SET_MAX_INCOMING, &largest);
}

static void set_options(LDAP *handle)
{
    int version = LDAP_VERSION3, never = LDAP_DEREF_NEVER;
    ldap_set_option(handle, LDAP_OPT_PROTOCOL_VERSION, &version);
    ldap_set_option(handle, LDAP_OPT_DEREF, &never);
    /* A referral would carry a bind to a server that nobody configured. */
    ldap_set_option(handle, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
    ldap_set_option(handle, LDAP_OPT_RESTART, LDAP_OPT_ON);
    /* Or libldap closes the socket when reading fails, while the watchdog, or a loop, still watches it. */
    ldap_set_option(handle, LDAP_OPT_KEEPCONN, LDAP_OPT_ON);
    limit_messages(handle, MESSAGE_MAX);
}

/* Set on the handle, so that neither ldap.conf nor the environment can weaken it. */
static int demand_certificate(LDAP *handle, const char *ca_file)
{
    int demand = LDAP_OPT_X_TLS_DEMAND, client = 0, least = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const char *ca = ca_file ? ca_file : "/etc/ssl/certs/ca-certificates.crt";
    int code = ldap_set_option(handle, LDAP_OPT_X_TLS_REQUIRE_CERT, &demand);
    if (code == LDAP_OPT_SUCCESS)
        code = ldap_set_option(handle, LDAP_OPT_X_TLS_PROTOCOL_MIN, &least);
    if (code == LDAP_OPT_SUCCESS)
        code = ldap_set_option(handle, LDAP_OPT_X_TLS_CACERTFILE, ca);
    /* Only a new context takes up what was set (and fails when the CA cannot be read). */
    if (code == LDAP_OPT_SUCCESS)
        code = ldap_set_option(handle, LDAP_OPT_X_TLS_NEWCTX, &client);
    return code == LDAP_OPT_SUCCESS ? LDAP_SUCCESS : LDAP_CONNECT_ERROR;
}

/* libldap compares the certificate with the host of the URL that the handle was made with. */
static int secure(LDAP *handle, const struct directory_config *config, const char *scheme)
{
    bool ldaps = strcmp(scheme, "ldaps") == 0;
    bool upgrade = strcmp(scheme, "ldap") == 0 && config->start_tls;
    if (!ldaps && !upgrade)
        return LDAP_SUCCESS;
    int code = demand_certificate(handle, config->ca_file);
    if (code == LDAP_SUCCESS)
        code = ldaps ? ldap_install_tls(handle) : ldap_start_tls_s(handle, NULL, NULL);
    if (code == LDAP_SUCCESS && !ldap_tls_inplace(handle))
        code = LDAP_CONNECT_ERROR;
    return code;
}

static bool is_without_handshakes(LDAP *handle)
{
    char *version = NULL;
    if (!ldap_tls_inplace(handle))
        return true;
    bool newest = ldap_get_option(handle, LDAP_OPT_X_TLS_VERSION, &version) == LDAP_OPT_SUCCESS && version &&
                  strcmp(version, "TLS1.3") == 0;
    ldap_memfree(version);
    return newest;
}

static int bind_service(LDAP *handle, const struct directory_config *config)
{
    if (!config->bind_dn || !*config->bind_dn)
        return LDAP_SUCCESS;
    struct str password = config->bind_password ? secret_str(config->bind_password) : STR_EMPTY;
    /* A name without a password would be taken for a wish to be anonymous (RFC 4513 section 5.1.2). */
    if (password.len == 0)
        return LDAP_INAPPROPRIATE_AUTH;
    struct berval credentials = {.bv_len = password.len, .bv_val = (char *)password.p};
    return ldap_sasl_bind_s(handle, config->bind_dn, LDAP_SASL_SIMPLE, &credentials, NULL, NULL, NULL);
}

/*
 * A stopped server still accepts connections: its kernel does. One answer, whatever it says, shows that it
 * lives, before a password is spent on it and while another server can still be tried.
 */
static int greet(LDAP *handle)
{
    const char *none[] = {LDAP_NO_ATTRS, NULL};
    LDAPMessage *reply = NULL;
    int code = ldap_search_ext_s(handle, "", LDAP_SCOPE_BASE, "(objectClass=*)", (char **)none, 0, NULL, NULL,
                                 NULL, 1, &reply);
    ldap_msgfree(reply);
    return code < 0 || code == LDAP_BUSY || code == LDAP_UNAVAILABLE ? code : LDAP_SUCCESS;
}

static void log_failure(const char *uri, const char *step, LDAP *handle, int code)
{
    char *detail = NULL;
    if (handle)
        ldap_get_option(handle, LDAP_OPT_DIAGNOSTIC_MESSAGE, &detail);
    LOG(LOG_LEVEL_WARN, "ldap.connect_failed", LOG_Z("uri", uri), LOG_Z("step", step),
        LOG_Z("error", ldap_err2string(code)), LOG_Z("detail", detail ? detail : ""));
    ldap_memfree(detail);
}

/* An answer comes in one read; libldap by itself reads the head of each message, then the rest. */
static void read_ahead(LDAP *handle)
{
    Sockbuf *socket = socket_of(handle);
    if (socket)
        ber_sockbuf_add_io(socket, &ber_sockbuf_io_readahead, LBER_SBIOD_LEVEL_APPLICATION, NULL);
}

/* Everything that talks, under the watchdog. */
static bool establish(struct dir_connection *c, const struct directory_config *config, const char *uri,
                      const char *scheme, bool service, int64_t deadline)
{
    if (!dir_connection_arm(c, deadline))
        return false;
    const char *step = "tls";
    int code = secure(c->handle, config, scheme);
    if (code == LDAP_SUCCESS) {
        read_ahead(c->handle);
        step = service ? "bind" : "greeting";
        code = service ? bind_service(c->handle, config) : greet(c->handle);
    }
    if (dir_connection_disarm(c))
        code = LDAP_TIMEOUT;
    if (code != LDAP_SUCCESS)
        log_failure(uri, step, c->handle, code);
    c->can_park = code == LDAP_SUCCESS && is_without_handshakes(c->handle);
    return code == LDAP_SUCCESS;
}

static struct dir_connection *wrap(int fd, const char *uri, const char *scheme, struct watchdog *dog)
{
    struct dir_connection *c = calloc(1, sizeof *c);
    int protocol = strcmp(scheme, "ldapi") == 0 ? LDAP_PROTO_IPC : LDAP_PROTO_TCP;
    if (!c || ldap_init_fd(fd, protocol, uri, &c->handle) != LDAP_SUCCESS) {
        close(fd);
        free(c);
        return NULL;
    }
    c->fd = fd;
    c->dog = dog;
    set_options(c->handle);
    return c;
}

static struct dir_connection *open_one(const struct directory_config *config, const char *uri,
                                       const LDAPURLDesc *url, struct watchdog *dog, bool service,
                                       int64_t deadline)
{
    int fd = dial(url, deadline);
    if (fd < 0) {
        log_failure(uri, "connect", NULL, LDAP_SERVER_DOWN);
        return NULL;
    }
    struct dir_connection *c = wrap(fd, uri, url->lud_scheme, dog);
    if (c && establish(c, config, uri, url->lud_scheme, service, deadline))
        return c;
    dir_connection_close(c);
    return NULL;
}

/* The servers still to be tried share what is left, so that a silent first one leaves time for the second. */
static int64_t share(const struct directory_config *config, int64_t deadline, int64_t servers_left)
{
    int64_t part = (deadline - clock_monotonic_ms()) / servers_left;
    return part < config->connect_ms ? part : config->connect_ms;
}

struct dir_connection *dir_connection_open(const struct directory_config *config, struct servers *servers,
                                           struct watchdog *dog, bool service, int64_t deadline)
{
    size_t n = servers_count(servers);
    for (size_t i = 0; i < n; i++) {
        if (!servers_due(servers, i))
            continue;
        int64_t time = share(config, deadline, (int64_t)(n - i));
        if (time < LEAST_TRY_MS)
            return NULL;
        struct dir_connection *c = open_one(config, servers_uri(servers, i), servers_url(servers, i), dog,
                                            service, clock_monotonic_ms() + time);
        servers_report(servers, i, c != NULL);
        if (c)
            return c;
    }
    return NULL;
}

LDAP *dir_connection_handle(const struct dir_connection *c)
{
    return c->handle;
}

void dir_connection_take_up_to(struct dir_connection *c, size_t bytes)
{
    limit_messages(c->handle, bytes);
}

/* An idle connection has nothing to say: whatever can be read is its end, or the notice of it. */
bool dir_connection_alive(const struct dir_connection *c)
{
    struct pollfd look = {.fd = c->fd, .events = POLLIN};
    return poll(&look, 1, 0) == 0;
}

bool dir_connection_can_park(const struct dir_connection *c)
{
    return c->can_park;
}

bool dir_connection_set_waiting(struct dir_connection *c, bool waiting)
{
    if (waiting == !c->returns_at_once)
        return true;
    if (fcntl(c->fd, F_SETFL, waiting ? 0 : O_NONBLOCK) != 0)
        return false;
    c->returns_at_once = !waiting;
    return true;
}

int dir_connection_fd(const struct dir_connection *c)
{
    return c->fd;
}

bool dir_connection_holds_more(const struct dir_connection *c)
{
    Sockbuf *socket = socket_of(c->handle);
    return socket && ber_sockbuf_ctrl(socket, LBER_SB_OPT_DATA_READY, NULL) > 0;
}

bool dir_connection_arm(struct dir_connection *c, int64_t deadline)
{
    return watchdog_arm(c->dog, &c->watch, c->fd, deadline);
}

bool dir_connection_disarm(struct dir_connection *c)
{
    return watchdog_disarm(c->dog, &c->watch);
}

void dir_connection_close(struct dir_connection *c)
{
    if (!c)
        return;
    ldap_unbind_ext(c->handle, NULL, NULL);
    free(c);
}
