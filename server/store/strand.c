#include "server/store/strand.h"

#include "server/base/clock.h"
#include "server/base/task.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAUSE_FIRST_MS = 50,
    PAUSE_MOST_MS = 300,
    IDLE_MS = 1000,
    OUT_MOST = 64 << 20,
    OUT_KEPT = 64 << 10 /* what a buffer may keep for the next turn */
};

/* One batch under way. On the stack of its task; of an errand when nobody waits. */
struct rider {
    struct rider *next;
    redisReply **replies;
    size_t wanted, got;
    int64_t deadline;
    struct task *task;
    struct errand *errand;
    bool over;
    enum link link;
};

struct errand {
    struct rider rider;
    strand_over_fn over;
    void *arg;
    redisReply *replies[BATCH_MAX];
};

/* A task that waits for a connection; on its stack. */
struct waiter {
    struct waiter *next;
    struct task *task;
    int64_t deadline;
    bool over;
};

struct strand {
    struct strand_parts parts;
    struct loop *loop;
    struct connection *c; /* NULL: none */
    struct loop_source source;
    uint64_t life, lives;
    unsigned flushes;           /* as many had been when it was begun */
    struct rider *first, *last; /* in the order in which they are answered */
    struct waiter *waiting;
    struct buf out;
    size_t sent;      /* of `out` */
    bool writing;     /* the socket took no more */
    int64_t soonest;  /* nobody's deadline is earlier */
    int64_t used;     /* the last deadline */
    bool down;        /* after a failure */
    int64_t retry_at; /* then */
    int64_t pause;

    /* The connection that is being made, by its thread alone until it is posted. */
    bool opening;
    pthread_t opener;
    struct loop_post made;
    struct connection *found;
};

static void opened(void *arg);

struct strand *strand_new(struct loop *l, const struct strand_parts *parts)
{
    struct strand *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->parts = *parts;
    s->loop = l;
    s->soonest = INT64_MAX;
    s->made = (struct loop_post){opened, s, NULL};
    buf_init(&s->out, OUT_MOST);
    return s;
}

uint64_t strand_life(const struct strand *s)
{
    return s->c ? s->life : 0;
}

static void end_errand(struct errand *e, enum link link)
{
    if (link != LINK_OK)
        replies_free(e->replies, BATCH_MAX);
    e->over(e->arg, link, e->replies);
    replies_free(e->replies, BATCH_MAX);
    free(e);
}

static void finish(struct rider *r, enum link link)
{
    r->over = true;
    r->link = link;
    if (r->errand)
        end_errand(r->errand, link);
    else
        task_wake(r->task);
}

static void failed(struct strand *s, int64_t pause)
{
    s->down = true;
    s->retry_at = clock_monotonic_ms() + pause;
}

static void empty_out(struct strand *s)
{
    s->sent = 0;
    if (s->out.cap <= OUT_KEPT && !s->out.failed) {
        buf_clear(&s->out);
        return;
    }
    buf_free(&s->out);
    buf_init(&s->out, OUT_MOST);
}

/* The connection is over for everybody on it. */
static void break_off(struct strand *s, enum link why)
{
    struct rider *row = s->first;
    if (!s->c)
        return;
    loop_unwatch(s->loop, &s->source);
    connection_close(s->c);
    s->c = NULL;
    s->first = s->last = NULL;
    s->writing = false;
    empty_out(s);
    if (why == LINK_TIMEOUT)
        failed(s, 0);
    while (row) {
        struct rider *r = row;
        row = r->next;
        finish(r, why);
    }
}

static void hand_out(struct strand *s, redisReply *reply)
{
    struct rider *r = s->first;
    if (!r) {
        freeReplyObject(reply); /* Redis said something unasked, or the connection was left meanwhile */
        return;
    }
    r->replies[r->got++] = reply;
    if (r->got < r->wanted)
        return;
    s->first = r->next;
    if (!s->first)
        s->last = NULL;
    finish(r, LINK_OK);
}

