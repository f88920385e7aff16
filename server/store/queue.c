/*
 * Jobs that are due at a time. For each kind one sorted set of ids by time; for each job its sealed record,
 * and while somebody has it, or it waits for its next turn, a lease that only one can take (SET NX EX).
 */
#include "server/store/sealed.h"

#include <string.h>

/* MULTI, the jobs, ZADD, EXPIRE, GETDEL, EXEC and the guard's two must fit into a batch. */
enum { CHUNK = BATCH_MAX - 7, ADD_WORDS = 3 + 2 * CHUNK };

/* The names of what belongs to a queue; no id of a job is "due". */
static enum result name_set(const struct work *w, enum store_kind kind, struct key_name *out)
{
    return work_key(w, kind, STR("due"), out);
}

static enum result name_lease(const struct work *w, struct arena *a, enum store_kind kind, struct str id,
                              struct key_name *out)
{
    struct str name = arena_join(a, (struct str[]){STR("lease:"), id}, 2);
    return name.len > 0 ? work_key(w, kind, name, out) : RESULT_INTERNAL;
}

enum result store_queue_length(struct store *s, enum store_kind kind, uint64_t *out)
{
    struct work w;
    struct key_name set;
    int64_t length = 0;
    enum result r = work_begin(&w, s, WORK_READ);
    if (r == RESULT_OK)
        r = name_set(&w, kind, &set);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, STR("ZCARD"), key_name_str(&set));
        r = work_run(&w);
    }
    if (r == RESULT_OK && !reply_int(w.replies[0], &length))
        r = RESULT_UNAVAILABLE;
    *out = (uint64_t)length;
    return work_end(&w, r);
}

static enum result has_room(struct store *s, const struct store_jobs *jobs)
{
    uint64_t length;
    if (jobs->n == 0)
        return RESULT_OK;
    enum result r = store_queue_length(s, jobs->kind, &length);
    return r == RESULT_OK && length + jobs->n > jobs->most ? RESULT_REFUSED : r;
}

/* One step of a few jobs: NX keeps what waits already, so that the step may be sent twice. */
static enum result add_commands(struct work *w, struct arena *a, const struct store_jobs *jobs,
                                const struct key_name *ends)
{
    struct key_name set;
    struct str words[ADD_WORDS];
    struct digits due, ttl, keep;
    size_t n = 0;
    enum result r = name_set(w, jobs->kind, &set);
    words[n++] = STR("ZADD");
    words[n++] = key_name_str(&set);
    words[n++] = STR("NX");
    BATCH_ADD(&w->batch, STR("MULTI"));
    for (size_t i = 0; r == RESULT_OK && i < jobs->n; i++) {
        struct sealed record;
        r = sealed_close(w, a, jobs->kind, jobs->v[i].id, jobs->v[i].value, &record);
        if (r == RESULT_OK)
            BATCH_ADD(&w->batch, STR("SET"), key_name_str(&record.name), record.value, STR("NX"), STR("EX"),
                      word_of_ttl(&ttl, jobs->ttl));
        words[n++] = word_of_int(&due, jobs->due);
        words[n++] = jobs->v[i].id;
    }
    if (jobs->n > 0) {
        batch_add(&w->batch, words, n);
        /* A set of an epoch that is over must not lie there for ever. */
        BATCH_ADD(&w->batch, STR("EXPIRE"), key_name_str(&set), word_of_ttl(&keep, jobs->ttl));
    }
    if (ends)
        BATCH_ADD(&w->batch, STR("GETDEL"), key_name_str(ends));
    BATCH_ADD(&w->batch, STR("EXEC"));
    return r;
}

