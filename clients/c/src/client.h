/* What a handle is made of. */
#ifndef ODC_CLIENT_H
#define ODC_CLIENT_H

#include "cache.h"
#include "http.h"
#include "keys.h"
#include "places.h"
#include "settings.h"

struct onedoor_client {
    struct odc_settings settings;
    struct odc_http http;
    struct odc_places places;
    struct odc_keys keys;
    struct odc_cache *cache; /* NULL: answers are not kept */
    char *authorization;     /* the header's line; NULL: there is no secret */
    /* Replaced by tests. */
    int64_t (*now)(void);          /* seconds since 1970 */
    int64_t (*monotonic_ms)(void); /* only goes forward */
};

/* Tells the application's log; NULL `detail`: nothing more to say. */
void odc_log(const struct onedoor_client *c, const char *event, const char *detail);

#endif
