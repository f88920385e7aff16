/* Where the server's endpoints are: its metadata, fetched when first needed and once an hour. */
#ifndef ODC_PLACES_H
#define ODC_PLACES_H

#include "text.h"

#include <onedoor/client.h>
#include <pthread.h>

enum odc_place { ODC_JWKS, ODC_INTROSPECTION, ODC_EVALUATION, ODC_EVALUATIONS, ODC_PLACE_COUNT };

struct odc_places {
    pthread_mutex_t lock;
    struct {
        char *url;          /* NULL: not known */
        int64_t fetched_ms; /* of the monotonic clock */
    } known[ODC_PLACE_COUNT];
};

enum onedoor_error odc_places_init(struct odc_places *p);
void odc_places_free(struct odc_places *p);

/*
 * Writes the address; the caller frees the text. One that is known goes on serving while the server cannot be
 * asked anew. PROTOCOL when the metadata is of another issuer or names an address that may not be asked.
 */
enum onedoor_error odc_place_find(struct onedoor_client *c, enum odc_place place, struct odc_text *out);

#endif
