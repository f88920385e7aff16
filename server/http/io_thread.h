/* An I/O thread: a loop that drives a daemon of libmicrohttpd, and runs the tasks that its requests become.
 */
#ifndef ONEDOOR_HTTP_IO_THREAD_H
#define ONEDOOR_HTTP_IO_THREAD_H

#include <microhttpd.h>
#include <sys/socket.h>

struct io_thread;

/*
 * Runs the daemon, which polls by epoll and has no thread of its own, from now on, and takes it over, also
 * when it fails. NULL without memory, descriptors or a thread.
 */
struct io_thread *io_thread_start(struct MHD_Daemon *daemon);
/* From any thread: the connection is the daemon's from here on. */
void io_thread_add(struct io_thread *t, int fd, const struct sockaddr *sa, socklen_t len);
/* Has a connection of this very thread go on, which was suspended; its daemon is run in the next turn. */
void io_thread_resume(struct MHD_Connection *connection);
/* A connection that goes on later. */
struct io_hold {
    struct MHD_Connection *connection;
    int64_t until;
    struct io_hold *next;
};
/*
 * Suspends a connection of this very thread and resumes it at `until` (monotonic ms), or when the thread is
 * stopped. The caller keeps *h so long.
 */
void io_thread_hold(struct io_hold *h, struct MHD_Connection *connection, int64_t until);
/* No request may be under way. Closes all connections. */
void io_thread_stop(struct io_thread *t);

#endif
