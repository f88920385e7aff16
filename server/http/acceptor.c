#include "server/http/acceptor.h"

#include "server/base/clock.h"
#include "server/base/log.h"

#include <errno.h>
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
    SWEEP_MS = 500, /* between two looks for overdue connections */
    PAUSE_MS = 50,  /* when there is no room for one more connection */
    COMPLAIN_MS = 10000,
    SERIES_MAX = 64, /* connections taken before deadlines are looked at again */
    STACK_SIZE = 128 * 1024
};

struct acceptor {
    struct acceptor_config config;
    pthread_t thread;
    int wake_fd;
    atomic_bool quiesced, stopped;
    int64_t complained, swept; /* of the thread alone */
    unsigned most;             /* connections since memory was given back */
    bool paused;
};

/* Out of descriptors or memory: nothing is lost, the connections wait in the kernel's queue. */
static void complain(struct acceptor *a, const char *why)
{
    int64_t now = clock_monotonic_ms();
    a->paused = true;
    if (a->complained != 0 && now - a->complained < COMPLAIN_MS)
        return;
    a->complained = now;
    LOG(LOG_LEVEL_WARN, "http.cannot_accept", LOG_Z("why", why),
        LOG_INT("open", peers_open(a->config.peers)));
}

static bool accept_one(struct acceptor *a)
{
    struct sockaddr_storage sa;
    socklen_t len = sizeof sa;
    if (peers_open(a->config.peers) >= a->config.connections_max) {
        complain(a, "as many connections as may be");
        return false;
    }
    int fd = accept4(a->config.listen_fd, (struct sockaddr *)&sa, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        bool nothing = errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ECONNABORTED;
        if (!nothing)
            complain(a, strerrordesc_np(errno));
        return false;
    }
    if (peers_site_is_full(a->config.peers, (struct sockaddr *)&sa))
        close(fd);
    else
        a->config.hand_over(a->config.cls, fd, (struct sockaddr *)&sa, len);
    return true;
}

static void accept_series(struct acceptor *a)
{
    for (int i = 0; i < SERIES_MAX && accept_one(a); i++)
        ;
}

static void sweep(struct acceptor *a)
{
    int64_t now = clock_monotonic_ms();
    if (now - a->swept < SWEEP_MS)
        return;
    a->swept = now;
    if (peers_crowd_left(a->config.peers))
        malloc_trim(0); /* what they took goes back to the system: malloc would keep it */
    peers_end_overdue(a->config.peers, now, a->config.listen_fd < 0);
}

static void close_listening(struct acceptor *a)
{
    if (a->config.listen_fd < 0)
        return;
    close(a->config.listen_fd);
    a->config.listen_fd = -1;
    a->swept = 0;
}

static void drain(int eventfd)
{
    uint64_t count;
    while (read(eventfd, &count, sizeof count) > 0)
        ;
}

static void *run(void *arg)
{
    struct acceptor *a = arg;
    while (!atomic_load(&a->stopped)) {
        if (atomic_load(&a->quiesced))
            close_listening(a);
        /* poll passes over a negative descriptor. */
        struct pollfd fds[] = {{.fd = a->wake_fd, .events = POLLIN},
                               {.fd = a->paused ? -1 : a->config.listen_fd, .events = POLLIN}};
        int timeout = a->paused ? PAUSE_MS : SWEEP_MS;
        a->paused = false;
        if (poll(fds, 2, timeout) > 0) {
            if (fds[0].revents != 0)
                drain(a->wake_fd);
            if (fds[1].revents != 0)
                accept_series(a);
        }
        sweep(a);
    }
    close_listening(a);
    return NULL;
}

static bool start_thread(struct acceptor *a)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    bool started = pthread_create(&a->thread, &attr, run, a) == 0;
    pthread_attr_destroy(&attr);
    return started;
}

struct acceptor *acceptor_start(const struct acceptor_config *config)
{
    struct acceptor *a = calloc(1, sizeof *a);
    int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (a && wake_fd >= 0) {
        a->config = *config;
        a->wake_fd = wake_fd;
        if (start_thread(a))
            return a;
    }
    if (wake_fd >= 0)
        close(wake_fd);
    close(config->listen_fd);
    free(a);
    return NULL;
}

static void wake(struct acceptor *a)
{
    uint64_t one = 1;
    if (write(a->wake_fd, &one, sizeof one) < 0)
        LOG(LOG_LEVEL_DEBUG, "http.wake_failed", LOG_Z("why", strerrordesc_np(errno)));
}

void acceptor_quiesce(struct acceptor *a)
{
    atomic_store(&a->quiesced, true);
    wake(a);
}

void acceptor_stop(struct acceptor *a)
{
    if (!a)
        return;
    atomic_store(&a->stopped, true);
    wake(a);
    pthread_join(a->thread, NULL);
    close(a->wake_fd);
    free(a);
}