/* Takes what has come. One that Redis closed while nobody used it is no loss. */
static void take(void *arg)
{
    enum { TOGETHER = 64 };
    struct strand *s = arg;
    redisReply *replies[TOGETHER];
    size_t n = TOGETHER;
    while (s->c && n == TOGETHER) {
        enum link link = connection_take(s->c, replies, TOGETHER, &n);
        for (size_t i = 0; i < n; i++)
            hand_out(s, replies[i]);
        if (link != LINK_OK)
            break_off(s, LINK_BROKEN);
    }
}

/* Making a connection waits for Redis, and so is done by a thread that lives for as long as that takes. */

static void *open_one(void *arg)
{
    struct strand *s = arg;
    const struct strand_parts *p = &s->parts;
    int64_t deadline = clock_monotonic_ms() + p->config->operation_ms;
    struct connection *c = connection_open(p->config, p->trouble, deadline);
    const struct asker asker = connection_asker(c);
    if (c && guard_admit(p->guard, &asker, deadline) != RESULT_OK) {
        connection_close(c);
        c = NULL;
    }
    s->found = c;
    loop_post(s->loop, &s->made);
    return NULL;
}

static int64_t next_pause(struct strand *s)
{
    s->pause = s->pause ? s->pause * 2 : PAUSE_FIRST_MS;
    if (s->pause > PAUSE_MOST_MS)
        s->pause = PAUSE_MOST_MS;
    return s->pause;
}

/* After a failure one connection is tried at a time, and meanwhile nobody waits for it but who began it. */
static bool is_away(const struct strand *s)
{
    return s->down && (s->opening || clock_monotonic_ms() < s->retry_at);
}

static void begin_opening(struct strand *s)
{
    s->flushes = atomic_load(s->parts.flushes);
    s->opening = pthread_create(&s->opener, NULL, open_one, s) == 0;
    if (!s->opening)
        failed(s, next_pause(s));
}

static void use(struct strand *s, struct connection *c)
{
    s->source = (struct loop_source){connection_fd(c), take, s};
    if (!loop_watch(s->loop, &s->source, false)) {
        connection_close(c);
        return;
    }
    s->c = c;
    s->life = ++s->lives;
    s->down = false;
    s->pause = 0;
}

static void opened(void *arg)
{
    struct strand *s = arg;
    pthread_join(s->opener, NULL);
    s->opening = false;
    if (s->found)
        use(s, s->found);
    s->found = NULL;
    if (!s->c)
        failed(s, next_pause(s));
    for (struct waiter *w = s->waiting; w; w = w->next) {
        w->over = true;
        task_wake(w->task);
    }
    s->waiting = NULL;
}

static void drop_if_flushed(struct strand *s)
{
    if (s->c && s->flushes != atomic_load_explicit(s->parts.flushes, memory_order_acquire))
        break_off(s, LINK_BROKEN);
}

bool strand_stands(struct strand *s)
{
    drop_if_flushed(s);
    if (!s->c && !s->opening && !is_away(s))
        begin_opening(s);
    return s->c != NULL;
}

static void note_deadline(struct strand *s, int64_t deadline)
{
    if (deadline < s->soonest)
        s->soonest = deadline;
}

static void wait_for_opening(struct strand *s, int64_t deadline)
{
    struct waiter w = {.next = s->waiting, .task = task_current(), .deadline = deadline};
    s->waiting = &w;
    note_deadline(s, deadline);
    while (!w.over)
        task_park();
}

static bool have_connection(struct strand *s, int64_t deadline)
{
    bool rested = deadline - s->used > IDLE_MS;
    s->used = deadline;
    if (s->c && rested && !s->first && !connection_quiet(s->c))
        break_off(s, LINK_BROKEN);
    bool away = is_away(s);
    if (!strand_stands(s) && !away && s->opening)
        wait_for_opening(s, deadline);
    return s->c != NULL;
}

static void get_on(struct strand *s, const struct batch *b, struct rider *r)
{
    if (s->last)
        s->last->next = r;
    else
        s->first = r;
    s->last = r;
    note_deadline(s, r->deadline);
    buf_add(&s->out, buf_str(&b->text));
    if (s->out.failed)
        break_off(s, LINK_BROKEN);
}

