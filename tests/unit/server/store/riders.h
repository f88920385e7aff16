/* A crowd on one connection: whether everybody gets their own answers, and nothing is done twice. */
#ifndef ONEDOOR_TESTS_STORE_RIDERS_H
#define ONEDOOR_TESTS_STORE_RIDERS_H

#include "tests/unit/server/store/road.h"

enum { MOST_TOGETHER = 5, TEXT_MAX = 64, PATIENCE_MS = 60000 };

/* They ask without pause, each for what only it can want to hear, and count something up. */
static struct {
    atomic_bool over;
    atomic_int next, running;
    atomic_uint asked, answered, wrong;
} riders;

static inline bool is_mine(redisReply *const *replies, size_t n, char texts[][TEXT_MAX])
{
    int64_t number;
    for (size_t i = 0; i < n; i++)
        if (!str_eq(reply_str(replies[i]), str_of(texts[i])))
            return false;
    return reply_int(replies[n], &number);
}

typedef enum link (*riders_run_fn)(const struct batch *b, redisReply **replies);

static inline enum link riders_ask(int me, unsigned turn, riders_run_fn run)
{
    char texts[MOST_TOGETHER][TEXT_MAX];
    redisReply *replies[MOST_TOGETHER + 1];
    struct batch b;
    size_t n = turn % (MOST_TOGETHER + 1);
    batch_init(&b);
    for (size_t i = 0; i < n; i++) {
        snprintf(texts[i], TEXT_MAX, "rider %d, turn %u, word %zu", me, turn, i);
        BATCH_ADD(&b, STR("ECHO"), str_of(texts[i]));
    }
    BATCH_ADD(&b, STR("INCR"), STR("count"));
    atomic_fetch_add(&riders.asked, 1);
    enum link link = run(&b, replies);
    if (link == LINK_OK)
        atomic_fetch_add(is_mine(replies, n, texts) ? &riders.answered : &riders.wrong, 1);
    else
        for (size_t i = 0; i <= n; i++)
            atomic_fetch_add(&riders.wrong, replies[i] != NULL);
    replies_free(replies, b.commands);
    batch_free(&b);
    return link;
}

/* So many more answers have come. */
static inline void until_answered(unsigned more)
{
    unsigned enough = atomic_load(&riders.answered) + more;
    int64_t end = clock_monotonic_ms() + PATIENCE_MS;
    while (atomic_load(&riders.answered) < enough) {
        assert_true(clock_monotonic_ms() < end);
        usleep(1000);
    }
}

/* Everybody got their own, and Redis did what was answered, and no more than was asked. */
static inline void riders_judge(void)
{
    int64_t count;
    redisReply *reply = redis_ask(&world.redis, "GET count");
    assert_true(reply_int(reply, &count));
    freeReplyObject(reply);
    assert_int_equal(atomic_load(&riders.wrong), 0);
    assert_true(count >= atomic_load(&riders.answered));
    assert_true(count <= atomic_load(&riders.asked));
}

#endif
