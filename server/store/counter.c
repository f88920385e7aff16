#include "server/store/sealed.h"

/* Those of a counter, and TTL. */
enum { COMMANDS = COUNTER_COMMANDS + 1 };

void counter_add_commands(struct work *w, const struct key_name *name, int64_t by, int64_t window)
{
    struct digits seconds, step;
    struct str key = key_name_str(name);
    BATCH_ADD(&w->batch, STR("SET"), key, STR("0"), STR("NX"), STR("EX"), word_of_ttl(&seconds, window));
    BATCH_ADD(&w->batch, STR("INCRBY"), key, word_of_int(&step, by));
}

static enum result add_commands(struct work *w, const struct store_counter *c)
{
    struct key_name name;
    enum result r = work_key(w, STORE_THROTTLE, c->id, &name);
    if (r != RESULT_OK)
        return r;
    counter_add_commands(w, &name, c->by, c->window);
    BATCH_ADD(&w->batch, STR("TTL"), key_name_str(&name));
    return RESULT_OK;
}

static enum result read_answer(redisReply *const *replies, struct store_counter *c)
{
    if (!reply_int(replies[1], &c->count) || !reply_int(replies[2], &c->left))
        return RESULT_UNAVAILABLE;
    if (c->left < 0 || c->left > c->window) /* no limit, or that of somebody else's making */
        c->left = c->window;
    return RESULT_OK;
}

static enum result read_answers(const redisReply *exec, struct store_counter *v, size_t n)
{
    enum result r = RESULT_OK;
    if (exec->type != REDIS_REPLY_ARRAY || exec->elements != n * COMMANDS)
        return RESULT_UNAVAILABLE;
    for (size_t i = 0; r == RESULT_OK && i < n; i++)
        r = read_answer(exec->element + i * COMMANDS, &v[i]);
    return r;
}

/*
 * A count is a plain number under a hashed name: it tells nothing, and a sealed one could not be added to in
 * one step.
 */
enum result store_count(struct store *s, struct store_counter *v, size_t n)
{
    struct work w;
    if (n == 0 || n > STORE_COUNTERS_MOST)
        return RESULT_INTERNAL;
    enum result r = work_begin(&w, s, WORK_ONCE);
    BATCH_ADD(&w.batch, STR("MULTI"));
    for (size_t i = 0; r == RESULT_OK && i < n; i++)
        r = add_commands(&w, &v[i]);
    BATCH_ADD(&w.batch, STR("EXEC"));
    size_t exec = w.batch.commands - 1;
    if (r == RESULT_OK)
        r = work_run(&w);
    if (r == RESULT_OK)
        r = read_answers(w.replies[exec], v, n);
    return work_end(&w, r);
}
