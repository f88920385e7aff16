/*
 * Keeps connections open: usage: bench.idle PORT COUNT. Each comes from one of many loopback addresses, asks
 * one HEAD and then stays silent. Prints "OPEN COUNT" when all are answered, and ends when its input does.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FROM_ONE_ADDRESS = 500, ROOM = 4096 };

static const char request[] = "HEAD /jwks HTTP/1.1\r\nHost: localhost\r\n\r\n";

/* 127.1.0.1, 127.1.0.2 … */
static struct in_addr source_of(unsigned number)
{
    return (struct in_addr){.s_addr = htonl(0x7f010001u + number / FROM_ONE_ADDRESS)};
}

static int dial(unsigned number, int port)
{
    struct sockaddr_in from = {.sin_family = AF_INET, .sin_addr = source_of(number)};
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int late = 1; /* the port is chosen at connect, so that addresses share no range of ports */
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &late, sizeof late) != 0 ||
        bind(fd, (struct sockaddr *)&from, sizeof from) != 0 ||
        connect(fd, (struct sockaddr *)&to, sizeof to) != 0)
        return -1;
    return fd;
}

static int answered(int fd)
{
    char answer[ROOM];
    size_t have = 0;
    if (send(fd, request, sizeof request - 1, MSG_NOSIGNAL) != (ssize_t)sizeof request - 1)
        return 0;
    while (have < sizeof answer - 1) {
        ssize_t n = read(fd, answer + have, sizeof answer - 1 - have);
        if (n <= 0)
            return 0;
        have += (size_t)n;
        answer[have] = '\0';
        if (strstr(answer, "\r\n\r\n"))
            return strncmp(answer, "HTTP/1.1 200", 12) == 0;
    }
    return 0;
}

int main(int argc, char **argv)
{
    char byte;
    int port = argc == 3 ? atoi(argv[1]) : 0;
    unsigned count = argc == 3 ? (unsigned)atoi(argv[2]) : 0;
    if (port <= 0 || count == 0) {
        fputs("usage: bench.idle PORT COUNT\n", stderr);
        return EXIT_FAILURE;
    }
    for (unsigned i = 0; i < count; i++) {
        int fd = dial(i, port);
        if (fd < 0 || !answered(fd)) {
            fprintf(stderr, "bench.idle: connection %u: ", i + 1);
            perror(fd < 0 ? "not opened" : "not answered");
            return EXIT_FAILURE;
        }
    }
    printf("OPEN %u\n", count);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
    return EXIT_SUCCESS;
}
