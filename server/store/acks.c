#include "server/store/acks.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* As many as threads that may end something at once. */
enum { OPEN_MOST = 512 };

struct acks {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    uint64_t last;
    struct {
        uint64_t number; /* 0: free */
        int64_t heard;
    } open[OPEN_MOST];
};

struct acks *acks_new(void)
{
    struct acks *a = calloc(1, sizeof *a);
    pthread_condattr_t monotonic;
    if (!a || pthread_condattr_init(&monotonic) != 0) {
        free(a);
        return NULL;
    }
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&a->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&a->lock, NULL);
    return a;
}

void acks_free(struct acks *a)
{
    if (!a)
        return;
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

uint64_t acks_begin(struct acks *a)
{
    uint64_t number = 0;
    pthread_mutex_lock(&a->lock);
    for (int i = 0; i < OPEN_MOST && number == 0; i++)
        if (a->open[i].number == 0) {
            number = a->open[i].number = ++a->last;
            a->open[i].heard = 0;
        }
    pthread_mutex_unlock(&a->lock);
    return number;
}

/* Under the lock; NULL when it is over. */
static int64_t *heard_of(struct acks *a, uint64_t number)
{
    for (int i = 0; i < OPEN_MOST; i++)
        if (a->open[i].number == number)
            return &a->open[i].heard;
    return NULL;
}

void acks_heard(struct acks *a, uint64_t number)
{
    pthread_mutex_lock(&a->lock);
    int64_t *heard = number > 0 ? heard_of(a, number) : NULL;
    if (heard) {
        ++*heard;
        pthread_cond_broadcast(&a->changed);
    }
    pthread_mutex_unlock(&a->lock);
}

static void close_question(struct acks *a, uint64_t number)
{
    for (int i = 0; i < OPEN_MOST; i++)
        if (a->open[i].number == number)
            a->open[i].number = 0;
}

bool acks_wait(struct acks *a, uint64_t number, int64_t wanted, int64_t deadline)
{
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000),
                             .tv_nsec = (long)(deadline % 1000) * 1000000};
    bool late = false;
    pthread_mutex_lock(&a->lock);
    int64_t *heard = heard_of(a, number);
    while (*heard < wanted && !late)
        late = pthread_cond_timedwait(&a->changed, &a->lock, &until) != 0;
    bool all = *heard >= wanted;
    close_question(a, number);
    pthread_mutex_unlock(&a->lock);
    return all;
}
