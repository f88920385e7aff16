#include "server/base/loop.h"

#include "server/base/clock.h"
#include "server/base/task.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
    TOGETHER = 64,
    LOOK_EVERY = 2,            /* tasks between two looks at the clock */
    TASKS_MOST_NS = 200 * 1000 /* then what came meanwhile has its turn */
};

struct loop {
    int epoll_fd;
    struct loop_source wake;
    atomic_bool stopped;
    struct loop_member *members;
    struct task_line ready;
    struct epoll_event events[TOGETHER]; /* of this turn */
    int event_count;
    loop_elsewhere_fn elsewhere;
    void *elsewhere_arg;
    pthread_mutex_t lock; /* of what others post */
    struct loop_post *first, *last;
};

static _Thread_local struct loop *current;

struct loop *loop_current(void)
{
    return current;
}

static void take_posts(struct loop *l)
{
    pthread_mutex_lock(&l->lock);
    struct loop_post *p = l->first;
    l->first = l->last = NULL;
    pthread_mutex_unlock(&l->lock);
    while (p) {
        struct loop_post *next = p->next; /* it may be gone, or posted anew, once it has run */
        p->run(p->arg);
        p = next;
    }
}

static void woken(void *arg)
{
    struct loop *l = arg;
    uint64_t count;
    while (read(l->wake.fd, &count, sizeof count) > 0)
        ;
    take_posts(l);
}

/* Under the lock: once it has woken, the loop may be gone, but not before loop_free has had the lock. */
static void wake(struct loop *l)
{
    uint64_t one = 1;
    ssize_t written = write(l->wake.fd, &one, sizeof one);
    (void)written; /* a counter that is full wakes as well */
}

struct loop *loop_new(void)
{
    struct loop *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    pthread_mutex_init(&l->lock, NULL);
    l->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    l->wake = (struct loop_source){eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), woken, l};
    if (l->epoll_fd >= 0 && l->wake.fd >= 0 && loop_watch(l, &l->wake, false))
        return l;
    loop_free(l);
    return NULL;
}

void loop_free(struct loop *l)
{
    if (!l)
        return;
    take_posts(l);
    while (l->members) {
        struct loop_member *m = l->members;
        l->members = m->next;
        m->gone(m->arg);
    }
    if (l->epoll_fd >= 0)
        close(l->epoll_fd);
    if (l->wake.fd >= 0)
        close(l->wake.fd);
    pthread_mutex_destroy(&l->lock);
    free(l);
}

void loop_stop(struct loop *l)
{
    pthread_mutex_lock(&l->lock);
    atomic_store(&l->stopped, true);
    wake(l);
    pthread_mutex_unlock(&l->lock);
}

bool loop_watch(struct loop *l, struct loop_source *s, bool writing)
{
    struct epoll_event e = {.events = EPOLLIN | (writing ? EPOLLOUT : 0), .data.ptr = s};
    return epoll_ctl(l->epoll_fd, EPOLL_CTL_ADD, s->fd, &e) == 0 ||
           epoll_ctl(l->epoll_fd, EPOLL_CTL_MOD, s->fd, &e) == 0;
}

void loop_unwatch(struct loop *l, struct loop_source *s)
{
    (void)epoll_ctl(l->epoll_fd, EPOLL_CTL_DEL, s->fd, NULL);
    for (int i = 0; i < l->event_count; i++)
        if (l->events[i].data.ptr == s)
            l->events[i].data.ptr = NULL;
}

void loop_join(struct loop *l, struct loop_member *m)
{
    struct loop_member **end = &l->members;
    while (*end)
        end = &(*end)->next;
    m->next = NULL;
    *end = m;
}

struct loop_member *loop_member_of(struct loop *l, const void *owner)
{
    struct loop_member *m = l->members;
    while (m && m->owner != owner)
        m = m->next;
    return m;
}

bool loop_spawn(struct loop *l, void (*run)(void *arg), void *arg)
{
    return task_begin(&l->ready, run, arg);
}

void loop_post(struct loop *l, struct loop_post *p)
{
    p->next = NULL;
    pthread_mutex_lock(&l->lock);
    bool alone = !l->first;
    if (alone)
        l->first = p;
    else
        l->last->next = p;
    l->last = p;
    if (alone)
        wake(l);
    pthread_mutex_unlock(&l->lock);
}

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* Not for longer than what else there is may wait. */
static void run_tasks(struct loop *l)
{
    if (!l->ready.first)
        return;
    int64_t end = now_ns() + TASKS_MOST_NS;
    for (unsigned n = 1; task_step(&l->ready); n++)
        if (n % LOOK_EVERY == 0 && now_ns() >= end)
            break;
}

static void begin(struct loop *l)
{
    for (struct loop_member *m = l->members; m; m = m->next)
        if (m->begin)
            m->begin(m->arg);
}

/* How long the loop may wait, in ms; -1: for whatever comes. */
static int settle(struct loop *l)
{
    int64_t now = clock_monotonic_ms(), wait = -1;
    for (struct loop_member *m = l->members; m; m = m->next) {
        int64_t own = m->settle ? m->settle(m->arg, now) : -1;
        if (own >= 0 && (wait < 0 || own < wait))
            wait = own;
    }
    if (l->ready.first)
        return 0;
    return wait < INT32_MAX ? (int)wait : INT32_MAX;
}

static void wait_for_events(struct loop *l, int ms)
{
    l->event_count = epoll_wait(l->epoll_fd, l->events, TOGETHER, ms);
    for (int i = 0; i < l->event_count; i++) {
        struct loop_source *s = l->events[i].data.ptr;
        if (s)
            s->ready(s->arg);
    }
    l->event_count = 0;
}

void loop_run(struct loop *l)
{
    current = l;
    while (!atomic_load_explicit(&l->stopped, memory_order_acquire)) {
        begin(l);
        run_tasks(l);
        wait_for_events(l, settle(l));
    }
    current = NULL;
    task_release_stacks();
}

void loop_set_elsewhere(struct loop *l, loop_elsewhere_fn elsewhere, void *arg)
{
    l->elsewhere = elsewhere;
    l->elsewhere_arg = arg;
}

/* A call under way on another thread; lives on the stack of the task that waits for it. */
struct errand {
    void (*run)(void *arg);
    void *arg;
    struct loop *loop;
    struct task *task;
    struct task_own *own; /* the task's */
    struct loop_post there, back;
    bool over;
};

static void come_back(void *arg)
{
    struct errand *e = arg;
    e->over = true;
    task_wake(e->task);
}

/* On the other thread; what it does there belongs to the task's request. */
static void go(void *arg)
{
    struct errand *e = arg;
    struct task_own *here = task_own(), before = *here;
    *here = *e->own;
    e->run(e->arg);
    *e->own = *here;
    *here = before;
    loop_post(e->loop, &e->back);
}

void loop_block(enum loop_wait wait, void (*run)(void *arg), void *arg)
{
    struct loop *l = current;
    struct errand e = {
        run, arg, l, task_current(), task_own(), .there = {go, &e, NULL}, .back = {come_back, &e, NULL}};
    if (!e.task || !l->elsewhere) {
        run(arg);
        return;
    }
    l->elsewhere(l->elsewhere_arg, wait, &e.there);
    while (!e.over)
        task_park();
}
