#include "server/token/near.h"

#include "server/base/clock.h"
#include "server/token/near_text.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* One small lock each, held for the time of a copy. */
enum { SHARDS = 64, BYTES_PER_BUCKET = 512, BUCKETS_MOST = 1 << 20 };

/* Small, because there are hundreds of thousands: versions are cut to what cannot come round in its lifetime.
 */
struct answer {
    struct answer *next;
    struct near_text *shared;
    uint64_t moment, generation;
    uint32_t world, until;
    uint16_t own_len;
    uint8_t slots; /* they stand first in `rest`, then the own text */
    bool asked;    /* since the hand of the clock came by last */
    struct near_key key;
    uint8_t reader;
    uint32_t rest[];
};

struct shard {
    pthread_mutex_t lock;
    struct answer **buckets;
    struct near_texts texts;
    size_t hand; /* the bucket that makes room next */
    size_t answers, bytes;
};

struct near {
    size_t room, buckets; /* of each shard */
    struct answer **answers;
    struct near_text **texts;
    struct shard shards[SHARDS];
};

/* The tables of all shards lie in one piece: what large pieces hold of zeroes takes memory only when used. */
struct near *near_new(size_t bytes)
{
    struct near *n = calloc(1, sizeof *n);
    if (!n)
        return NULL;
    size_t buckets = bytes / BYTES_PER_BUCKET / SHARDS;
    n->room = bytes / SHARDS;
    n->buckets = buckets < 1 ? 1 : buckets > BUCKETS_MOST ? BUCKETS_MOST : buckets;
    n->answers = calloc(SHARDS * n->buckets, sizeof(struct answer *));
    n->texts = calloc(SHARDS * n->buckets, sizeof(struct near_text *));
    bool good = n->answers && n->texts;
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &n->shards[i];
        pthread_mutex_init(&s->lock, NULL);
        s->buckets = good ? n->answers + i * n->buckets : NULL;
        s->texts = (struct near_texts){n->buckets, good ? n->texts + i * n->buckets : NULL};
    }
    if (good)
        return n;
    near_free(n);
    return NULL;
}

static size_t size_of(const struct answer *e)
{
    return sizeof *e + e->slots * sizeof(uint32_t) + e->own_len;
}

/* Takes it out of its chain and frees it; *at is then the next. */
static void drop(struct shard *s, struct answer **at)
{
    struct answer *e = *at;
    *at = e->next;
    s->answers--;
    s->bytes -= size_of(e) + near_text_release(&s->texts, e->shared);
    free(e);
}

void near_free(struct near *n)
{
    if (!n)
        return;
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &n->shards[i];
        for (size_t b = 0; s->buckets && b < n->buckets; b++)
            while (s->buckets[b])
                drop(s, &s->buckets[b]);
        pthread_mutex_destroy(&s->lock);
    }
    free(n->answers);
    free(n->texts);
    free(n);
}

bool near_key_of(struct str client_id, struct str token, struct near_key *out)
{
    const struct str parts[] = {client_id, {"", 1}, token};
    return sha256(parts, 3, out->bytes);
}

static struct shard *shard_of(struct near *n, const struct near_key *key)
{
    return &n->shards[key->bytes[0] % SHARDS];
}

static struct answer **place_of(const struct near *n, struct shard *s, const struct near_key *key)
{
    uint64_t number;
    memcpy(&number, key->bytes + 8, sizeof number);
    struct answer **at = &s->buckets[number % n->buckets];
    while (*at && memcmp((*at)->key.bytes, key->bytes, DIGEST_SIZE) != 0)
        at = &(*at)->next;
    return at;
}

static struct store_watched watched_of(const struct answer *e)
{
    struct store_watched w = {.moment = e->moment,
                              .generation = e->generation,
                              .count = e->slots,
                              .reader = e->reader,
                              .kept = true};
    memcpy(w.slots, e->rest, e->slots * sizeof(uint32_t));
    return w;
}

