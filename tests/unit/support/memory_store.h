/*
 * The store's interface in memory, for tests of what stands above it: obedient to the test's clock, and away
 * when the test says so. It takes the place of server/store at linking.
 */
#ifndef ONEDOOR_TESTS_MEMORY_STORE_H
#define ONEDOOR_TESTS_MEMORY_STORE_H

#include "server/base/clock.h"
#include "server/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMORY_RECORDS = 4096 };

struct memory_record {
    enum store_kind kind;
    char *id, *value;
    size_t id_len, value_len;
    int64_t expires;
};

struct store {
    struct memory_record v[MEMORY_RECORDS];
    size_t n;
    int away_after; /* operations until it goes away; -1: stays */
    unsigned operations, round_trips;
};

static inline bool memory_away(struct store *s)
{
    s->operations++;
    s->round_trips++;
    if (s->away_after > 0)
        s->away_after--;
    else if (s->away_after == 0)
        return true;
    return false;
}

static inline struct memory_record *memory_find(struct store *s, enum store_kind kind, struct str id)
{
    for (size_t i = 0; i < s->n; i++) {
        struct memory_record *r = &s->v[i];
        if (r->id && r->kind == kind && r->id_len == id.len && memcmp(r->id, id.p, id.len) == 0)
            return r->expires > clock_now() ? r : NULL;
    }
    return NULL;
}

static inline char *memory_dup(struct str s)
{
    char *p = malloc(s.len + 1);
    if (!p)
        abort();
    if (s.len > 0)
        memcpy(p, s.p, s.len);
    p[s.len] = 0;
    return p;
}

static inline void memory_drop(struct memory_record *r)
{
    if (!r)
        return;
    free(r->id);
    free(r->value);
    *r = (struct memory_record){0};
}

static inline size_t memory_count(struct store *s, enum store_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += s->v[i].id && s->v[i].kind == kind && s->v[i].expires > clock_now();
    return n;
}

static inline void memory_free(struct store *s)
{
    for (size_t i = 0; i < s->n; i++)
        memory_drop(&s->v[i]);
    s->n = 0;
}

enum result store_put(struct store *s, struct arena *a, enum store_kind kind, struct str id, struct str value,
                      int64_t ttl)
{
    (void)a;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    memory_drop(memory_find(s, kind, id));
    if (ttl < 1 || s->n == MEMORY_RECORDS)
        abort();
    s->v[s->n++] =
        (struct memory_record){kind, memory_dup(id), memory_dup(value), id.len, value.len, clock_now() + ttl};
    return RESULT_OK;
}

enum result store_update(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                         struct str value, int64_t ttl)
{
    struct memory_record *r = memory_find(s, kind, id);
    if (!r || s->away_after == 0)
        return memory_away(s) ? RESULT_UNAVAILABLE : RESULT_NOT_FOUND;
    return store_put(s, a, kind, id, value, ttl > 0 ? ttl : r->expires - clock_now());
}

enum result store_get(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                      struct str *value)
{
    *value = STR_EMPTY;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    struct memory_record *r = memory_find(s, kind, id);
    if (r)
        *value = arena_copy(a, (struct str){r->value, r->value_len});
    return r ? RESULT_OK : RESULT_NOT_FOUND;
}

enum result store_get_many(struct store *s, struct arena *a, const struct store_key *keys, size_t n,
                           struct str *out)
{
    unsigned before = s->round_trips;
    for (size_t i = 0; i < n; i++)
        if (store_get(s, a, keys[i].kind, keys[i].id, &out[i]) == RESULT_UNAVAILABLE)
            return RESULT_UNAVAILABLE;
    s->round_trips = before + 1;
    return RESULT_OK;
}

/* Nothing is watched here: tests/unit/server/store/watch_test.c is about that. */
enum result store_get_watched(struct store *s, struct arena *a, const struct store_key *keys, size_t n,
                              struct str *out, struct store_watched *w)
{
    *w = (struct store_watched){.kept = false};
    return store_get_many(s, a, keys, n, out);
}

