#include "client.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SECRET_MAX = 4096 };

static int64_t wall(void)
{
    return (int64_t)time(NULL);
}

static int64_t monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void odc_log(const struct onedoor_client *c, const char *event, const char *detail)
{
    const struct onedoor_options *o = &c->settings.options;
    if (o->log)
        o->log(o->log_context, event, detail ? detail : "");
}

static enum onedoor_error encode(const struct odc_text *pair, char **line)
{
    static const char start[] = "Authorization: Basic ";
    size_t size = sizeof start + (pair->len + 2) / 3 * 4 + 1;
    *line = malloc(size);
    if (!*line)
        return ONEDOOR_MEMORY;
    memcpy(*line, start, sizeof start);
    EVP_EncodeBlock((unsigned char *)*line + sizeof start - 1, (const unsigned char *)pair->p,
                    (int)pair->len);
    return ONEDOOR_OK;
}

/* RFC 6749 section 2.3.1: both are form-encoded first. */
static enum onedoor_error set_secret(struct onedoor_client *c, const char *secret)
{
    struct odc_text pair = {.max = 4 * SECRET_MAX};
    if (*secret == '\0' || strnlen(secret, SECRET_MAX + 1) > SECRET_MAX)
        return ONEDOOR_ARGUMENT;
    enum onedoor_error e = ONEDOOR_MEMORY;
    if (odc_text_form(&pair, c->settings.client_id) && odc_text_puts(&pair, ":") &&
        odc_text_form(&pair, secret))
        e = encode(&pair, &c->authorization);
    odc_text_free(&pair);
    return e;
}

static enum onedoor_error set_cache(struct onedoor_client *c)
{
    const struct onedoor_options *o = &c->settings.options;
    if (o->cache_ms == 0 || !c->authorization)
        return ONEDOOR_OK;
    c->cache = odc_cache_new((size_t)o->cache_entries);
    return c->cache ? ONEDOOR_OK : ONEDOOR_MEMORY;
}

/* What has locks and connections is made last, and in one order, so that what fails leaves nothing behind. */
static enum onedoor_error set_connections(struct onedoor_client *c)
{
    enum onedoor_error e = odc_http_init(&c->http);
    if (e != ONEDOOR_OK)
        return e;
    e = odc_places_init(&c->places);
    if (e != ONEDOOR_OK) {
        odc_http_free(&c->http);
        return e;
    }
    e = odc_keys_init(&c->keys);
    if (e != ONEDOOR_OK) {
        odc_places_free(&c->places);
        odc_http_free(&c->http);
    }
    return e;
}

static void free_plain(struct onedoor_client *c)
{
    if (c->authorization)
        OPENSSL_cleanse(c->authorization, strlen(c->authorization));
    free(c->authorization);
    odc_cache_free(c->cache);
    odc_settings_free(&c->settings);
    free(c);
}

enum onedoor_error onedoor_open(const char *issuer, const char *client_id, const char *client_secret,
                                const struct onedoor_options *options, struct onedoor_client **out)
{
    if (!out)
        return ONEDOOR_ARGUMENT;
    *out = NULL;
    struct onedoor_client *c = calloc(1, sizeof *c);
    if (!c)
        return ONEDOOR_MEMORY;
    c->now = wall;
    c->monotonic_ms = monotonic;
    enum onedoor_error e = odc_settings_read(&c->settings, issuer, client_id, options);
    if (e == ONEDOOR_OK && client_secret)
        e = set_secret(c, client_secret);
    if (e == ONEDOOR_OK)
        e = set_cache(c);
    if (e == ONEDOOR_OK)
        e = set_connections(c);
    if (e == ONEDOOR_OK)
        *out = c;
    else
        free_plain(c);
    return e;
}

void onedoor_close(struct onedoor_client *c)
{
    if (!c)
        return;
    odc_keys_free(&c->keys);
    odc_places_free(&c->places);
    odc_http_free(&c->http);
    free_plain(c);
}
