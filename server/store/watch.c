#include "server/store/watch.h"

#include "server/base/clock.h"
#include "server/base/encode.h"
#include "server/base/log.h"
#include "server/base/random.h"
#include "server/store/acks.h"
#include "server/store/tick.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A server sees a change within 100 ms: 80 here, the rest for the way of an answer. */
enum { BOUND_MS = 80, SILENT_MS = 1000, PAUSE_MS = 100, CHANNEL_MAX = KEY_PREFIX_MAX + 64 };

#define INVALIDATIONS "__redis__:invalidate"

struct watch {
    const struct store_config *config;
    struct guard *guard;
    struct lane *reads;
    struct stamps *stamps;
    struct trouble *trouble;
    struct acks *acks;
    char channel[CHANNEL_MAX]; /* of this server alone */
    char asks[CHANNEL_MAX];    /* the channel in which everybody asks */
    pthread_t thread;
    atomic_bool stop;
    atomic_ullong life;   /* of the tracked connection of the lane; 0: none */
    atomic_ullong number; /* of the listener; 0: none */
    atomic_llong id;      /* the listener's, as Redis counts clients; written before its number */

    /* Of the thread alone. */
    struct connection *listener;
    uint64_t listeners;  /* so far */
    int64_t next, heard; /* when the next tick is due; when one of the lane's came out last */
    bool refused;        /* was logged */
};

/* Nothing that was read before is heard of any more. */
static void let_go(struct watch *w)
{
    atomic_store(&w->life, 0);
    stamps_forget(w->stamps);
}

static void close_listener(struct watch *w)
{
    atomic_store(&w->number, 0);
    let_go(w);
    connection_close(w->listener);
    w->listener = NULL;
}

/* A name of its own, which no other server has. */
static bool name_channels(struct watch *w)
{
    unsigned char bytes[16];
    struct arena *a = arena_new(4096);
    struct str hex = STR_EMPTY;
    if (a && random_bytes(bytes, sizeof bytes))
        hex = hex_encode(a, (struct str){(const char *)bytes, sizeof bytes});
    int len = snprintf(w->channel, sizeof w->channel, STR_FMT "alive:" STR_FMT, STR_ARG(w->config->prefix),
                       STR_ARG(hex));
    bool good = hex.len > 0 && len > 0 && (size_t)len < sizeof w->channel;
    arena_free(a);
    snprintf(w->asks, sizeof w->asks, STR_FMT "heard?", STR_ARG(w->config->prefix));
    return good;
}

static const redisReply *first_error(redisReply *const *replies, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (reply_error(replies[i]))
            return reply_error(replies[i]);
    return NULL;
}

/* Without the watch all is as right as with it, only slower. */
static void told(struct watch *w, const redisReply *error)
{
    if (!w->refused && error)
        LOG(LOG_LEVEL_WARN, "store.watch_refused", LOG_Z("why", error->str),
            LOG_Z("effect", "introspection asks Redis every time"));
    w->refused = w->refused || error;
}

static bool open_listener(struct watch *w)
{
    int64_t deadline = clock_monotonic_ms() + w->config->operation_ms;
    struct batch b;
    int64_t id;
    redisReply *replies[BATCH_MAX] = {NULL};
    w->listener = connection_open(w->config, w->trouble, deadline);
    if (!w->listener)
        return false;
    batch_init(&b);
    BATCH_ADD(&b, STR("CLIENT"), STR("ID"));
    BATCH_ADD(&b, STR("SUBSCRIBE"), STR(INVALIDATIONS));
    BATCH_ADD(&b, STR("SUBSCRIBE"), str_of(w->channel));
    BATCH_ADD(&b, STR("SUBSCRIBE"), str_of(w->asks));
    bool ok = connection_run(w->listener, &b, replies, deadline) == LINK_OK;
    const redisReply *error = ok ? first_error(replies, b.commands) : NULL;
    ok = ok && !error && reply_int(replies[0], &id);
    if (!ok)
        told(w, error);
    replies_free(replies, b.commands);
    batch_free(&b);
    if (!ok) {
        close_listener(w);
        return false;
    }
    atomic_store(&w->id, id);
    atomic_store(&w->number, ++w->listeners);
    return true;
}

/* Whoever sees a number sees its id, or a later one's, with which its ticks count for neither. */
struct watch_listener watch_listener(const struct watch *w)
{
    struct watch_listener l = {.number = atomic_load(&w->number)};
    l.id = atomic_load(&w->id);
    return l;
}

