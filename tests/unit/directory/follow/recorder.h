/* A follower that remembers by name what there is, and counts what it is told. */
#ifndef ONEDOOR_TESTS_RECORDER_H
#define ONEDOOR_TESTS_RECORDER_H

#include "directory/follow/follow.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RECORDS = 20000 };

struct record {
    unsigned char uuid[16];
    char name[64], value[96];
    bool there, named;
};

struct recorder {
    pthread_mutex_t lock;
    struct record v[RECORDS];
    size_t n;
    unsigned puts, gones, presents, refreshes, complete, settles, losses, nows;
    char cookie[512];
    unsigned refuse; /* so many puts fail */
};

static inline struct record *record_of(struct recorder *r, struct str uuid)
{
    for (size_t i = 0; i < r->n; i++)
        if (uuid.len == 16 && memcmp(r->v[i].uuid, uuid.p, 16) == 0)
            return &r->v[i];
    struct record *new = &r->v[r->n++];
    memset(new, 0, sizeof *new);
    memcpy(new->uuid, uuid.p, 16);
    return new;
}

static inline enum result recorder_begin(void *arg)
{
    struct recorder *r = arg;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < r->n; i++)
        r->v[i].named = false;
    pthread_mutex_unlock(&r->lock);
    return RESULT_OK;
}

static inline enum result recorder_put(void *arg, struct str uuid, const struct entry *e)
{
    struct recorder *r = arg;
    enum result result = RESULT_UNAVAILABLE;
    pthread_mutex_lock(&r->lock);
    if (r->refuse > 0) {
        r->refuse--;
    } else {
        struct record *it = record_of(r, uuid);
        struct str value = entry_value(e, "description");
        snprintf(it->name, sizeof it->name, STR_FMT, STR_ARG(e->dn));
        snprintf(it->value, sizeof it->value, STR_FMT, STR_ARG(value));
        it->there = it->named = true;
        r->puts++;
        result = RESULT_OK;
    }
    pthread_mutex_unlock(&r->lock);
    return result;
}

static inline enum result recorder_present(void *arg, struct str uuid)
{
    struct recorder *r = arg;
    pthread_mutex_lock(&r->lock);
    record_of(r, uuid)->named = true;
    r->presents++;
    pthread_mutex_unlock(&r->lock);
    return RESULT_OK;
}

static inline enum result recorder_gone(void *arg, struct str uuid)
{
    struct recorder *r = arg;
    pthread_mutex_lock(&r->lock);
    record_of(r, uuid)->there = false;
    r->gones++;
    pthread_mutex_unlock(&r->lock);
    return RESULT_OK;
}

static inline enum result recorder_end(void *arg, bool complete)
{
    struct recorder *r = arg;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; complete && i < r->n; i++)
        r->v[i].there = r->v[i].there && r->v[i].named;
    r->refreshes++;
    r->complete += complete;
    pthread_mutex_unlock(&r->lock);
    return RESULT_OK;
}

static inline enum result recorder_settled(void *arg, struct str cookie)
{
    struct recorder *r = arg;
    pthread_mutex_lock(&r->lock);
    snprintf(r->cookie, sizeof r->cookie, STR_FMT, STR_ARG(cookie));
    r->settles++;
    pthread_mutex_unlock(&r->lock);
    return RESULT_OK;
}

static inline enum result recorder_now(void *arg)
{
    struct recorder *r = arg;
    pthread_mutex_lock(&r->lock);
    r->nows++;
    pthread_mutex_unlock(&r->lock);
    return RESULT_OK;
}

static inline void recorder_lost(void *arg)
{
    struct recorder *r = arg;
    pthread_mutex_lock(&r->lock);
    r->losses++;
    pthread_mutex_unlock(&r->lock);
}

static inline struct follower recorder_follower(struct recorder *r)
{
    return (struct follower){.arg = r,
                             .refresh_begin = recorder_begin,
                             .put = recorder_put,
                             .present = recorder_present,
                             .gone = recorder_gone,
                             .refresh_end = recorder_end,
                             .settled = recorder_settled,
                             .began_now = recorder_now,
                             .lost = recorder_lost};
}

/* The description of the entry of that name; false when there is none. */
static inline bool recorder_has(struct recorder *r, const char *dn, const char *value)
{
    bool has = false;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < r->n; i++)
        has = has || (r->v[i].there && strcmp(r->v[i].name, dn) == 0 &&
                      (!value || strcmp(r->v[i].value, value) == 0));
    pthread_mutex_unlock(&r->lock);
    return has;
}

static inline size_t recorder_count(struct recorder *r)
{
    size_t n = 0;
    pthread_mutex_lock(&r->lock);
    for (size_t i = 0; i < r->n; i++)
        n += r->v[i].there;
    pthread_mutex_unlock(&r->lock);
    return n;
}

static inline void recorder_cookie(struct recorder *r, char out[512])
{
    pthread_mutex_lock(&r->lock);
    strcpy(out, r->cookie);
    pthread_mutex_unlock(&r->lock);
}

/* One of its counters. */
static inline unsigned recorder_read(struct recorder *r, const unsigned *counter)
{
    pthread_mutex_lock(&r->lock);
    unsigned n = *counter;
    pthread_mutex_unlock(&r->lock);
    return n;
}

/* Waits up to ten seconds for a condition. */
#define WAIT_FOR(condition)                                                                                  \
    do {                                                                                                     \
        int tries = 2000;                                                                                    \
        while (!(condition) && tries-- > 0)                                                                  \
            usleep(5000);                                                                                    \
        if (!(condition))                                                                                    \
            fail_msg("never: %s", #condition);                                                               \
    } while (0)

#endif
