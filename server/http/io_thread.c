#include "server/http/io_thread.h"

#include "server/base/clock.h"
#include "server/base/loop.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    STACK_SIZE = 256 * 1024,
    LOOK_MS = 10 /* between two looks at the connections that are held up */
};

struct io_thread {
    struct MHD_Daemon *daemon;
    struct loop *loop;
    struct loop_source source;
    struct loop_member member;
    bool due;     /* the daemon has something to do */
    int64_t next; /* when it wants to be run though nothing happens: monotonic ms */
    struct io_hold *held;
    int64_t look; /* at them, next */
    pthread_t thread;
};

/* A connection on its way from the acceptor. */
struct arrival {
    struct loop_post post;
    struct io_thread *to;
    int fd;
    socklen_t len;
    struct sockaddr_storage sa;
};

static _Thread_local struct io_thread *current;

static void has_events(void *arg)
{
    struct io_thread *t = arg;
    t->due = true;
}

/* All whose time has come by then. */
static void let_go(struct io_thread *t, int64_t now)
{
    struct io_hold **place = &t->held, *h;
    while ((h = *place) != NULL) {
        if (h->until > now) {
            place = &h->next;
            continue;
        }
        *place = h->next;
        MHD_resume_connection(h->connection);
        t->due = true;
    }
    t->look = now + LOOK_MS;
}

static void run_daemon(void *arg)
{
    struct io_thread *t = arg;
    int64_t now = clock_monotonic_ms();
    if (t->held && now >= t->look)
        let_go(t, now);
    if (!t->due && now < t->next)
        return;
    t->due = false;
    MHD_run(t->daemon);
}

static int64_t ask_for_time(void *arg, int64_t now)
{
    struct io_thread *t = arg;
    MHD_UNSIGNED_LONG_LONG ms;
    if (t->due)
        return 0;
    if (MHD_get_timeout(t->daemon, &ms) != MHD_YES || ms > INT32_MAX)
        ms = INT32_MAX;
    t->due = ms == 0;
    t->next = now + (int64_t)ms;
    return t->held && ms > LOOK_MS ? LOOK_MS : (int64_t)ms;
}

static void loop_is_gone(void *arg)
{
    (void)arg;
}

static void *run(void *arg)
{
    struct io_thread *t = arg;
    current = t;
    loop_run(t->loop);
    return NULL;
}

static bool start_thread(struct io_thread *t)
{
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    pthread_attr_setstacksize(&attr, STACK_SIZE);
    bool started = pthread_create(&t->thread, &attr, run, t) == 0;
    pthread_attr_destroy(&attr);
    return started;
}

static bool put_together(struct io_thread *t)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(t->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    t->loop = loop_new();
    if (!t->loop || !info)
        return false;
    t->source = (struct loop_source){info->epoll_fd, has_events, t};
    t->member = (struct loop_member){
        .owner = t, .begin = run_daemon, .settle = ask_for_time, .gone = loop_is_gone, .arg = t};
    loop_join(t->loop, &t->member);
    return loop_watch(t->loop, &t->source, false);
}

struct io_thread *io_thread_start(struct MHD_Daemon *daemon)
{
    struct io_thread *t = calloc(1, sizeof *t);
    if (t) {
        t->daemon = daemon;
        if (put_together(t) && start_thread(t))
            return t;
        loop_free(t->loop);
    }
    MHD_stop_daemon(daemon);
    free(t);
    return NULL;
}

static void arrive(void *arg)
{
    struct arrival *a = arg;
    MHD_add_connection(a->to->daemon, a->fd, (struct sockaddr *)&a->sa, a->len);
    free(a);
}

void io_thread_add(struct io_thread *t, int fd, const struct sockaddr *sa, socklen_t len)
{
    struct arrival *a = calloc(1, sizeof *a);
    if (!a || len > sizeof a->sa) {
        free(a);
        close(fd);
        return;
    }
    a->post = (struct loop_post){arrive, a, NULL};
    a->to = t;
    a->fd = fd;
    a->len = len;
    memcpy(&a->sa, sa, len);
    loop_post(t->loop, &a->post);
}

void io_thread_resume(struct MHD_Connection *connection)
{
    MHD_resume_connection(connection);
    current->due = true;
}

void io_thread_hold(struct io_hold *h, struct MHD_Connection *connection, int64_t until)
{
    MHD_suspend_connection(connection);
    *h = (struct io_hold){connection, until, current->held};
    current->held = h;
}

void io_thread_stop(struct io_thread *t)
{
    loop_stop(t->loop);
    pthread_join(t->thread, NULL);
    let_go(t, INT64_MAX - LOOK_MS);
    loop_free(t->loop);
    MHD_stop_daemon(t->daemon);
    free(t);
}