/* CACHING concerns the one command behind it. */
static void read_epoch(const struct watch *w, struct batch *b)
{
    BATCH_ADD(b, STR("CLIENT"), STR("CACHING"), STR("YES"));
    BATCH_ADD(b, STR("GET"), key_name_str(guard_epoch_key(w->guard)));
}

/* Makes the read lane's present connection the tracked one. Forgetting comes after Redis has agreed. */
static bool track(struct watch *w)
{
    struct batch b;
    uint64_t life;
    redisReply *replies[BATCH_MAX] = {NULL};
    batch_init(&b);
    tick_track(&b, atomic_load(&w->id));
    read_epoch(w, &b);
    bool ok =
        lane_run(w->reads, &b, replies, clock_monotonic_ms() + w->config->operation_ms, &life) == LINK_OK;
    const redisReply *error = ok ? first_error(replies, b.commands) : NULL;
    told(w, error);
    replies_free(replies, b.commands);
    batch_free(&b);
    if (!ok || error)
        return false;
    stamps_forget(w->stamps);
    atomic_store(&w->life, life);
    w->next = w->heard = clock_monotonic_ms();
    return true;
}

/* A tick of the first reader. False when its connection is another by now. */
static bool tick(struct watch *w)
{
    struct batch b;
    redisReply *replies[BATCH_MAX] = {NULL};
    const struct tick t = {0, atomic_load(&w->number), clock_monotonic_ms()};
    w->next = t.noted + TICK_MS;
    batch_init(&b);
    read_epoch(w, &b);
    tick_publish(&b, str_of(w->channel), &t);
    bool ok = lane_run_on(w->reads, atomic_load(&w->life), &b, replies, t.noted + w->config->operation_ms) ==
              LINK_OK;
    const redisReply *error = ok ? first_error(replies, b.commands) : NULL;
    told(w, error);
    replies_free(replies, b.commands);
    batch_free(&b);
    return ok && !error;
}

static void take_tick(struct watch *w, const struct tick *t)
{
    int64_t now = clock_monotonic_ms();
    if (t->listener != atomic_load(&w->number) || t->noted > now)
        return;
    stamps_assure(w->stamps, t->reader, t->noted + BOUND_MS);
    if (t->reader != 0)
        return;
    w->heard = now;
    if (w->refused)
        LOG(LOG_LEVEL_INFO, "store.watch_back");
    w->refused = false;
}

/* Ticks, and "heard number", which answers watch_tell. */
static void take_own(struct watch *w, struct str text)
{
    struct tick t;
    uint64_t number;
    if (tick_read(text, &t))
        take_tick(w, &t);
    else if (str_starts(text, STR("heard ")) && str_to_u64(str_sub(text, 6, text.len), INT64_MAX, &number))
        acks_heard(w->acks, number);
}

/* "channel number" of somebody who asks: what was changed before has been stamped by now. */
static void take_question(struct watch *w, struct str text)
{
    struct str number = text, channel;
    uint64_t life;
    if (!str_cut(&number, ' ', &channel) || str_eq(channel, str_of(w->channel)))
        return;
    struct batch b;
    redisReply *reply[1] = {NULL};
    char words[32];
    int len = snprintf(words, sizeof words, "heard " STR_FMT, STR_ARG(number));
    if (len < 0 || (size_t)len >= sizeof words)
        return;
    batch_init(&b);
    BATCH_ADD(&b, STR("PUBLISH"), channel, str_of(words));
    (void)lane_run(w->reads, &b, reply, clock_monotonic_ms() + w->config->operation_ms, &life);
    replies_free(reply, 1);
    batch_free(&b);
}

static void take_keys(struct watch *w, const redisReply *keys)
{
    struct str epoch = key_name_str(guard_epoch_key(w->guard));
    if (keys->type != REDIS_REPLY_ARRAY) {
        stamps_forget(w->stamps); /* nil: the whole of Redis was emptied */
        return;
    }
    for (size_t i = 0; i < keys->elements; i++) {
        struct str key = reply_str(keys->element[i]);
        if (str_eq(key, epoch))
            let_go(w); /* it is tracked anew with the lane */
        else
            stamps_touch(w->stamps, stamps_slot(key));
    }
}

