#include "server/store/lane.h"

#include "server/base/clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PAUSE_FIRST_MS = 50, PAUSE_MOST_MS = 300, OUT_MOST = 64 << 20 };

/* One batch under way. Lives on its caller's stack, and is in the row until it is over. */
struct rider {
    struct rider *next;
    redisReply **replies;
    size_t wanted, got;
    bool over;
    enum link link;
    pthread_cond_t woken;
};

/* A connection in use. It is closed by whoever leaves it last. */
struct wire {
    struct connection *c;
    uint64_t life;
    unsigned users;
    bool broken; /* no longer the lane's */
    bool sending, reading;
};

struct lane {
    const struct store_config *config;
    struct guard *guard;
    struct trouble *trouble;
    pthread_mutex_t lock;
    pthread_cond_t changed; /* a connection was made, or could not be */
    struct wire *wire;      /* NULL: none */
    uint64_t lives;
    struct rider *first, *last; /* in the order in which they are answered */
    struct buf out;             /* what was not written yet */
    bool opening, down;         /* down: after a failure */
    atomic_llong retry_at;
    int64_t pause;
    struct lane *other; /* the way to the same Redis */
};

static void cond_init(pthread_cond_t *c)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(c, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

static bool wait_until(pthread_cond_t *c, pthread_mutex_t *lock, int64_t deadline)
{
    struct timespec until = {.tv_sec = (time_t)(deadline / 1000),
                             .tv_nsec = (long)(deadline % 1000) * 1000000};
    return pthread_cond_timedwait(c, lock, &until) == 0;
}

struct lane *lane_new(const struct store_config *config, struct guard *guard, struct trouble *trouble)
{
    struct lane *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->config = config;
    l->guard = guard;
    l->trouble = trouble;
    pthread_mutex_init(&l->lock, NULL);
    cond_init(&l->changed);
    buf_init(&l->out, OUT_MOST);
    return l;
}

/* The rest is called with the lock held, which is released while Redis is waited for. */

static void unuse(struct wire *w)
{
    if (--w->users > 0)
        return;
    connection_close(w->c);
    free(w);
}

static void finish(struct rider *r, enum link link)
{
    r->over = true;
    r->link = link;
    pthread_cond_signal(&r->woken);
}

/* The present connection is over for everybody on it. Who sends or reads there wakes up from that. */
static void break_wire(struct lane *l, enum link why)
{
    struct wire *w = l->wire;
    if (!w)
        return;
    l->wire = NULL;
    w->broken = true;
    connection_shut(w->c);
    while (l->first) {
        struct rider *r = l->first;
        l->first = r->next;
        finish(r, why);
    }
    l->last = NULL;
    buf_free(&l->out);
    buf_init(&l->out, OUT_MOST);
    unuse(w);
}

static void failed(struct lane *l, int64_t pause)
{
    l->down = true;
    atomic_store(&l->retry_at, clock_monotonic_ms() + pause);
}

static int64_t next_pause(struct lane *l)
{
    l->pause = l->pause ? l->pause * 2 : PAUSE_FIRST_MS;
    if (l->pause > PAUSE_MOST_MS)
        l->pause = PAUSE_MOST_MS;
    return l->pause;
}

static struct wire *wire_new(struct lane *l, struct connection *c)
{
    struct wire *w = c ? calloc(1, sizeof *w) : NULL;
    if (w)
        *w = (struct wire){.c = c, .life = ++l->lives, .users = 1};
    else
        connection_close(c);
    return w;
}

/* Where one lane gets through, so does the other. */
static void open_wire(struct lane *l, int64_t deadline)
{
    l->opening = true;
    pthread_mutex_unlock(&l->lock);
    struct connection *c = connection_open(l->config, l->trouble, deadline);
    const struct asker asker = connection_asker(c);
    if (c && guard_admit(l->guard, &asker, deadline) != RESULT_OK) {
        connection_close(c);
        c = NULL;
    }
    pthread_mutex_lock(&l->lock);
    l->opening = false;
    l->wire = wire_new(l, c);
    if (l->wire) {
        l->down = false;
        l->pause = 0;
        if (l->other)
            lane_retry(l->other);
    } else {
        failed(l, next_pause(l));
    }
    pthread_cond_broadcast(&l->changed);
}

/* One that Redis closed while nobody used it is no loss. */
static void drop_if_closed(struct lane *l)
{
    struct wire *w = l->wire;
    if (w && !l->first && !w->sending && !w->reading && !connection_quiet(w->c))
        break_wire(l, LINK_BROKEN);
}

static bool have_wire(struct lane *l, int64_t deadline)
{
    drop_if_closed(l);
    while (!l->wire) {
        bool away = l->down && (l->opening || clock_monotonic_ms() < atomic_load(&l->retry_at));
        if (away)
            return false;
        if (l->opening) {
            if (!wait_until(&l->changed, &l->lock, deadline) && !l->wire)
                return false;
        } else {
            open_wire(l, deadline);
            if (!l->wire)
                return false;
        }
    }
    return true;
}

static void get_on(struct lane *l, struct rider *r)
{
    if (l->last)
        l->last->next = r;
    else
        l->first = r;
    l->last = r;
}

/* Writes what there is, and what others add meanwhile. */
static void send_out(struct lane *l, struct wire *w)
{
    w->sending = true;
    w->users++;
    while (!w->broken && l->out.len > 0) {
        struct buf now = l->out;
        buf_init(&l->out, OUT_MOST);
        pthread_mutex_unlock(&l->lock);
        enum link link = connection_send(w->c, buf_str(&now));
        buf_free(&now);
        pthread_mutex_lock(&l->lock);
        if (link != LINK_OK && !w->broken)
            break_wire(l, link);
    }
    w->sending = false;
    unuse(w);
}

static void hand_out(struct lane *l, redisReply *reply)
{
    struct rider *r = l->first;
    if (!r) {
        freeReplyObject(reply); /* Redis said something unasked */
        return;
    }
    r->replies[r->got++] = reply;
    if (r->got < r->wanted)
        return;
    l->first = r->next;
    if (!l->first)
        l->last = NULL;
    finish(r, LINK_OK);
}

/* One read, and all replies that it brought. */
static void read_some(struct lane *l, struct wire *w, int64_t deadline)
{
    enum { TOGETHER = 64 };
    redisReply *replies[TOGETHER];
    size_t n = 0;
    pthread_mutex_unlock(&l->lock);
    enum link link = connection_receive_some(w->c, replies, TOGETHER, &n, deadline);
    pthread_mutex_lock(&l->lock);
    for (size_t i = 0; i < n; i++) {
        if (w->broken)
            freeReplyObject(replies[i]);
        else
            hand_out(l, replies[i]);
    }
    if (link != LINK_OK && !w->broken)
        break_wire(l, link);
}

/* Reads for all until its own replies are there; then the first who still waits goes on. */
static void lead(struct lane *l, struct wire *w, struct rider *r, int64_t deadline)
{
    w->reading = true;
    w->users++;
    while (!r->over) {
        read_some(l, w, deadline);
        if (!r->over && clock_monotonic_ms() >= deadline)
            break_wire(l, LINK_TIMEOUT);
    }
    w->reading = false;
    if (!w->broken && l->first)
        pthread_cond_signal(&l->first->woken);
    unuse(w);
}

static void ride(struct lane *l, struct wire *w, struct rider *r, int64_t deadline)
{
    while (!r->over) {
        if (!w->reading)
            lead(l, w, r, deadline);
        else if (!wait_until(&r->woken, &l->lock, deadline) && !r->over && clock_monotonic_ms() >= deadline)
            break_wire(l, LINK_TIMEOUT);
    }
}

static enum link run(struct lane *l, const struct batch *b, redisReply **replies, int64_t deadline)
{
    struct wire *w = l->wire;
    struct rider r = {.replies = replies, .wanted = b->commands};
    if (b->text.failed || b->commands == 0)
        return LINK_BROKEN;
    cond_init(&r.woken);
    buf_add(&l->out, buf_str(&b->text));
    get_on(l, &r);
    w->users++;
    if (l->out.failed)
        break_wire(l, LINK_BROKEN);
    else if (!w->sending)
        send_out(l, w);
    ride(l, w, &r, deadline);
    unuse(w);
    pthread_cond_destroy(&r.woken);
    if (r.link == LINK_OK)
        return LINK_OK;
    replies_free(replies, b->commands);
    if (r.link == LINK_TIMEOUT)
        failed(l, 0);
    return r.link;
}

enum link lane_run(struct lane *l, const struct batch *b, redisReply **replies, int64_t deadline,
                   uint64_t *life)
{
    enum link link = LINK_BROKEN;
    memset(replies, 0, b->commands * sizeof *replies);
    *life = 0;
    pthread_mutex_lock(&l->lock);
    if (have_wire(l, deadline)) {
        *life = l->wire->life;
        link = run(l, b, replies, deadline);
    }
    pthread_mutex_unlock(&l->lock);
    return link;
}

enum link lane_run_on(struct lane *l, uint64_t life, const struct batch *b, redisReply **replies,
                      int64_t deadline)
{
    enum link link = LINK_BROKEN;
    memset(replies, 0, b->commands * sizeof *replies);
    pthread_mutex_lock(&l->lock);
    if (l->wire && l->wire->life == life)
        link = run(l, b, replies, deadline);
    pthread_mutex_unlock(&l->lock);
    return link;
}

void lane_leave(struct lane *l, uint64_t life)
{
    pthread_mutex_lock(&l->lock);
    if (l->wire && l->wire->life == life)
        break_wire(l, LINK_BROKEN);
    pthread_mutex_unlock(&l->lock);
}

void lane_flush(struct lane *l)
{
    pthread_mutex_lock(&l->lock);
    break_wire(l, LINK_BROKEN);
    pthread_mutex_unlock(&l->lock);
}

void lane_suspect(struct lane *l)
{
    pthread_mutex_lock(&l->lock);
    break_wire(l, LINK_BROKEN);
    failed(l, 0);
    pthread_mutex_unlock(&l->lock);
}

void lane_retry(struct lane *l)
{
    atomic_store(&l->retry_at, 0);
}

void lane_pair(struct lane *one, struct lane *other)
{
    one->other = other;
    other->other = one;
}

void lane_free(struct lane *l)
{
    if (!l)
        return;
    lane_flush(l);
    buf_free(&l->out);
    pthread_cond_destroy(&l->changed);
    pthread_mutex_destroy(&l->lock);
    free(l);
}
