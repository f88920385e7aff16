#include "server/base/log.h"
#include "server/store/sealed.h"

/* Where one member of a set lies: the set's key, and its field, which tells nothing of the member either. */
struct place {
    struct key_name key, field;
};

static enum result find_place(const struct work *w, enum store_kind kind, struct str id, struct str member,
                              struct place *out)
{
    enum result r = work_key(w, kind, id, &out->key);
    return r == RESULT_OK ? work_key(w, kind, member, &out->field) : r;
}

/* MULTI, HSET, EXPIRE, HLEN, EXEC: a set is never left without its lifetime. */
static enum result add_commands(struct work *w, struct arena *a, const struct place *at, struct str member,
                                int64_t ttl)
{
    struct str key = key_name_str(&at->key), sealed;
    struct digits seconds;
    enum result r = seal_close(w->s->seal, a, key_place_str(&at->key), member, &sealed);
    if (r != RESULT_OK)
        return r;
    BATCH_ADD(&w->batch, STR("MULTI"));
    BATCH_ADD(&w->batch, STR("HSET"), key, key_name_str(&at->field), sealed);
    BATCH_ADD(&w->batch, STR("EXPIRE"), key, word_of_ttl(&seconds, ttl));
    BATCH_ADD(&w->batch, STR("HLEN"), key);
    BATCH_ADD(&w->batch, STR("EXEC"));
    return RESULT_OK;
}

static enum result read_count(const redisReply *exec, size_t *count)
{
    int64_t n;
    if (exec->type != REDIS_REPLY_ARRAY || exec->elements != 3 || !reply_int(exec->element[2], &n) || n < 1)
        return RESULT_UNAVAILABLE;
    *count = (size_t)n;
    return RESULT_OK;
}

enum result store_set_add(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                          struct str member, int64_t ttl, size_t *count)
{
    const struct store_addition add = {.kind = kind, .id = id, .member = member, .ttl = ttl};
    return store_set_add_and_read(s, a, &add, count, NULL);
}

static enum result read_commands(struct work *w, const struct store_addition *add, struct key_name *names)
{
    enum result r = add->n <= STORE_READ_MOST ? RESULT_OK : RESULT_INTERNAL;
    for (size_t i = 0; r == RESULT_OK && i < add->n; i++) {
        r = work_key(w, add->keys[i].kind, add->keys[i].id, &names[i]);
        if (r == RESULT_OK)
            BATCH_ADD(&w->batch, STR("GET"), key_name_str(&names[i]));
    }
    return r;
}

static enum result open_read(const struct work *w, struct arena *a, const struct store_addition *add,
                             const struct key_name *names, redisReply *const *replies, struct str *out)
{
    for (size_t i = 0; i < add->n; i++) {
        enum result r = sealed_open(w, a, add->keys[i].kind, &names[i], replies[i], &out[i]);
        if (r != RESULT_OK && r != RESULT_NOT_FOUND)
            return r;
        if (r == RESULT_OK && !out[i].p)
            out[i] = STR("");
    }
    return RESULT_OK;
}

enum result store_set_add_and_read(struct store *s, struct arena *a, const struct store_addition *add,
                                   size_t *count, struct str *out)
{
    enum { EXEC = 4, BEHIND };
    struct work w;
    struct place at;
    struct key_name names[STORE_READ_MOST];
    size_t reads = BEHIND + (add->put ? 1 : 0);
    *count = 0;
    for (size_t i = 0; i < add->n; i++)
        out[i] = STR_EMPTY;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    if (r == RESULT_OK)
        r = find_place(&w, add->kind, add->id, add->member, &at);
    if (r == RESULT_OK)
        r = add_commands(&w, a, &at, add->member, add->ttl);
    if (r == RESULT_OK && add->put)
        r = sealed_put(&w, a, add->put);
    if (r == RESULT_OK)
        r = read_commands(&w, add, names);
    if (r == RESULT_OK)
        r = work_run(&w);
    if (r == RESULT_OK)
        r = read_count(w.replies[EXEC], count);
    if (r == RESULT_OK && add->put && !reply_ok(w.replies[BEHIND]))
        r = RESULT_UNAVAILABLE;
    if (r == RESULT_OK)
        r = open_read(&w, a, add, names, w.replies + reads, out);
    return work_end(&w, r);
}

/* What was altered or brought here from another set is left out, with a line in the log. */
static enum result open_members(const struct work *w, struct arena *a, enum store_kind kind,
                                const struct key_name *key, struct str **out, size_t *n)
{
    const redisReply *values = w->replies[0];
    if (values->type != REDIS_REPLY_ARRAY)
        return RESULT_UNAVAILABLE;
    *out = arena_alloc(a, values->elements * sizeof **out);
    if (values->elements > 0 && !*out)
        return RESULT_INTERNAL;
    for (size_t i = 0; i < values->elements; i++) {
        struct str sealed = reply_str(values->element[i]);
        enum result r = seal_open(w->s->seal, a, key_place_str(key), sealed, &(*out)[*n]);
        if (r == RESULT_REFUSED)
            LOG(LOG_LEVEL_WARN, "store.value_refused", LOG_Z("kind", store_kind_name(kind)),
                LOG_STR("key", key_name_str(key)));
        else if (r != RESULT_OK)
            return r;
        *n += r == RESULT_OK;
    }
    return RESULT_OK;
}

enum result store_set_members(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                              struct str **out, size_t *n)
{
    struct work w;
    struct key_name key;
    *out = NULL;
    *n = 0;
    enum result r = work_begin(&w, s, WORK_READ);
    if (r == RESULT_OK)
        r = work_key(&w, kind, id, &key);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, STR("HVALS"), key_name_str(&key));
        r = work_run(&w);
    }
    if (r == RESULT_OK)
        r = open_members(&w, a, kind, &key, out, n);
    return work_end(&w, r);
}

enum result store_set_remove(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                             struct str member)
{
    (void)a;
    struct work w;
    struct place at;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    if (r == RESULT_OK)
        r = find_place(&w, kind, id, member, &at);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, STR("HDEL"), key_name_str(&at.key), key_name_str(&at.field));
        r = work_run(&w);
    }
    return work_end(&w, r);
}
