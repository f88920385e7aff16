/* Our own connect(2): libldap's has a time-out, but none that also ends with the caller's deadline. */
#include "directory/dial.h"

#include "server/base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static bool wait_connected(int fd, int64_t deadline)
{
    for (;;) {
        int64_t left = deadline - clock_monotonic_ms();
        if (left <= 0)
            return false;
        struct pollfd wait = {.fd = fd, .events = POLLOUT};
        int ready = poll(&wait, 1, (int)left);
        if (ready > 0)
            break;
        if (ready < 0 && errno != EINTR)
            return false;
    }
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

/* libldap expects a blocking socket; the watchdog ends what blocks too long. */
static int connected(int fd, const struct sockaddr *address, socklen_t len, int64_t deadline)
{
    if (fd < 0)
        return -1;
    bool good = connect(fd, address, len) == 0 || (errno == EINPROGRESS && wait_connected(fd, deadline));
    if (good && fcntl(fd, F_SETFL, 0) == 0)
        return fd;
    close(fd);
    return -1;
}

static int dial_unix(const char *path, int64_t deadline)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    if (len >= sizeof address.sun_path)
        return -1;
    memcpy(address.sun_path, path, len + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return connected(fd, (struct sockaddr *)&address, sizeof address, deadline);
}

/* A kept connection through a firewall must not die unnoticed. */
static void tune(int fd)
{
    int on = 1, idle = 60, interval = 10, count = 3;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &count, sizeof count);
}

static int dial_tcp(const char *host, int port, int64_t deadline)
{
    char service[16];
    snprintf(service, sizeof service, "%d", port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *all = NULL;
    if (getaddrinfo(host, service, &hints, &all) != 0)
        return -1;
    int fd = -1;
    for (const struct addrinfo *one = all; one && fd < 0; one = one->ai_next) {
        fd = socket(one->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        fd = connected(fd, one->ai_addr, one->ai_addrlen, deadline);
    }
    freeaddrinfo(all);
    if (fd >= 0)
        tune(fd);
    return fd;
}

int dial(const LDAPURLDesc *url, int64_t deadline)
{
    if (strcmp(url->lud_scheme, "ldapi") == 0)
        return dial_unix(url->lud_host, deadline);
    return dial_tcp(url->lud_host, url->lud_port, deadline);
}