/* What the record held, from the last answer of EXEC. */
static enum result read_last(const struct work *w, struct arena *a, const struct store_key *ends,
                             const struct key_name *name, struct str *last)
{
    const redisReply *exec = w->replies[w->batch.commands - 3]; /* the guard's two stand behind it */
    if (exec->type != REDIS_REPLY_ARRAY || exec->elements == 0)
        return RESULT_UNAVAILABLE;
    if (!ends)
        return RESULT_OK;
    enum result r = sealed_open(w, a, ends->kind, name, exec->element[exec->elements - 1], last);
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

static enum result add_few(struct store *s, struct arena *a, const struct store_jobs *jobs,
                           const struct store_key *ends, struct str *last)
{
    struct work w;
    struct key_name name;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    if (r == RESULT_OK && ends)
        r = work_key(&w, ends->kind, ends->id, &name);
    if (r == RESULT_OK && ends)
        work_ends(&w, ends->kind, &name);
    if (r == RESULT_OK)
        r = add_commands(&w, a, jobs, ends ? &name : NULL);
    if (r == RESULT_OK)
        r = work_run(&w);
    if (r == RESULT_OK)
        r = read_last(&w, a, ends, &name, last);
    return work_end(&w, r);
}

/* The last chunk ends the record: whoever sees it gone sees all its jobs. */
static enum result add_all(struct store *s, struct arena *a, const struct store_jobs *jobs,
                           const struct store_key *ends, struct str *last)
{
    struct store_jobs some = *jobs;
    enum result r = has_room(s, jobs);
    for (size_t left = jobs->n; r == RESULT_OK; left -= CHUNK, some.v += CHUNK) {
        bool is_last = left <= CHUNK;
        some.n = is_last ? left : CHUNK;
        r = add_few(s, a, &some, is_last ? ends : NULL, last);
        if (is_last)
            break;
    }
    return r;
}

enum result store_queue_add(struct store *s, struct arena *a, const struct store_jobs *jobs)
{
    return jobs->n == 0 ? RESULT_OK : add_all(s, a, jobs, NULL, NULL);
}

enum result store_end_and_queue(struct store *s, struct arena *a, struct store_key ends,
                                const struct store_jobs *jobs, struct str *last)
{
    *last = STR_EMPTY;
    return add_all(s, a, jobs, &ends, last);
}

static enum result copy_ids(const redisReply *list, struct arena *a, struct store_job *out, size_t room,
                            size_t *count)
{
    if (list->type != REDIS_REPLY_ARRAY)
        return RESULT_UNAVAILABLE;
    for (size_t i = 0; i < list->elements && *count < room; i++) {
        out[*count] = (struct store_job){.id = arena_copy(a, reply_str(list->element[i]))};
        if (out[*count].id.len > 0)
            (*count)++;
    }
    return arena_failed(a) ? RESULT_INTERNAL : RESULT_OK;
}

static enum result due_ids(struct store *s, struct arena *a, enum store_kind kind, int64_t now,
                           struct store_job *out, size_t room, size_t *count)
{
    struct work w;
    struct key_name set;
    struct digits until, most;
    *count = 0;
    enum result r = work_begin(&w, s, WORK_READ);
    if (r == RESULT_OK)
        r = name_set(&w, kind, &set);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, STR("ZRANGEBYSCORE"), key_name_str(&set), STR("-inf"), word_of_int(&until, now),
                  STR("LIMIT"), STR("0"), word_of_int(&most, (int64_t)room));
        r = work_run(&w);
    }
    if (r == RESULT_OK)
        r = copy_ids(w.replies[0], a, out, room, count);
    return work_end(&w, r);
}

enum result store_queue_due(struct store *s, struct arena *a, enum store_kind kind, int64_t now,
                            struct store_job *out, size_t room, size_t *count)
{
    enum result r = due_ids(s, a, kind, now, out, room, count);
    if (r != RESULT_OK || *count == 0)
        return r;
    struct store_key *keys = arena_alloc(a, *count * sizeof *keys);
    struct str *values = arena_alloc(a, *count * sizeof *values);
    if (!keys || !values)
        return RESULT_INTERNAL;
    for (size_t i = 0; i < *count; i++)
        keys[i] = (struct store_key){kind, out[i].id};
    r = store_get_many(s, a, keys, *count, values);
    for (size_t i = 0; i < *count; i++)
        out[i].value = values[i];
    return r;
}

/* GT: what another server has put off further stays there. */
enum result store_queue_put_off(struct store *s, struct arena *a, enum store_kind kind,
                                const struct store_delay *v, size_t n)
{
    struct work w;
    struct key_name set;
    struct str *words = n > 0 ? arena_alloc(a, (4 + 2 * n) * sizeof *words) : NULL;
    struct digits *scores = n > 0 ? arena_alloc(a, n * sizeof *scores) : NULL;
    if (n == 0)
        return RESULT_OK;
    if (!words || !scores)
        return RESULT_INTERNAL;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    if (r == RESULT_OK)
        r = name_set(&w, kind, &set);
    if (r == RESULT_OK) {
        memcpy(words, (struct str[]){STR("ZADD"), key_name_str(&set), STR("XX"), STR("GT")},
               4 * sizeof *words);
        for (size_t i = 0; i < n; i++) {
            words[4 + 2 * i] = word_of_int(&scores[i], v[i].due);
            words[5 + 2 * i] = v[i].id;
        }
        batch_add(&w.batch, words, 4 + 2 * n);
        r = work_run(&w);
    }
    return work_end(&w, r);
}

