#include "keys.h"

#include "client.h"

enum { JWKS_MAX = 262144 };

enum onedoor_error odc_keys_init(struct odc_keys *k)
{
    *k = (struct odc_keys){.set = NULL};
    if (pthread_mutex_init(&k->lock, NULL) != 0)
        return ONEDOOR_MEMORY;
    if (pthread_cond_init(&k->fetched, NULL) == 0)
        return ONEDOOR_OK;
    pthread_mutex_destroy(&k->lock);
    return ONEDOOR_MEMORY;
}

void odc_keys_free(struct odc_keys *k)
{
    odc_keyset_unref(k->set);
    pthread_cond_destroy(&k->fetched);
    pthread_mutex_destroy(&k->lock);
}

static enum onedoor_error download(struct onedoor_client *c, struct odc_keyset **out)
{
    struct odc_text url, answer = {.max = JWKS_MAX};
    enum onedoor_error e = odc_place_find(c, ODC_JWKS, &url);
    if (e == ONEDOOR_OK)
        e = odc_http_ask(c, url.p, NULL, &answer);
    if (e == ONEDOOR_OK) {
        e = odc_keyset_parse(answer.p ? answer.p : "", answer.len, out);
        if (e != ONEDOOR_OK)
            odc_log(c, "keys_refused", url.p);
    }
    odc_text_free(&url);
    odc_text_free(&answer);
    return e;
}

/* Called and left with the lock; without it while the server is asked. */
static void fetch(struct onedoor_client *c)
{
    struct odc_keys *k = &c->keys;
    struct odc_keyset *set = NULL;
    int64_t asked_ms = c->monotonic_ms();
    k->tried = k->fetching = true;
    k->tried_ms = asked_ms;
    pthread_mutex_unlock(&k->lock);
    enum onedoor_error e = download(c, &set);
    pthread_mutex_lock(&k->lock);
    k->fetching = false;
    k->last = e;
    if (e == ONEDOOR_OK) {
        odc_keyset_unref(k->set);
        k->set = set;
        k->set_ms = asked_ms;
    }
    pthread_cond_broadcast(&k->fetched);
}

static bool younger(const struct onedoor_client *c, int64_t ms, int seconds)
{
    return c->monotonic_ms() - ms < (int64_t)seconds * 1000;
}

static bool has(const struct onedoor_client *c, const char *kid)
{
    const struct odc_keys *k = &c->keys;
    return k->set && younger(c, k->set_ms, c->settings.options.keys_keep_seconds) &&
           odc_keyset_find(k->set, kid);
}

static bool may_fetch(const struct onedoor_client *c)
{
    const struct odc_keys *k = &c->keys;
    return !k->tried || !younger(c, k->tried_ms, c->settings.options.keys_pause_seconds);
}

/* What is known when nothing more can be asked. */
static enum onedoor_error outcome(const struct odc_keys *k, bool known)
{
    if (known)
        return ONEDOOR_OK;
    return k->last == ONEDOOR_OK ? ONEDOOR_TOKEN_KEY : k->last;
}

/* Another thread may be asking for it just now. */
static bool wait_for(struct onedoor_client *c, const char *kid)
{
    bool known = has(c, kid);
    while (!known && c->keys.fetching) {
        pthread_cond_wait(&c->keys.fetched, &c->keys.lock);
        known = has(c, kid);
    }
    return known;
}

enum onedoor_error odc_keys_find(struct onedoor_client *c, const char *kid, struct odc_keyset **out)
{
    struct odc_keys *k = &c->keys;
    pthread_mutex_lock(&k->lock);
    bool known = wait_for(c, kid);
    bool fresh = known && younger(c, k->set_ms, c->settings.options.keys_fresh_seconds);
    if (!fresh && !k->fetching && may_fetch(c)) {
        fetch(c);
        known = has(c, kid);
    }
    enum onedoor_error e = outcome(k, known);
    *out = e == ONEDOOR_OK ? odc_keyset_ref(k->set) : NULL;
    pthread_mutex_unlock(&k->lock);
    return e;
}