bool store_watched_holds(struct store *s, const struct store_watched *w)
{
    (void)s, (void)w;
    return false;
}

enum result store_take(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                       struct str *value)
{
    enum result r = store_get(s, a, kind, id, value);
    memory_drop(r == RESULT_OK ? memory_find(s, kind, id) : NULL);
    return r;
}

enum result store_delete(struct store *s, struct arena *a, enum store_kind kind, struct str id)
{
    (void)a;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    memory_drop(memory_find(s, kind, id));
    return RESULT_OK;
}

enum result store_spend(struct store *s, struct arena *a, struct str id, struct str value, int64_t ttl)
{
    if (memory_find(s, STORE_SPENT, id) && s->away_after != 0)
        return RESULT_USED;
    return store_put(s, a, STORE_SPENT, id, value, ttl);
}

bool store_puts_add(struct store_puts *all, struct store_put one)
{
    all->v[all->n++] = one;
    return all->n <= STORE_PUTS_MOST;
}

enum result store_put_all(struct store *s, struct arena *a, const struct store_puts *all)
{
    unsigned before = s->round_trips;
    enum result r = RESULT_OK, last = RESULT_OK;
    for (size_t i = 0; i < all->n && r != RESULT_UNAVAILABLE; i++) {
        const struct store_put *p = &all->v[i];
        r = p->updates ? store_update(s, a, p->kind, p->id, p->value, p->ttl)
                       : store_put(s, a, p->kind, p->id, p->value, p->ttl);
        last = last == RESULT_OK ? r : last;
    }
    s->round_trips = before + 1;
    return last;
}

/* A member is a record of its own, of a kind that no record has. */
static inline struct memory_record *memory_member(struct store *s, enum store_kind kind, struct str id,
                                                  struct str member)
{
    for (size_t i = 0; i < s->n; i++) {
        struct memory_record *r = &s->v[i];
        bool same = r->id && (int)r->kind == STORE_KIND_COUNT + (int)kind &&
                    str_eq((struct str){r->id, r->id_len}, id) && r->expires > clock_now();
        if (same && (!member.p || str_eq((struct str){r->value, r->value_len}, member)))
            return r;
    }
    return NULL;
}

enum result store_set_add(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                          struct str member, int64_t ttl, size_t *count)
{
    struct str *members;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    memory_drop(memory_member(s, kind, id, member));
    if (ttl < 1 || s->n == MEMORY_RECORDS)
        abort();
    s->v[s->n++] = (struct memory_record){(enum store_kind)(STORE_KIND_COUNT + (int)kind),
                                          memory_dup(id),
                                          memory_dup(member),
                                          id.len,
                                          member.len,
                                          clock_now() + ttl};
    return store_set_members(s, a, kind, id, &members, count);
}

enum result store_set_members(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                              struct str **out, size_t *n)
{
    *n = 0;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    *out = arena_alloc(a, (s->n + 1) * sizeof **out);
    for (size_t i = 0; i < s->n; i++) {
        struct memory_record *r = &s->v[i];
        struct str member = {r->value, r->value_len};
        if (r->id && memory_member(s, kind, id, member) == r)
            (*out)[(*n)++] = arena_copy(a, member);
    }
    return RESULT_OK;
}

enum result store_set_remove(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                             struct str member)
{
    (void)a;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    memory_drop(memory_member(s, kind, id, member));
    return RESULT_OK;
}

bool store_steps_add(struct store_steps *all, struct store_step one)
{
    all->v[all->n++] = one;
    return all->n <= STORE_STEPS_MOST;
}

bool store_steps_put(struct store_steps *all, const struct store_puts *puts)
{
    bool fits = true;
    for (size_t i = 0; i < puts->n; i++) {
        const struct store_put *p = &puts->v[i];
        fits = store_steps_add(all, (struct store_step){p->updates ? STEP_UPDATE : STEP_PUT, p->kind, p->id,
                                                        p->value, p->ttl, 0, RESULT_OK});
    }
    return fits;
}

