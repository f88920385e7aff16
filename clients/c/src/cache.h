/* Positive answers of introspection, for a short time; a fixed number of them. */
#ifndef ODC_CACHE_H
#define ODC_CACHE_H

#include <onedoor/client.h>

struct odc_cache;

/* NULL: out of memory, or no randomness. */
struct odc_cache *odc_cache_new(size_t entries);
void odc_cache_free(struct odc_cache *cache);

/* A token by its hash; keyed, so that nobody outside can choose tokens that displace one another. */
struct odc_cache_key {
    unsigned char bytes[32];
};
bool odc_cache_key_of(const struct odc_cache *cache, const char *token, struct odc_cache_key *out);

/* A reference for the caller, if there is one that is good at this time of the monotonic clock; else NULL. */
struct onedoor_claims *odc_cache_get(struct odc_cache *cache, const struct odc_cache_key *key,
                                     int64_t now_ms);
/* Keeps a reference of its own until the time; an older or another entry gives way. */
void odc_cache_put(struct odc_cache *cache, const struct odc_cache_key *key, struct onedoor_claims *claims,
                   int64_t until_ms, int64_t now_ms);
void odc_cache_drop(struct odc_cache *cache, const struct odc_cache_key *key);

#endif
