#include "directory/known.h"

#include "server/base/random.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { LOCKS = 64, CACHE_LINE = 64, FIELDS = 5, FIELD_MAX = 0xffff };

/* One person; nothing of it changes but what is atomic, and the chains under their locks. */
struct record {
    struct record *next[2]; /* in the chains of both tables */
    uint64_t hash[2];
    size_t place;     /* in `places` */
    uint64_t refresh; /* the last one that named it */
    atomic_bool used; /* since the hand passed last */
    unsigned char identity_level;
    bool disabled;
    struct dn_key dn;
    uint16_t len[FIELDS];
    char bytes[];
};

/* Both tables are alike: by `sub` and by uuid. Each lock covers the buckets whose number it shares. */
enum table_name { BY_SUB, BY_UUID };

struct table_lock {
    alignas(CACHE_LINE) pthread_mutex_t mutex;
};

struct table {
    struct table_lock locks[LOCKS];
    struct record **buckets;
};

struct known {
    struct table tables[2];
    size_t mask;
    uint64_t seed;
    pthread_mutex_t write; /* of everything that follows, and of changes to the chains */
    struct record **places;
    size_t most, hand;
    atomic_size_t count;
    atomic_ullong moment;
    uint64_t refresh;
    size_t sweep;
};

static bool setup(struct known *k, size_t most)
{
    size_t buckets = LOCKS;
    while (buckets < most)
        buckets *= 2;
    k->mask = buckets - 1;
    k->most = most > 0 ? most : 1;
    k->places = calloc(k->most, sizeof(struct record *));
    pthread_mutex_init(&k->write, NULL);
    for (int t = 0; t < 2; t++) {
        k->tables[t].buckets = calloc(buckets, sizeof(struct record *));
        for (int i = 0; i < LOCKS; i++)
            pthread_mutex_init(&k->tables[t].locks[i].mutex, NULL);
    }
    return k->places && k->tables[BY_SUB].buckets && k->tables[BY_UUID].buckets &&
           random_bytes(&k->seed, sizeof k->seed);
}

struct known *known_new(size_t most)
{
    struct known *k = aligned_alloc(CACHE_LINE, sizeof *k);
    if (!k)
        return NULL;
    memset(k, 0, sizeof *k);
    if (setup(k, most))
        return k;
    known_free(k);
    return NULL;
}

void known_free(struct known *k)
{
    if (!k)
        return;
    for (size_t i = 0; k->places && i < k->most; i++)
        free(k->places[i]);
    for (int t = 0; t < 2; t++) {
        free(k->tables[t].buckets);
        for (int i = 0; i < LOCKS; i++)
            pthread_mutex_destroy(&k->tables[t].locks[i].mutex);
    }
    pthread_mutex_destroy(&k->write);
    free(k->places);
    free(k);
}

size_t known_count(struct known *k)
{
    return atomic_load(&k->count);
}

/* Only people of the directory stand in the tables; the seed keeps even them from choosing their chain. */
static uint64_t hash_of(const struct known *k, struct str s)
{
    uint64_t h = k->seed ^ s.len;
    for (size_t i = 0; i < s.len; i++) {
        h = (h ^ (unsigned char)s.p[i]) * 0x9e3779b97f4a7c15;
        h ^= h >> 32;
    }
    return h;
}

static struct str field(const struct record *r, unsigned which)
{
    size_t at = 0;
    for (unsigned i = 0; i < which; i++)
        at += r->len[i];
    return (struct str){r->bytes + at, r->len[which]};
}

/* In the order of the record; the first two are the tables' keys. */
static void fields_of(const struct subject *s, struct str out[FIELDS])
{
    const struct str all[FIELDS] = {s->id, s->uuid, s->kind, s->mail, s->organisations};
    memcpy(out, all, sizeof all);
}

