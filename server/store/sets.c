#include "server/base/log.h"
#include "server/store/sealed.h"

enum result set_add_commands(struct work *w, struct arena *a, enum store_kind kind,
                             const struct key_name *key, struct str member, int64_t ttl)
{
    struct str name = key_name_str(key), sealed;
    struct key_name field;
    struct digits seconds;
    enum result r = work_key(w, kind, member, &field);
    if (r == RESULT_OK)
        r = seal_close(w->s->seal, a, key_place_str(key), member, &sealed);
    if (r != RESULT_OK)
        return r;
    BATCH_ADD(&w->batch, STR("HSET"), name, key_name_str(&field), sealed);
    BATCH_ADD(&w->batch, STR("EXPIRE"), name, word_of_ttl(&seconds, ttl));
    BATCH_ADD(&w->batch, STR("HLEN"), name);
    return RESULT_OK;
}

enum result store_set_add(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                          struct str member, int64_t ttl, size_t *count)
{
    struct store_steps one = {.v = {{.act = STEP_ADD, .kind = kind, .id = id, .value = member, .ttl = ttl}},
                              .n = 1};
    enum result r = store_together(s, a, &one);
    *count = r == RESULT_OK ? (size_t)one.v[0].number : 0;
    return r;
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
