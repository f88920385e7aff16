/* One bounded HTTP question at a time a thread, over connections that are kept. */
#ifndef ODC_HTTP_H
#define ODC_HTTP_H

#include "text.h"

#include <onedoor/client.h>
#include <pthread.h>

enum { ODC_HTTP_IDLE = 16 };

struct odc_http {
    pthread_mutex_t lock;
    void *idle[ODC_HTTP_IDLE]; /* CURL handles with their connections, not in use */
    size_t count;
};

struct odc_post {
    const char *type; /* Content-Type */
    const struct odc_text *body;
};

enum onedoor_error odc_http_init(struct odc_http *h);
void odc_http_free(struct odc_http *h);

/*
 * GET where `post` is NULL; else POST, with the handle's credentials. Redirects are not followed. OK only for
 * a 200 whose whole body fits into answer->max; the caller frees the answer in every case. Other answers: 401
 * and 403 are CREDENTIALS, 404 UNSUPPORTED, 408, 429 and 5xx UNAVAILABLE, the rest PROTOCOL.
 */
enum onedoor_error odc_http_ask(struct onedoor_client *c, const char *url, const struct odc_post *post,
                                struct odc_text *answer);

#endif