enum result store_count(struct store *s, struct store_counter *v, size_t n)
{
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    for (size_t i = 0; i < n; i++) {
        struct memory_record *r = memory_find(s, STORE_THROTTLE, v[i].id);
        char text[24];
        v[i].left = r ? r->expires - clock_now() : v[i].window;
        v[i].count = v[i].by + (r ? atoll(r->value) : 0);
        int len = snprintf(text, sizeof text, "%lld", (long long)v[i].count);
        enum result put =
            store_put(s, NULL, STORE_THROTTLE, v[i].id, (struct str){text, (size_t)len}, v[i].left);
        if (put != RESULT_OK)
            return put;
    }
    return RESULT_OK;
}

static inline enum result memory_step(struct store *s, struct arena *a, struct store_step *p)
{
    struct store_counter counter = {.id = p->id, .by = p->number, .window = p->ttl};
    size_t count = 0;
    enum result r = RESULT_OK;
    switch (p->act) {
    case STEP_PUT:
        return store_put(s, a, p->kind, p->id, p->value, p->ttl);
    case STEP_UPDATE:
        return store_update(s, a, p->kind, p->id, p->value, p->ttl);
    case STEP_GET:
        r = store_get(s, a, p->kind, p->id, &p->value);
        return r == RESULT_NOT_FOUND ? RESULT_OK : r;
    case STEP_TAKE:
        return store_take(s, a, p->kind, p->id, &p->value);
    case STEP_SPEND:
        return store_spend(s, a, p->id, p->value, p->ttl);
    case STEP_DELETE:
        return store_delete(s, a, p->kind, p->id);
    case STEP_ADD:
        r = store_set_add(s, a, p->kind, p->id, p->value, p->ttl, &count);
        p->number = (int64_t)count;
        return r;
    case STEP_COUNT:
        r = store_count(s, &counter, 1);
        p->number = counter.count;
        return r;
    }
    abort();
}

/* One operation: when it is away, nothing of it has happened. */
enum result store_together(struct store *s, struct arena *a, struct store_steps *all)
{
    enum result said = RESULT_OK;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    struct {
        int away_after;
        unsigned operations, round_trips;
    } before = {s->away_after, s->operations, s->round_trips};
    s->away_after = -1;
    for (size_t i = 0; i < all->n; i++) {
        all->v[i].result = memory_step(s, a, &all->v[i]);
        said = said == RESULT_OK ? all->v[i].result : said;
    }
    s->away_after = before.away_after;
    s->operations = before.operations;
    s->round_trips = before.round_trips;
    return said;
}

/* Jobs are records like others here: what a test asks is whether they were put. */
enum result store_queue_add(struct store *s, struct arena *a, const struct store_jobs *jobs)
{
    for (size_t i = 0; i < jobs->n; i++) {
        if (memory_find(s, jobs->kind, jobs->v[i].id))
            continue;
        enum result r = store_put(s, a, jobs->kind, jobs->v[i].id, jobs->v[i].value, jobs->ttl);
        if (r != RESULT_OK)
            return r;
    }
    return RESULT_OK;
}

enum result store_end_and_queue(struct store *s, struct arena *a, struct store_key ends,
                                const struct store_jobs *jobs, struct str *last)
{
    *last = STR_EMPTY;
    if (memory_away(s))
        return RESULT_UNAVAILABLE;
    if (memory_count(s, jobs->kind) + jobs->n > jobs->most)
        return RESULT_REFUSED;
    enum result r = store_queue_add(s, a, jobs);
    if (r == RESULT_OK)
        r = store_take(s, a, ends.kind, ends.id, last);
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

int64_t store_floor(struct store *s)
{
    (void)s;
    return 0;
}

#endif
