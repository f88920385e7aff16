/* A loop that runs on a thread of its own, and how a test has something done there. */
#ifndef ONEDOOR_TESTS_WHEEL_H
#define ONEDOOR_TESTS_WHEEL_H

#include "server/base/loop.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct wheel {
    struct loop *loop;
    pthread_t thread;
};

static inline void *wheel_turn(void *arg)
{
    loop_run(arg);
    return NULL;
}

static inline void wheel_start(struct wheel *w)
{
    if (pthread_create(&w->thread, NULL, wheel_turn, w->loop) != 0)
        abort();
}

/* When no task is left. */
static inline void wheel_stop(struct wheel *w)
{
    loop_stop(w->loop);
    pthread_join(w->thread, NULL);
    loop_free(w->loop);
}

struct wheel_call {
    struct loop_post post;
    void (*run)(void *arg);
    void *arg;
    sem_t over;
};

static inline void wheel_call_run(void *arg)
{
    struct wheel_call *c = arg;
    c->run(c->arg);
    sem_post(&c->over);
}

static inline void wheel_call_spawn(void *arg)
{
    if (!loop_spawn(loop_current(), wheel_call_run, arg))
        abort();
}

static inline void wheel_wait(struct wheel *w, struct wheel_call *c)
{
    sem_init(&c->over, 0, 0);
    loop_post(w->loop, &c->post);
    while (sem_wait(&c->over) != 0)
        ;
    sem_destroy(&c->over);
}

/* In a task; returns when it has returned. */
static inline void wheel_do(struct wheel *w, void (*run)(void *arg), void *arg)
{
    struct wheel_call c = {.run = run, .arg = arg};
    c.post = (struct loop_post){wheel_call_spawn, &c, NULL};
    wheel_wait(w, &c);
}

/* On the loop's thread, outside all tasks. */
static inline void wheel_tell(struct wheel *w, void (*run)(void *arg), void *arg)
{
    struct wheel_call c = {.run = run, .arg = arg};
    c.post = (struct loop_post){wheel_call_run, &c, NULL};
    wheel_wait(w, &c);
}

#endif