static struct record *record_of(const struct known *k, const struct subject *s)
{
    struct str fields[FIELDS];
    size_t total = 0, at = 0;
    fields_of(s, fields);
    for (int i = 0; i < FIELDS; i++) {
        if (fields[i].len > FIELD_MAX)
            return NULL;
        total += fields[i].len;
    }
    struct record *r = calloc(1, sizeof *r + total);
    for (int i = 0; r && i < FIELDS; at += fields[i++].len) {
        r->len[i] = (uint16_t)fields[i].len;
        if (fields[i].len > 0)
            memcpy(r->bytes + at, fields[i].p, fields[i].len);
    }
    if (!r)
        return NULL;
    r->hash[BY_SUB] = hash_of(k, s->id);
    r->hash[BY_UUID] = hash_of(k, s->uuid);
    r->identity_level = (unsigned char)s->identity_level;
    r->disabled = s->disabled;
    r->dn = s->dn;
    r->refresh = k->refresh;
    atomic_init(&r->used, false);
    return r;
}

static pthread_mutex_t *lock_of(struct known *k, enum table_name t, uint64_t hash)
{
    return &k->tables[t].locks[hash & (LOCKS - 1)].mutex;
}

static struct record *look_up(const struct known *k, enum table_name t, uint64_t hash, struct str key)
{
    struct record *r = k->tables[t].buckets[hash & k->mask];
    while (r && (r->hash[t] != hash || !str_eq(field(r, t), key)))
        r = r->next[t];
    return r;
}

static bool copy_out(struct record *r, struct arena *a, struct subject *out)
{
    struct str all = {r->bytes, 0}, fields[FIELDS];
    for (int i = 0; i < FIELDS; i++)
        all.len += r->len[i];
    all = arena_copy(a, all);
    if (!all.p)
        return false;
    for (int i = 0; i < FIELDS; all.p += r->len[i++])
        fields[i] = (struct str){all.p, r->len[i]};
    *out = (struct subject){.id = fields[0],
                            .uuid = fields[1],
                            .kind = fields[2],
                            .mail = fields[3],
                            .organisations = fields[4],
                            .dn = r->dn,
                            .identity_level = r->identity_level,
                            .disabled = r->disabled};
    return true;
}

static bool find(struct known *k, struct arena *a, enum table_name t, struct str key, struct subject *out)
{
    uint64_t hash = hash_of(k, key);
    pthread_mutex_t *lock = lock_of(k, t, hash);
    pthread_mutex_lock(lock);
    struct record *r = look_up(k, t, hash, key);
    bool found = r && copy_out(r, a, out);
    if (found && !atomic_load_explicit(&r->used, memory_order_relaxed))
        atomic_store_explicit(&r->used, true, memory_order_relaxed);
    pthread_mutex_unlock(lock);
    return found;
}

bool known_find(struct known *k, struct arena *a, struct str sub, struct subject *out)
{
    return find(k, a, BY_SUB, sub, out);
}

bool known_find_uuid(struct known *k, struct arena *a, struct str uuid, struct subject *out)
{
    return find(k, a, BY_UUID, uuid, out);
}

static void link_in(struct known *k, enum table_name t, struct record *r)
{
    pthread_mutex_t *lock = lock_of(k, t, r->hash[t]);
    pthread_mutex_lock(lock);
    struct record **bucket = &k->tables[t].buckets[r->hash[t] & k->mask];
    r->next[t] = *bucket;
    *bucket = r;
    pthread_mutex_unlock(lock);
}

static void unlink_from(struct known *k, enum table_name t, struct record *r)
{
    pthread_mutex_t *lock = lock_of(k, t, r->hash[t]);
    pthread_mutex_lock(lock);
    struct record **at = &k->tables[t].buckets[r->hash[t] & k->mask];
    while (*at != r)
        at = &(*at)->next[t];
    *at = r->next[t];
    pthread_mutex_unlock(lock);
}

/* Readers hold a lock for as long as they look at a record: out of both chains, nobody looks at it. */
static void take_out(struct known *k, struct record *r)
{
    unlink_from(k, BY_SUB, r);
    unlink_from(k, BY_UUID, r);
    k->places[r->place] = NULL;
    atomic_fetch_sub(&k->count, 1);
    free(r);
}

