/*
 * One thread a listener that accepts connections and hands them to MHD's threads in turn. MHD could accept by
 * itself, but spins when descriptors run out, counts our own proxies against the limit of a source, and may
 * abort when it is told to stop accepting while requests are served.
 */
#ifndef ONEDOOR_HTTP_ACCEPTOR_H
#define ONEDOOR_HTTP_ACCEPTOR_H

#include "server/http/peers.h"

struct acceptor_config {
    int listen_fd; /* owned by the acceptor from its start on */
    unsigned connections_max;
    struct peers *peers;
    /* Takes the socket over, and closes it when it can't. */
    void (*hand_over)(void *cls, int fd, const struct sockaddr *sa, socklen_t len);
    void *cls;
};

struct acceptor;

/* NULL, with the socket closed, when there is no memory or no thread. */
struct acceptor *acceptor_start(const struct acceptor_config *config);
/* Closes the listening socket and idle connections soon; overdue ones are still ended. */
void acceptor_quiesce(struct acceptor *a);
void acceptor_stop(struct acceptor *a);

#endif