static bool is_true(const struct answer *e, struct store *store, uint64_t world)
{
    struct store_watched w = watched_of(e);
    return e->world == (uint32_t)world && clock_now() < e->until && store_watched_holds(store, &w);
}

static struct str text_of(const struct answer *e, struct arena *a)
{
    struct str parts[] = {near_text_str(e->shared), {(const char *)(e->rest + e->slots), e->own_len}};
    return arena_join(a, parts, 2);
}

bool near_find(struct near *n, const struct near_key *key, struct store *store, uint64_t world,
               struct arena *a, struct str *text)
{
    struct shard *s = shard_of(n, key);
    *text = STR_EMPTY;
    pthread_mutex_lock(&s->lock);
    struct answer **at = place_of(n, s, key);
    if (*at && is_true(*at, store, world)) {
        (*at)->asked = true;
        *text = text_of(*at, a);
    }
    pthread_mutex_unlock(&s->lock);
    return text->len > 0;
}

/* The hand goes round until there is room: who was asked for since it came by last is spared once. */
static void make_room(struct near *n, struct shard *s, size_t wanted)
{
    for (size_t left = 2 * n->buckets; left > 0 && s->bytes + wanted > n->room; left--) {
        struct answer **at = &s->buckets[s->hand];
        while (*at) {
            if ((*at)->asked) {
                (*at)->asked = false;
                at = &(*at)->next;
            } else {
                drop(s, at);
            }
        }
        s->hand = (s->hand + 1) % n->buckets;
    }
}

static struct answer *answer_new(const struct near_key *key, const struct near_answer *from)
{
    const struct store_watched *w = &from->watched;
    size_t slots = w->count * sizeof(uint32_t);
    struct answer *e = malloc(sizeof *e + slots + from->own.len);
    if (!e)
        return NULL;
    *e = (struct answer){.moment = w->moment,
                         .generation = w->generation,
                         .world = (uint32_t)from->world,
                         .until = from->until < UINT32_MAX ? (uint32_t)from->until : UINT32_MAX,
                         .own_len = (uint16_t)from->own.len,
                         .slots = w->count,
                         .reader = w->reader,
                         .asked = true,
                         .key = *key};
    memcpy(e->rest, w->slots, slots);
    memcpy(e->rest + w->count, from->own.p, from->own.len);
    return e;
}

static void put(struct near *n, struct shard *s, struct answer *e, struct str shared)
{
    size_t added = 0;
    struct answer **at = place_of(n, s, &e->key);
    if (*at)
        drop(s, at);
    make_room(n, s, size_of(e) + shared.len);
    e->shared = near_text_take(&s->texts, shared, &added);
    if (!e->shared || s->bytes + size_of(e) + added > n->room) {
        if (e->shared)
            near_text_release(&s->texts, e->shared);
        free(e);
        return;
    }
    at = place_of(n, s, &e->key);
    e->next = NULL;
    *at = e;
    s->answers++;
    s->bytes += size_of(e) + added;
}

void near_keep(struct near *n, const struct near_key *key, const struct near_answer *answer)
{
    bool fits = answer->own.len > 0 && answer->own.len <= UINT16_MAX && answer->shared.len > 0;
    struct answer *e = answer->watched.kept && fits ? answer_new(key, answer) : NULL;
    if (!e)
        return;
    struct shard *s = shard_of(n, key);
    pthread_mutex_lock(&s->lock);
    put(n, s, e, answer->shared);
    pthread_mutex_unlock(&s->lock);
}

struct near_size near_size(struct near *n)
{
    struct near_size sum = {0};
    for (size_t i = 0; i < SHARDS; i++) {
        struct shard *s = &n->shards[i];
        pthread_mutex_lock(&s->lock);
        sum.answers += s->answers;
        sum.bytes += s->bytes;
        pthread_mutex_unlock(&s->lock);
    }
    return sum;
}
