/* What the stories about belief have in common: servers that listen, and how one reads so that it may
 * believe. */
#ifndef ONEDOOR_TESTS_STORE_WATCHING_H
#define ONEDOOR_TESTS_STORE_WATCHING_H

#include "tests/unit/server/store/world.h"
#include "tests/unit/support/wheel.h"

#include "server/store/stamps.h"

enum { PATIENCE_MS = 10000 };

static inline struct store *listening(void)
{
    struct store *s = server();
    assert_true(store_watch(s));
    for (int64_t end = clock_monotonic_ms() + PATIENCE_MS; !store_watching(s);) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
    return s;
}

static inline struct store_watched look(struct store *s, const char *id, bool *there)
{
    struct store_key key = {STORE_SESSION, str_of(id)};
    struct str value;
    struct store_watched w;
    struct arena *a = arena_new(1 << 16);
    if (store_get_watched(s, a, &key, 1, &value, &w) != RESULT_OK)
        w.kept = false;
    *there = value.p != NULL;
    arena_free(a);
    return w;
}

/* Read so that it may be believed; a connection that is being made takes a moment. */
static inline struct store_watched believe(struct store *s, const char *id)
{
    struct store_watched w;
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    bool there;
    do {
        assert_true(clock_monotonic_ms() < end);
        w = look(s, id, &there);
    } while (!store_watched_holds(s, &w));
    return w;
}

static inline void until_over(struct store *s, const struct store_watched *w)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (store_watched_holds(s, w))
        assert_true(clock_monotonic_ms() < end);
}

static inline void ask(const char *command)
{
    freeReplyObject(redis_ask(&world.redis, command));
}

/* The same over the strand of a loop. */

struct query {
    struct store *s;
    const char *id;
    struct store_watched w;
    bool there, here;
};

static inline void ask_here(void *arg)
{
    struct query *q = arg;
    q->here = store_here(q->s);
}

static inline void until_here(struct wheel *w, struct store *s)
{
    struct query q = {.s = s};
    for (int64_t end = clock_monotonic_ms() + PATIENCE_MS; !q.here;) {
        assert_true(clock_monotonic_ms() < end);
        wheel_tell(w, ask_here, &q);
    }
}

/* A loop with a connection of its own. */
static inline struct wheel at_loop(struct store *s)
{
    struct wheel w = {.loop = loop_new()};
    wheel_start(&w);
    until_here(&w, s);
    return w;
}

static inline void look_there(void *arg)
{
    struct query *q = arg;
    q->w = look(q->s, q->id, &q->there);
}

static inline struct store_watched believe_at(struct wheel *wheel, struct store *s, const char *id)
{
    struct query q = {.s = s, .id = id};
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    do {
        assert_true(clock_monotonic_ms() < end);
        wheel_do(wheel, look_there, &q);
    } while (!store_watched_holds(s, &q.w));
    assert_int_not_equal(q.w.reader, 0);
    return q.w;
}

/* Without being read anew, once what is heard is whole. */
static inline void until_believed_at(struct wheel *wheel, struct store *s, const struct store_watched *w)
{
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (!store_watched_holds(s, w)) {
        assert_true(clock_monotonic_ms() < end);
        believe_at(wheel, s, "whatever");
    }
}

#endif