static enum link ride(struct strand *s, const struct batch *b, redisReply **replies, int64_t deadline)
{
    struct rider r = {
        .replies = replies, .wanted = b->commands, .deadline = deadline, .task = task_current()};
    if (b->text.failed || b->commands == 0)
        return LINK_BROKEN;
    get_on(s, b, &r);
    while (!r.over)
        task_park();
    if (r.link != LINK_OK)
        replies_free(replies, b->commands);
    return r.link;
}

enum link strand_run(struct strand *s, const struct batch *b, redisReply **replies, int64_t deadline,
                     uint64_t *life)
{
    memset(replies, 0, b->commands * sizeof *replies);
    *life = 0;
    if (!have_connection(s, deadline))
        return LINK_BROKEN;
    *life = s->life;
    return ride(s, b, replies, deadline);
}

enum link strand_run_on(struct strand *s, uint64_t life, const struct batch *b, redisReply **replies,
                        int64_t deadline)
{
    memset(replies, 0, b->commands * sizeof *replies);
    drop_if_flushed(s);
    return strand_life(s) == life ? ride(s, b, replies, deadline) : LINK_BROKEN;
}

void strand_leave(struct strand *s, uint64_t life)
{
    if (s->life == life)
        break_off(s, LINK_BROKEN);
}

bool strand_send(struct strand *s, const struct batch *b, int64_t deadline, strand_over_fn over, void *arg)
{
    drop_if_flushed(s);
    if (!s->c || b->text.failed || b->commands == 0 || b->commands > BATCH_MAX)
        return false;
    struct errand *e = calloc(1, sizeof *e);
    if (!e)
        return false;
    *e = (struct errand){.over = over, .arg = arg};
    e->rider =
        (struct rider){.replies = e->replies, .wanted = b->commands, .deadline = deadline, .errand = e};
    get_on(s, b, &e->rider);
    return true;
}

static void send_out(struct strand *s)
{
    size_t sent = 0;
    if (!s->c || s->out.len == 0)
        return;
    if (connection_put(s->c, str_sub(buf_str(&s->out), s->sent, s->out.len), &sent) != LINK_OK) {
        break_off(s, LINK_BROKEN);
        return;
    }
    s->sent += sent;
    bool left = s->sent < s->out.len;
    if (left != s->writing)
        (void)loop_watch(s->loop, &s->source, left);
    s->writing = left;
    if (!left)
        empty_out(s);
}

/* Those who have waited long enough; the earliest deadline of the others. */
static int64_t dismiss_waiters(struct strand *s, int64_t now)
{
    int64_t soonest = INT64_MAX;
    for (struct waiter **at = &s->waiting; *at;) {
        struct waiter *w = *at;
        if (w->deadline > now) {
            soonest = w->deadline < soonest ? w->deadline : soonest;
            at = &w->next;
        } else {
            *at = w->next;
            w->over = true;
            task_wake(w->task);
        }
    }
    return soonest;
}

/* Answers come in order: when one is late, so are all behind it. What has come by now was in time. */
static void judge(struct strand *s, int64_t now)
{
    take(s);
    int64_t soonest = dismiss_waiters(s, now);
    bool late = false;
    for (const struct rider *r = s->first; r; r = r->next) {
        late = late || r->deadline <= now;
        soonest = r->deadline < soonest ? r->deadline : soonest;
    }
    s->soonest = soonest;
    if (late)
        break_off(s, LINK_TIMEOUT);
}

int64_t strand_settle(struct strand *s, int64_t now)
{
    drop_if_flushed(s);
    send_out(s);
    if (now >= s->soonest)
        judge(s, now);
    return s->soonest == INT64_MAX ? -1 : s->soonest > now ? s->soonest - now : 0;
}

void strand_free(struct strand *s)
{
    if (!s)
        return;
    if (s->opening)
        pthread_join(s->opener, NULL);
    connection_close(s->found);
    if (s->c)
        loop_unwatch(s->loop, &s->source);
    connection_close(s->c);
    while (s->first) {
        struct errand *e = s->first->errand;
        s->first = s->first->next;
        replies_free(e->replies, BATCH_MAX);
        free(e);
    }
    buf_free(&s->out);
    free(s);
}
