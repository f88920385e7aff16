#include "cache.h"

#include "claims.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* An entry may stand in one of this many places; the one that ends first gives way. */
enum { WAYS = 4 };

struct entry {
    struct odc_cache_key key;
    struct onedoor_claims *claims; /* NULL: the place is free */
    int64_t until_ms;
};

struct odc_cache {
    pthread_mutex_t lock;
    unsigned char secret[32];
    size_t rows;
    struct entry entries[]; /* rows of WAYS */
};

struct odc_cache *odc_cache_new(size_t entries)
{
    size_t rows = (entries + WAYS - 1) / WAYS;
    struct odc_cache *cache = calloc(1, sizeof *cache + rows * WAYS * sizeof cache->entries[0]);
    if (!cache)
        return NULL;
    cache->rows = rows;
    if (RAND_bytes(cache->secret, sizeof cache->secret) == 1 && pthread_mutex_init(&cache->lock, NULL) == 0)
        return cache;
    free(cache);
    return NULL;
}

void odc_cache_free(struct odc_cache *cache)
{
    if (!cache)
        return;
    for (size_t i = 0; i < cache->rows * WAYS; i++)
        onedoor_claims_free(cache->entries[i].claims);
    pthread_mutex_destroy(&cache->lock);
    free(cache);
}

bool odc_cache_key_of(const struct odc_cache *cache, const char *token, struct odc_cache_key *out)
{
    unsigned len = sizeof out->bytes;
    return HMAC(EVP_sha256(), cache->secret, sizeof cache->secret, (const unsigned char *)token,
                strlen(token), out->bytes, &len) != NULL;
}

static struct entry *row_of(struct odc_cache *cache, const struct odc_cache_key *key)
{
    uint64_t number;
    memcpy(&number, key->bytes, sizeof number);
    return &cache->entries[number % cache->rows * WAYS];
}

static struct entry *find(struct odc_cache *cache, const struct odc_cache_key *key)
{
    struct entry *row = row_of(cache, key);
    for (size_t i = 0; i < WAYS; i++)
        if (row[i].claims && memcmp(&row[i].key, key, sizeof *key) == 0)
            return &row[i];
    return NULL;
}

static void empty(struct entry *e)
{
    onedoor_claims_free(e->claims);
    *e = (struct entry){.claims = NULL};
}

struct onedoor_claims *odc_cache_get(struct odc_cache *cache, const struct odc_cache_key *key, int64_t now_ms)
{
    struct onedoor_claims *claims = NULL;
    pthread_mutex_lock(&cache->lock);
    struct entry *e = find(cache, key);
    if (e && now_ms < e->until_ms)
        claims = odc_claims_ref(e->claims);
    else if (e)
        empty(e);
    pthread_mutex_unlock(&cache->lock);
    return claims;
}

/* The same token's place, else a free one, else the one that ends first. */
static struct entry *place_for(struct odc_cache *cache, const struct odc_cache_key *key)
{
    struct entry *row = row_of(cache, key), *best = find(cache, key);
    for (size_t i = 0; !best && i < WAYS; i++)
        if (!row[i].claims)
            best = &row[i];
    if (best)
        return best;
    best = row;
    for (size_t i = 1; i < WAYS; i++)
        if (row[i].until_ms < best->until_ms)
            best = &row[i];
    return best;
}

void odc_cache_put(struct odc_cache *cache, const struct odc_cache_key *key, struct onedoor_claims *claims,
                   int64_t until_ms, int64_t now_ms)
{
    if (until_ms <= now_ms)
        return;
    pthread_mutex_lock(&cache->lock);
    struct entry *e = place_for(cache, key);
    empty(e);
    *e = (struct entry){*key, odc_claims_ref(claims), until_ms};
    pthread_mutex_unlock(&cache->lock);
}

void odc_cache_drop(struct odc_cache *cache, const struct odc_cache_key *key)
{
    pthread_mutex_lock(&cache->lock);
    struct entry *e = find(cache, key);
    if (e)
        empty(e);
    pthread_mutex_unlock(&cache->lock);
}
