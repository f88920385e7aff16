/* The issuer's keys as last fetched, and when to fetch them anew. */
#ifndef ODC_KEYS_H
#define ODC_KEYS_H

#include "keyset.h"

#include <pthread.h>

struct odc_keys {
    pthread_mutex_t lock;
    pthread_cond_t fetched;
    struct odc_keyset *set; /* NULL: none yet */
    int64_t set_ms;         /* when they were asked for, by the monotonic clock */
    int64_t tried_ms;       /* the last attempt */
    bool tried, fetching;
    enum onedoor_error last; /* how it ended */
};

enum onedoor_error odc_keys_init(struct odc_keys *k);
void odc_keys_free(struct odc_keys *k);

/*
 * The set that has the kid; the caller's to unref. Fetched anew when older than keys_fresh_seconds, or when
 * it does not know the kid, and then at most every keys_pause_seconds; one thread fetches, those whose key is
 * known go on meanwhile. A set older than keys_keep_seconds is not used. TOKEN_KEY only when the server's own
 * answer says that there is no such key; while it cannot be asked, the failure.
 */
enum onedoor_error odc_keys_find(struct onedoor_client *c, const char *kid, struct odc_keyset **out);

#endif
