#include "places.h"

#include "client.h"
#include "json.h"

#include <stdlib.h>
#include <string.h>

enum { FRESH_MS = 3600 * 1000, METADATA_MAX = 65536, URL_MAX = 2048 };

enum document { OPENID, AUTHZEN };

/* The well-known address of each document, and the member that must be the issuer, byte for byte. */
static const struct {
    const char *path, *owner;
    bool before_path; /* RFC 8615: stands before the issuer's own path; OpenID Connect puts it behind */
} documents[] = {
    [OPENID] = {"/.well-known/openid-configuration", "issuer", false},
    [AUTHZEN] = {"/.well-known/authzen-configuration", "policy_decision_point", true},
};

static const struct {
    enum document document;
    const char *member;
} places[ODC_PLACE_COUNT] = {
    [ODC_JWKS] = {OPENID, "jwks_uri"},
    [ODC_INTROSPECTION] = {OPENID, "introspection_endpoint"},
    [ODC_EVALUATION] = {AUTHZEN, "access_evaluation_endpoint"},
    [ODC_EVALUATIONS] = {AUTHZEN, "access_evaluations_endpoint"},
};

enum onedoor_error odc_places_init(struct odc_places *p)
{
    memset(p->known, 0, sizeof p->known);
    return pthread_mutex_init(&p->lock, NULL) == 0 ? ONEDOOR_OK : ONEDOOR_MEMORY;
}

void odc_places_free(struct odc_places *p)
{
    for (size_t i = 0; i < ODC_PLACE_COUNT; i++)
        free(p->known[i].url);
    pthread_mutex_destroy(&p->lock);
}

/* A final slash of the issuer is left out before what is well known (OpenID Connect Discovery section 4.1).
 */
static bool document_address(struct odc_text *out, const char *issuer, enum document d)
{
    size_t len = strlen(issuer);
    if (issuer[len - 1] == '/')
        len--;
    const char *path = strchr(strstr(issuer, "://") + 3, '/');
    size_t origin = path && documents[d].before_path ? (size_t)(path - issuer) : len;
    return odc_text_add(out, issuer, origin) && odc_text_puts(out, documents[d].path) &&
           odc_text_add(out, issuer + origin, len > origin ? len - origin : 0);
}

static enum onedoor_error take_members(struct onedoor_client *c, const json_t *metadata, enum document d,
                                       int64_t asked_ms)
{
    bool plain = odc_address_plain(c->settings.issuer);
    for (size_t i = 0; i < ODC_PLACE_COUNT; i++) {
        const char *url = odc_json_text(metadata, places[i].member);
        if (places[i].document != d || !url)
            continue;
        if (strlen(url) > URL_MAX || !odc_address_allowed(url, plain))
            return ONEDOOR_PROTOCOL;
        char *copy = strdup(url);
        if (!copy)
            return ONEDOOR_MEMORY;
        pthread_mutex_lock(&c->places.lock);
        free(c->places.known[i].url);
        c->places.known[i].url = copy;
        c->places.known[i].fetched_ms = asked_ms;
        pthread_mutex_unlock(&c->places.lock);
    }
    return ONEDOOR_OK;
}

static enum onedoor_error take_document(struct onedoor_client *c, const struct odc_text *answer,
                                        enum document d, int64_t asked_ms)
{
    json_t *metadata = odc_json_object(answer->p, answer->len);
    const char *owner = odc_json_text(metadata, documents[d].owner);
    enum onedoor_error e = ONEDOOR_PROTOCOL;
    if (owner && strcmp(owner, c->settings.issuer) == 0)
        e = take_members(c, metadata, d, asked_ms);
    json_decref(metadata);
    if (e == ONEDOOR_PROTOCOL)
        odc_log(c, "metadata_refused", documents[d].path);
    return e;
}

static enum onedoor_error fetch(struct onedoor_client *c, enum document d)
{
    struct odc_text url = {.max = URL_MAX + 64}, answer = {.max = METADATA_MAX};
    int64_t asked_ms = c->monotonic_ms();
    enum onedoor_error e = ONEDOOR_MEMORY;
    if (document_address(&url, c->settings.issuer, d))
        e = odc_http_ask(c, url.p, NULL, &answer);
    if (e == ONEDOOR_OK)
        e = take_document(c, &answer, d, asked_ms);
    odc_text_free(&url);
    odc_text_free(&answer);
    return e;
}

/* Whether it is known, and whether that is fresh. */
static bool copy_known(struct onedoor_client *c, enum odc_place place, struct odc_text *out, bool *fresh)
{
    bool known = false;
    pthread_mutex_lock(&c->places.lock);
    *fresh = c->monotonic_ms() - c->places.known[place].fetched_ms < FRESH_MS;
    if (c->places.known[place].url)
        known = odc_text_puts(out, c->places.known[place].url);
    pthread_mutex_unlock(&c->places.lock);
    return known;
}

enum onedoor_error odc_place_find(struct onedoor_client *c, enum odc_place place, struct odc_text *out)
{
    bool fresh;
    *out = (struct odc_text){.max = URL_MAX};
    if (copy_known(c, place, out, &fresh) && fresh)
        return ONEDOOR_OK;
    odc_text_free(out);
    enum onedoor_error e = fetch(c, places[place].document);
    if (copy_known(c, place, out, &fresh))
        return ONEDOOR_OK;
    return e == ONEDOOR_OK ? ONEDOOR_UNSUPPORTED : e;
}
