#include "settings.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 2048 };

void onedoor_options_init(struct onedoor_options *options, size_t size)
{
    static const struct onedoor_options defaults = {
        .connect_timeout_ms = 2000,
        .timeout_ms = 5000,
        .leeway_seconds = 5,
        .cache_ms = 1000,
        .cache_entries = 4096,
        .keys_fresh_seconds = 300,
        .keys_pause_seconds = 10,
        .keys_keep_seconds = 3600,
    };
    if (!options || size < sizeof options->size)
        return;
    memset(options, 0, size);
    memcpy(options, &defaults, size < sizeof defaults ? size : sizeof defaults);
    options->size = size;
}

/* An application built against an older header knows fewer options; the defaults stand for the others. */
static bool copy_options(struct onedoor_options *to, const struct onedoor_options *from)
{
    onedoor_options_init(to, sizeof *to);
    if (!from)
        return true;
    if (from->size < sizeof from->size || from->size > 4096)
        return false;
    memcpy(to, from, from->size < sizeof *to ? from->size : sizeof *to);
    to->size = sizeof *to;
    return true;
}

static bool in_range(const struct onedoor_options *o)
{
    const struct {
        int value, least, most;
    } ranges[] = {
        {o->connect_timeout_ms, 1, 600000}, {o->timeout_ms, 1, 600000},
        {o->leeway_seconds, 0, 60},         {o->cache_ms, 0, 600000},
        {o->cache_entries, 1, 1048576},     {o->keys_fresh_seconds, 1, 86400},
        {o->keys_pause_seconds, 1, 86400},  {o->keys_keep_seconds, 1, 604800},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (ranges[i].value < ranges[i].least || ranges[i].value > ranges[i].most)
            return false;
    return true;
}

struct address {
    char *scheme, *host, *query, *fragment, *user;
};

static bool parse(const char *url, struct address *out)
{
    *out = (struct address){0};
    CURLU *u = curl_url();
    bool good = u && strlen(url) <= TEXT_MAX && curl_url_set(u, CURLUPART_URL, url, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_SCHEME, &out->scheme, 0) == CURLUE_OK &&
                curl_url_get(u, CURLUPART_HOST, &out->host, 0) == CURLUE_OK;
    if (good) {
        curl_url_get(u, CURLUPART_QUERY, &out->query, 0);
        curl_url_get(u, CURLUPART_FRAGMENT, &out->fragment, 0);
        curl_url_get(u, CURLUPART_USER, &out->user, 0);
    }
    curl_url_cleanup(u);
    return good;
}

static void free_address(struct address *a)
{
    char *all[] = {a->scheme, a->host, a->query, a->fragment, a->user};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        curl_free(all[i]);
}

static bool is_loopback(const char *host)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcasecmp(host, names[i]) == 0)
            return true;
    return false;
}

bool odc_address_allowed(const char *url, bool plain)
{
    struct address a;
    bool good = parse(url, &a) && !a.fragment && !a.user;
    good = good && (strcmp(a.scheme, "https") == 0 ||
                    (plain && strcmp(a.scheme, "http") == 0 && is_loopback(a.host)));
    free_address(&a);
    return good;
}

bool odc_address_plain(const char *url)
{
    return strncmp(url, "http://", 7) == 0 && odc_address_allowed(url, true);
}

static bool is_issuer(const char *issuer)
{
    return issuer && odc_address_allowed(issuer, true) && !strchr(issuer, '?');
}

static bool is_text(const char *s)
{
    return s && *s && strlen(s) <= TEXT_MAX;
}

static enum onedoor_error copy(char **out, const char *s)
{
    *out = strdup(s);
    return *out ? ONEDOOR_OK : ONEDOOR_MEMORY;
}

/* The options' own texts still belong to the application: each is copied, or left out at once. */
static enum onedoor_error own_texts(struct onedoor_options *o, const char *client_id)
{
    const char *ca_file = o->ca_file, *audience = o->audience ? o->audience : client_id;
    char *owned = NULL;
    o->ca_file = o->audience = NULL;
    if (!is_text(audience) || (ca_file && !is_text(ca_file)))
        return ONEDOOR_ARGUMENT;
    enum onedoor_error e = copy(&owned, audience);
    o->audience = owned;
    if (e == ONEDOOR_OK && ca_file) {
        e = copy(&owned, ca_file);
        o->ca_file = owned;
    }
    return e;
}

enum onedoor_error odc_settings_read(struct odc_settings *s, const char *issuer, const char *client_id,
                                     const struct onedoor_options *options)
{
    memset(s, 0, sizeof *s);
    if (!is_issuer(issuer) || !is_text(client_id))
        return ONEDOOR_ARGUMENT;
    if (!copy_options(&s->options, options)) {
        memset(s, 0, sizeof *s);
        return ONEDOOR_ARGUMENT;
    }
    enum onedoor_error e = own_texts(&s->options, client_id);
    if (e == ONEDOOR_OK && !in_range(&s->options))
        e = ONEDOOR_ARGUMENT;
    if (e == ONEDOOR_OK)
        e = copy(&s->issuer, issuer);
    if (e == ONEDOOR_OK)
        e = copy(&s->client_id, client_id);
    return e;
}

void odc_settings_free(struct odc_settings *s)
{
    free(s->issuer);
    free(s->client_id);
    free((char *)(uintptr_t)s->options.ca_file);
    free((char *)(uintptr_t)s->options.audience);
}
