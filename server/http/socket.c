#include "server/http/socket.h"

#include "server/http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 1024 };

union any_address {
    struct sockaddr sa;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t fill(union any_address *to, struct str address, uint16_t port)
{
    char z[ADDRESS_TEXT_SIZE];
    memset(to, 0, sizeof *to);
    if (address.len >= sizeof z || address.len == 0)
        return 0;
    memcpy(z, address.p, address.len);
    z[address.len] = 0;
    if (inet_pton(AF_INET, z, &to->v4.sin_addr) == 1) {
        to->v4.sin_family = AF_INET;
        to->v4.sin_port = htons(port);
        return sizeof to->v4;
    }
    if (inet_pton(AF_INET6, z, &to->v6.sin6_addr) != 1)
        return 0;
    to->v6.sin6_family = AF_INET6;
    to->v6.sin6_port = htons(port);
    return sizeof to->v6;
}

int socket_listen(struct str address, uint16_t port, const char **why)
{
    union any_address a;
    socklen_t len = fill(&a, address, port);
    if (len == 0) {
        *why = "the address to listen on is neither IPv4 nor IPv6";
        return -1;
    }
    int fd = socket(a.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1, off = 0;
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        (a.sa.sa_family == AF_INET || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0) &&
        bind(fd, &a.sa, len) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    *why = strerrordesc_np(errno);
    if (fd >= 0)
        close(fd);
    return -1;
}

uint16_t socket_port(int fd)
{
    union any_address a = {0};
    socklen_t len = sizeof a;
    if (getsockname(fd, &a.sa, &len) != 0)
        return 0;
    return ntohs(a.sa.sa_family == AF_INET ? a.v4.sin_port : a.v6.sin6_port);
}
