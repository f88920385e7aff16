#include "server/store/work.h"

#include "server/base/clock.h"
#include "server/base/metric.h"
#include "server/base/task.h"
#include "server/store/watch.h"

void store_request(void)
{
    struct task_own *request = task_own();
    request->binds = true;
    request->generation = 0;
}

/* A request that has read something in one epoch must not spend something in the next. */
static bool same_request(const struct view *v)
{
    struct task_own *request = task_own();
    if (!request->binds)
        return true;
    if (request->generation == 0)
        request->generation = v->generation;
    return request->generation == v->generation;
}

enum result work_begin(struct work *w, struct store *s, enum work_kind kind)
{
    *w = (struct work){.s = s, .kind = kind, .way = way_of(s, kind != WORK_READ)};
    batch_init(&w->batch);
    bool live = guard_view(s->guard, &w->view);
    return live && same_request(&w->view) ? RESULT_OK : RESULT_UNAVAILABLE;
}

enum result work_key(const struct work *w, enum store_kind kind, struct str id, struct key_name *out)
{
    bool ok = key_name_hashed(out, w->s->config.prefix, str_of(w->view.epoch), kind, id);
    return ok ? RESULT_OK : RESULT_INTERNAL;
}

void work_changes(struct work *w, const struct key_name *name)
{
    if (w->change_count < STORE_WATCHED_MOST)
        w->changes[w->change_count++] = stamps_slot(key_name_str(name));
    else
        stamps_forget(w->s->stamps);
}

void work_ends(struct work *w, enum store_kind kind, const struct key_name *name)
{
    work_changes(w, name);
    w->tells = kind == STORE_ACCESS || kind == STORE_GRANT || kind == STORE_SESSION;
}

static void told_link(struct store *s, enum link link)
{
    trouble_begin(&s->trouble, link == LINK_TIMEOUT ? STR("timeout") : STR("broken"), STR_EMPTY);
}

/* A connection that broke under way is no outage: what can be repeated is, once, on a fresh one. */
static enum result exchange(struct work *w, int64_t deadline)
{
    for (bool again = w->kind != WORK_ONCE;; again = false) {
        enum link link = way_run(&w->way, &w->batch, w->replies, deadline, &w->life);
        if (link == LINK_OK)
            return RESULT_OK;
        if (w->life == 0)
            return RESULT_UNAVAILABLE; /* nothing was sent; why was told by whoever tried to connect */
        if (link == LINK_TIMEOUT)
            way_warn(&w->way);
        if (!again || link == LINK_TIMEOUT) {
            told_link(w->s, link);
            return RESULT_UNAVAILABLE;
        }
    }
}

static const redisReply *first_error(const struct work *w, size_t from)
{
    for (size_t i = from; i < w->batch.commands; i++) {
        const redisReply *error = reply_error(w->replies[i]);
        if (error)
            return error;
    }
    return NULL;
}

/* -OOM, -LOADING, -READONLY…: whatever Redis refuses, it is an outage of ours. */
static void told_error(struct store *s, const redisReply *error)
{
    struct str text = {error->str, (size_t)error->len};
    struct str word = STR_EMPTY, rest = text;
    (void)str_cut(&rest, ' ', &word);
    trouble_begin(&s->trouble, word, text);
}

static bool is_one_of(const redisReply *error, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_starts((struct str){error->str, (size_t)error->len}, words[i]))
            return true;
    return false;
}

/* States of a whole Redis, after which another connection may reach a better one. */
static bool is_of_server(const redisReply *error)
{
    const struct str words[] = {STR("LOADING"), STR("READONLY"), STR("MASTERDOWN"), STR("NOAUTH"),
                                STR("NOPERM")};
    return is_one_of(error, words, sizeof words / sizeof words[0]);
}

/* Somebody wrote into the keys that the guard stands on. */
static bool is_of_value(const redisReply *error)
{
    const struct str words[] = {STR("WRONGTYPE"), STR("ERR value"), STR("ERR increment")};
    return is_one_of(error, words, sizeof words / sizeof words[0]);
}

static void refused(struct work *w, const redisReply *error, size_t own)
{
    told_error(w->s, error);
    const redisReply *guard = first_error(w, own);
    if (guard && is_of_value(guard))
        guard_doubt(w->s->guard, w->view.generation, DOUBT_LOSS, "the beat was overwritten");
    if (is_of_server(error))
        way_leave(&w->way, w->life);
}

/* The very connection that answered. */
struct answerer {
    const struct way *way;
    uint64_t life;
};

static enum link ask_again(void *arg, const struct batch *b, redisReply **replies, int64_t deadline)
{
    const struct answerer *by = arg;
    return way_run_on(by->way, by->life, b, replies, deadline);
}

enum result work_run(struct work *w)
{
    size_t own = w->batch.commands;
    bool writes = w->kind != WORK_READ;
    int64_t deadline = store_deadline(w->s);
    guard_ask(w->s->guard, &w->view, &w->batch, writes);
    if (w->batch.text.failed)
        return RESULT_INTERNAL;
    if (exchange(w, deadline) != RESULT_OK)
        return RESULT_UNAVAILABLE;
    const redisReply *error = first_error(w, w->may_fail);
    if (error) {
        refused(w, error, own);
        return RESULT_UNAVAILABLE;
    }
    struct answerer by = {&w->way, w->life};
    const struct asker asker = {.run = ask_again, .arg = &by};
    enum result r = guard_check(w->s->guard, &asker, &w->view, w->replies + own, writes, deadline);
    if (r == RESULT_OK && writes) {
        trouble_end(&w->s->trouble);
        atomic_store_explicit(&w->s->written, true, memory_order_relaxed);
    }
    return r;
}

static void tell(void *watch)
{
    watch_tell(watch);
}

enum result work_end(struct work *w, enum result r)
{
    replies_free(w->replies, BATCH_MAX);
    batch_free(&w->batch);
    /* Whether it succeeded or not: it may have been carried out. */
    for (unsigned i = 0; i < w->change_count; i++)
        stamps_touch(w->s->stamps, w->changes[i]);
    if (w->tells && r == RESULT_OK && w->s->watch)
        loop_block(LOOP_WAITS_BRIEFLY, tell, w->s->watch);
    if (r == RESULT_UNAVAILABLE)
        metric_add(METRIC_STORE_UNAVAILABLE);
    return r;
}
