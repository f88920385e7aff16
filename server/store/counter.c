#include "server/store/work.h"

/* MULTI, SET NX EX, INCRBY, TTL, EXEC: the count and its window begin in one step. */
static void add_commands(struct work *w, struct str name, int64_t by, int64_t window)
{
    struct digits seconds, step;
    BATCH_ADD(&w->batch, STR("MULTI"));
    BATCH_ADD(&w->batch, STR("SET"), name, STR("0"), STR("NX"), STR("EX"), word_of_ttl(&seconds, window));
    BATCH_ADD(&w->batch, STR("INCRBY"), name, word_of_int(&step, by));
    BATCH_ADD(&w->batch, STR("TTL"), name);
    BATCH_ADD(&w->batch, STR("EXEC"));
}

static enum result read_answer(const redisReply *exec, int64_t window, int64_t *count, int64_t *left)
{
    if (exec->type != REDIS_REPLY_ARRAY || exec->elements != 3 || !reply_int(exec->element[1], count))
        return RESULT_UNAVAILABLE;
    *left = exec->element[2]->integer;
    if (*left < 0 || *left > window) /* no limit, or that of somebody else's making */
        *left = window;
    return RESULT_OK;
}

/*
 * A count is a plain number under a hashed name: it tells nothing, and a sealed one could not be added to in
 * one step.
 */
enum result store_count(struct store *s, struct arena *a, struct str id, int64_t by, int64_t window,
                        int64_t *count, int64_t *left)
{
    (void)a;
    struct work w;
    struct key_name name;
    *count = *left = 0;
    enum result r = work_begin(&w, s, WORK_ONCE);
    if (r == RESULT_OK)
        r = work_key(&w, STORE_THROTTLE, id, &name);
    if (r == RESULT_OK) {
        add_commands(&w, key_name_str(&name), by, window);
        r = work_run(&w);
    }
    if (r == RESULT_OK)
        r = read_answer(w.replies[4], window, count, left);
    return work_end(&w, r);
}
