#include "server/store/sealed.h"

bool store_puts_add(struct store_puts *all, struct store_put one)
{
    if (all->n == STORE_PUTS_MOST)
        return false;
    all->v[all->n++] = one;
    return true;
}

enum result sealed_put(struct work *w, struct arena *a, const struct store_put *p)
{
    struct sealed record;
    struct digits room;
    enum result r = sealed_close(w, a, p->kind, p->id, p->value, &record);
    if (r != RESULT_OK)
        return r;
    struct str name = key_name_str(&record.name), ttl = word_of_ttl(&room, p->ttl);
    if (p->updates || p->kind == STORE_NOTICE)
        work_changes(w, &record.name);
    if (p->updates && p->ttl == 0)
        BATCH_ADD(&w->batch, STR("SET"), name, record.value, STR("XX"), STR("KEEPTTL"));
    else if (p->updates)
        BATCH_ADD(&w->batch, STR("SET"), name, record.value, STR("XX"), STR("EX"), ttl);
    else
        BATCH_ADD(&w->batch, STR("SET"), name, record.value, STR("EX"), ttl);
    return RESULT_OK;
}

enum result store_put_all(struct store *s, struct arena *a, const struct store_puts *all)
{
    struct work w;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    for (size_t i = 0; r == RESULT_OK && i < all->n; i++)
        r = sealed_put(&w, a, &all->v[i]);
    if (r == RESULT_OK && all->n > 0)
        r = work_run(&w);
    for (size_t i = 0; r == RESULT_OK && i < all->n; i++)
        if (!reply_ok(w.replies[i]))
            r = all->v[i].updates ? RESULT_NOT_FOUND : RESULT_UNAVAILABLE;
    return work_end(&w, r);
}

enum result store_put(struct store *s, struct arena *a, enum store_kind kind, struct str id, struct str value,
                      int64_t ttl)
{
    const struct store_puts one = {.v = {{.kind = kind, .id = id, .value = value, .ttl = ttl}}, .n = 1};
    return store_put_all(s, a, &one);
}

enum result store_update(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                         struct str value, int64_t ttl)
{
    const struct store_puts one = {
        .v = {{.kind = kind, .id = id, .value = value, .ttl = ttl, .updates = true}}, .n = 1};
    return store_put_all(s, a, &one);
}

/* GET and GETDEL differ in the word alone, and in whether they may be sent twice. */
static enum result fetch(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                         struct str *value, struct str word, enum work_kind how)
{
    struct work w;
    struct key_name name;
    *value = STR_EMPTY;
    enum result r = work_begin(&w, s, how);
    if (r == RESULT_OK)
        r = work_key(&w, kind, id, &name);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, word, key_name_str(&name));
        if (how != WORK_READ)
            work_changes(&w, &name);
        r = work_run(&w);
    }
    if (r == RESULT_OK)
        r = sealed_open(&w, a, kind, &name, w.replies[0], value);
    return work_end(&w, r);
}

enum result store_get(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                      struct str *value)
{
    return fetch(s, a, kind, id, value, STR("GET"), WORK_READ);
}

enum result store_take(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                       struct str *value)
{
    return fetch(s, a, kind, id, value, STR("GETDEL"), WORK_ONCE);
}

/* The names of all keys, and the words of the one MGET that asks for them. */
static enum result name_all(const struct work *w, const struct store_key *keys, size_t n,
                            struct key_name *names, struct str *words)
{
    words[0] = STR("MGET");
    for (size_t i = 0; i < n; i++) {
        enum result r = work_key(w, keys[i].kind, keys[i].id, &names[i]);
        if (r != RESULT_OK)
            return r;
        words[i + 1] = key_name_str(&names[i]);
    }
    return RESULT_OK;
}

enum result store_get_many(struct store *s, struct arena *a, const struct store_key *keys, size_t n,
                           struct str *out)
{
    enum { MOST = 4096 };
    for (size_t i = 0; i < n; i++)
        out[i] = STR_EMPTY;
    if (n == 0)
        return RESULT_OK;
    struct key_name *names = n <= MOST ? arena_alloc(a, n * sizeof *names) : NULL;
    struct str *words = n <= MOST ? arena_alloc(a, (n + 1) * sizeof *words) : NULL;
    if (!names || !words)
        return RESULT_INTERNAL;
    struct work w;
    enum result r = work_begin(&w, s, WORK_READ);
    if (r == RESULT_OK)
        r = name_all(&w, keys, n, names, words);
    if (r == RESULT_OK) {
        batch_add(&w.batch, words, n + 1);
        r = work_run(&w);
    }
    if (r == RESULT_OK)
        r = sealed_open_all(&w, a, keys, n, names, w.replies[0], out);
    return work_end(&w, r);
}

enum result store_delete(struct store *s, struct arena *a, enum store_kind kind, struct str id)
{
    (void)a;
    struct work w;
    struct key_name name;
    enum result r = work_begin(&w, s, WORK_AGAIN);
    if (r == RESULT_OK)
        r = work_key(&w, kind, id, &name);
    if (r == RESULT_OK) {
        BATCH_ADD(&w.batch, STR("DEL"), key_name_str(&name));
        work_ends(&w, kind, &name);
        r = work_run(&w);
    }
    return work_end(&w, r);
}

enum result store_spend(struct store *s, struct arena *a, struct str id, struct str value, int64_t ttl)
{
    struct store_steps one = {.v = {{STEP_SPEND, STORE_SPENT, id, value, ttl, 0, RESULT_OK}}, .n = 1};
    return store_together(s, a, &one);
}