/* A place that is free, or made free: of who was not asked for since the hand came by last. */
static size_t make_place(struct known *k)
{
    for (;; k->hand++) {
        size_t place = k->hand % k->most;
        struct record *r = k->places[place];
        if (r && atomic_exchange_explicit(&r->used, false, memory_order_relaxed))
            continue;
        if (r)
            take_out(k, r);
        k->hand++;
        return place;
    }
}

/* In place of whoever had the uuid or the `sub`. */
static void put(struct known *k, struct record *r, struct str sub, struct str uuid)
{
    struct record *old = look_up(k, BY_UUID, r->hash[BY_UUID], uuid);
    if (old)
        take_out(k, old);
    old = look_up(k, BY_SUB, r->hash[BY_SUB], sub);
    if (old)
        take_out(k, old);
    r->place = make_place(k);
    k->places[r->place] = r;
    atomic_fetch_add(&k->count, 1);
    link_in(k, BY_UUID, r);
    link_in(k, BY_SUB, r);
}

uint64_t known_moment(struct known *k)
{
    return atomic_load(&k->moment);
}

void known_fill(struct known *k, uint64_t moment, const struct subject *s)
{
    pthread_mutex_lock(&k->write);
    struct record *r = atomic_load(&k->moment) == moment ? record_of(k, s) : NULL;
    if (r)
        put(k, r, s->id, s->uuid);
    pthread_mutex_unlock(&k->write);
}

static enum known_before state_of(const struct record *r)
{
    if (!r)
        return KNOWN_NOT;
    return r->disabled ? KNOWN_DISABLED : KNOWN_ENABLED;
}

enum known_before known_told(struct known *k, const struct subject *s)
{
    pthread_mutex_lock(&k->write);
    atomic_fetch_add(&k->moment, 1);
    struct record *old = look_up(k, BY_UUID, hash_of(k, s->uuid), s->uuid);
    enum known_before before = state_of(old);
    struct record *r = old ? record_of(k, s) : NULL;
    if (r)
        put(k, r, s->id, s->uuid);
    else if (old)
        take_out(k, old);
    pthread_mutex_unlock(&k->write);
    return before;
}

enum known_before known_gone(struct known *k, struct str uuid)
{
    pthread_mutex_lock(&k->write);
    atomic_fetch_add(&k->moment, 1);
    struct record *old = look_up(k, BY_UUID, hash_of(k, uuid), uuid);
    enum known_before before = state_of(old);
    if (old)
        take_out(k, old);
    pthread_mutex_unlock(&k->write);
    return before;
}

enum known_before known_state(struct known *k, struct str uuid)
{
    pthread_mutex_lock(&k->write);
    enum known_before now = state_of(look_up(k, BY_UUID, hash_of(k, uuid), uuid));
    pthread_mutex_unlock(&k->write);
    return now;
}

void known_clear(struct known *k)
{
    pthread_mutex_lock(&k->write);
    atomic_fetch_add(&k->moment, 1);
    for (size_t i = 0; i < k->most; i++)
        if (k->places[i])
            take_out(k, k->places[i]);
    pthread_mutex_unlock(&k->write);
}

void known_refresh_begin(struct known *k)
{
    pthread_mutex_lock(&k->write);
    k->refresh++;
    k->sweep = 0;
    pthread_mutex_unlock(&k->write);
}

void known_mark(struct known *k, struct str uuid)
{
    pthread_mutex_lock(&k->write);
    struct record *r = look_up(k, BY_UUID, hash_of(k, uuid), uuid);
    if (r)
        r->refresh = k->refresh;
    pthread_mutex_unlock(&k->write);
}

struct str known_unmarked(struct known *k, struct arena *a)
{
    struct str uuid = STR_EMPTY;
    pthread_mutex_lock(&k->write);
    for (; k->sweep < k->most && uuid.len == 0; k->sweep++) {
        struct record *r = k->places[k->sweep];
        if (r && r->refresh != k->refresh)
            uuid = arena_copy(a, field(r, BY_UUID));
    }
    pthread_mutex_unlock(&k->write);
    return uuid;
}