static enum result take_lease(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                              int64_t lease, struct str *value)
{
    struct work w;
    struct key_name job, name;
    struct digits seconds;
    enum result r = work_begin(&w, s, WORK_ONCE);
    if (r == RESULT_OK)
        r = work_key(&w, kind, id, &job);
    if (r == RESULT_OK)
        r = name_lease(&w, a, kind, id, &name);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, STR("SET"), key_name_str(&name), STR("1"), STR("NX"), STR("EX"),
                  word_of_ttl(&seconds, lease));
        BATCH_ADD(&w.batch, STR("GET"), key_name_str(&job));
        r = work_run(&w);
    }
    if (r == RESULT_OK && !reply_ok(w.replies[0]))
        r = RESULT_USED;
    if (r == RESULT_OK)
        r = sealed_open(&w, a, kind, &job, w.replies[1], value);
    return work_end(&w, r);
}

enum result store_queue_claim(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                              int64_t now, int64_t lease, struct str *value)
{
    *value = STR_EMPTY;
    enum result r = take_lease(s, a, kind, id, lease, value);
    if (r == RESULT_OK) /* nobody need look at it; should its worker die, it is due when the lease is over */
        return store_queue_put_off(s, a, kind, &(struct store_delay){id, now + lease}, 1);
    if (r != RESULT_NOT_FOUND)
        return r;
    r = store_queue_done(s, a, kind, id);
    return r == RESULT_OK ? RESULT_NOT_FOUND : r;
}

static enum result again_commands(struct work *w, struct arena *a, enum store_kind kind, struct store_job job,
                                  int64_t now, int64_t due)
{
    struct sealed record;
    struct key_name set, lease;
    struct digits score, wait;
    enum result r = sealed_close(w, a, kind, job.id, job.value, &record);
    if (r == RESULT_OK)
        r = name_set(w, kind, &set);
    if (r == RESULT_OK)
        r = name_lease(w, a, kind, job.id, &lease);
    if (r != RESULT_OK)
        return r;
    BATCH_ADD(&w->batch, STR("MULTI"));
    BATCH_ADD(&w->batch, STR("SET"), key_name_str(&record.name), record.value, STR("XX"), STR("KEEPTTL"));
    BATCH_ADD(&w->batch, STR("ZADD"), key_name_str(&set), STR("XX"), word_of_int(&score, due), job.id);
    /* The lease lasts until it is due: one who saw the job earlier can't take it before. */
    if (due > now)
        BATCH_ADD(&w->batch, STR("SET"), key_name_str(&lease), STR("1"), STR("EX"),
                  word_of_ttl(&wait, due - now));
    else
        BATCH_ADD(&w->batch, STR("DEL"), key_name_str(&lease));
    BATCH_ADD(&w->batch, STR("EXEC"));
    return RESULT_OK;
}

enum result store_queue_again(struct store *s, struct arena *a, enum store_kind kind, struct store_job job,
                              int64_t now, int64_t due)
{
    struct work w;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    if (r == RESULT_OK)
        r = again_commands(&w, a, kind, job, now, due);
    if (r == RESULT_OK)
        r = work_run(&w);
    return work_end(&w, r);
}

enum result store_queue_done(struct store *s, struct arena *a, enum store_kind kind, struct str id)
{
    struct work w;
    struct key_name set, job, lease;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    if (r == RESULT_OK)
        r = name_set(&w, kind, &set);
    if (r == RESULT_OK)
        r = work_key(&w, kind, id, &job);
    if (r == RESULT_OK)
        r = name_lease(&w, a, kind, id, &lease);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, STR("MULTI"));
        BATCH_ADD(&w.batch, STR("ZREM"), key_name_str(&set), id);
        BATCH_ADD(&w.batch, STR("DEL"), key_name_str(&job), key_name_str(&lease));
        BATCH_ADD(&w.batch, STR("EXEC"));
        r = work_run(&w);
    }
    return work_end(&w, r);
}