/* ["message", channel, what]; others are answers to SUBSCRIBE. */
static void take_message(struct watch *w, const redisReply *m)
{
    if (m->type != REDIS_REPLY_ARRAY || m->elements != 3 || !str_eq(reply_str(m->element[0]), STR("message")))
        return;
    if (str_eq(reply_str(m->element[1]), STR(INVALIDATIONS)))
        take_keys(w, m->element[2]);
    else if (str_eq(reply_str(m->element[1]), str_of(w->asks)))
        take_question(w, reply_str(m->element[2]));
    else
        take_own(w, reply_str(m->element[2]));
}

/* Everything that has come, or comes until the next tick; less when the lane must be tracked anew. False when
 * the listener broke. */
static bool listen_a_while(struct watch *w)
{
    while (atomic_load(&w->life) != 0) {
        redisReply *m = NULL;
        int64_t left = w->next - clock_monotonic_ms();
        if (connection_hear(w->listener, left > 0 ? left : 0, &m) != LINK_OK)
            return false;
        if (!m)
            return true;
        take_message(w, m);
        freeReplyObject(m);
    }
    return true;
}

static void pause_a_while(void)
{
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
}

static bool is_silent(const struct watch *w)
{
    return clock_monotonic_ms() - w->heard > SILENT_MS;
}

/* One round: whatever is missing is made; then a tick, and what comes until the next. */
static bool go_on(struct watch *w)
{
    if (!w->listener && !open_listener(w))
        return false;
    if (atomic_load(&w->life) == 0 && !track(w)) {
        close_listener(w); /* Redis may know it no longer */
        return false;
    }
    if (clock_monotonic_ms() >= w->next && !tick(w)) {
        let_go(w);
        return true;
    }
    if (!listen_a_while(w) || is_silent(w))
        close_listener(w);
    return true;
}

static void *watch_always(void *arg)
{
    struct watch *w = arg;
    while (!atomic_load(&w->stop))
        if (!go_on(w))
            pause_a_while();
    return NULL;
}

struct watch *watch_start(const struct store_config *config, struct guard *guard, struct lane *reads,
                          struct stamps *stamps, struct trouble *trouble)
{
    struct watch *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->config = config;
    w->guard = guard;
    w->reads = reads;
    w->stamps = stamps;
    w->trouble = trouble;
    w->acks = acks_new();
    if (w->acks && name_channels(w) && pthread_create(&w->thread, NULL, watch_always, w) == 0)
        return w;
    acks_free(w->acks);
    free(w);
    return NULL;
}

void watch_stop(struct watch *w)
{
    if (!w)
        return;
    atomic_store(&w->stop, true);
    pthread_join(w->thread, NULL);
    connection_close(w->listener);
    acks_free(w->acks);
    free(w);
}

uint64_t watch_life(const struct watch *w)
{
    return atomic_load(&w->life);
}

struct str watch_channel(const struct watch *w)
{
    return str_of(w->channel);
}

int64_t watch_patience_ms(const struct watch *w)
{
    return w->config->operation_ms;
}

/*
 * How many listen; negative when that is not known. The lane is shared: a deadline as short as BOUND_MS would
 * close it for everybody whenever Redis pauses for a moment, and to wait longer here does no harm.
 */
static int64_t ask_all(struct watch *w, uint64_t number)
{
    int64_t deadline = clock_monotonic_ms() + w->config->operation_ms;
    struct batch b;
    redisReply *reply[1] = {NULL};
    char words[CHANNEL_MAX + 24];
    uint64_t life;
    int64_t listeners = -1;
    snprintf(words, sizeof words, "%s %llu", w->channel, (unsigned long long)number);
    batch_init(&b);
    BATCH_ADD(&b, STR("PUBLISH"), str_of(w->asks), str_of(words));
    if (lane_run(w->reads, &b, reply, deadline, &life) != LINK_OK || !reply_int(reply[0], &listeners))
        listeners = -1;
    replies_free(reply, 1);
    batch_free(&b);
    return listeners;
}

void watch_tell(struct watch *w)
{
    int64_t deadline = clock_monotonic_ms() + BOUND_MS;
    uint64_t number = acks_begin(w->acks);
    int64_t listeners = number > 0 ? ask_all(w, number) : -1;
    /* One of them is this server. Who did not get the question may still believe: until the deadline. */
    if (number > 0)
        (void)acks_wait(w->acks, number, listeners < 0 ? INT64_MAX : listeners - 1, deadline);
    else
        nanosleep(&(struct timespec){.tv_nsec = BOUND_MS * 1000000L}, NULL);
}
