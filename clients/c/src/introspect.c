/* Asking the server about a token (RFC 7662). An outage is never an answer. */
#include "claims.h"
#include "client.h"
#include "json.h"

#include <string.h>

enum { TOKEN_MAX = 16384, ANSWER_MAX = 262144 };

/* RFC 6750 section 2.1: what no token can be is not worth a question. */
static bool is_token(const char *token)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";
    size_t len = strnlen(token, TOKEN_MAX + 1), plain = strspn(token, allowed);
    return len <= TOKEN_MAX && plain > 0 && plain + strspn(token + plain, "=") == len;
}

/* A refresh token is active too, and says so by having no token_type: it is none of ours to accept. */
static enum onedoor_error check_active(const struct onedoor_client *c, const json_t *answer)
{
    const struct odc_wanted wanted = {c->settings.issuer, c->settings.options.audience, c->now(),
                                      c->settings.options.leeway_seconds};
    const char *type = odc_json_text(answer, "token_type");
    if (!type || strcmp(type, "Bearer") != 0)
        return ONEDOOR_TOKEN_TYPE;
    enum onedoor_error e = odc_claims_check(answer, &wanted);
    return e == ONEDOOR_TOKEN_MALFORMED ? ONEDOOR_PROTOCOL : e;
}

static enum onedoor_error read_answer(const struct onedoor_client *c, const struct odc_text *answer,
                                      struct onedoor_claims **out)
{
    json_t *object = odc_json_object(answer->p ? answer->p : "", answer->len);
    const json_t *active = json_object_get(object, "active");
    enum onedoor_error e = ONEDOOR_PROTOCOL;
    if (json_is_false(active))
        e = ONEDOOR_TOKEN_INACTIVE;
    else if (json_is_true(active))
        e = check_active(c, object);
    if (e != ONEDOOR_OK) {
        json_decref(object);
        return e;
    }
    *out = odc_claims_new(object);
    return *out ? ONEDOOR_OK : ONEDOOR_MEMORY;
}

static enum onedoor_error ask(struct onedoor_client *c, const char *token, struct onedoor_claims **out)
{
    struct odc_text url, body = {.max = 4 * TOKEN_MAX}, answer = {.max = ANSWER_MAX};
    enum onedoor_error e = odc_place_find(c, ODC_INTROSPECTION, &url);
    if (e == ONEDOOR_OK && !(odc_text_puts(&body, "token=") && odc_text_form(&body, token)))
        e = ONEDOOR_MEMORY;
    if (e == ONEDOOR_OK) {
        const struct odc_post post = {"application/x-www-form-urlencoded", &body};
        e = odc_http_ask(c, url.p, &post, &answer);
    }
    if (e == ONEDOOR_OK)
        e = read_answer(c, &answer, out);
    odc_text_free(&url);
    odc_text_free(&body);
    odc_text_free(&answer);
    return e;
}

/*
 * Counted from when the question was sent, since the answer may be as old as that; never beyond exp, of which
 * the second that has begun is taken off.
 */
static void keep(struct onedoor_client *c, const struct odc_cache_key *key, struct onedoor_claims *claims,
                 int64_t asked_ms)
{
    int64_t now_ms = c->monotonic_ms(), until_ms = asked_ms + c->settings.options.cache_ms;
    int64_t left = onedoor_claims_expiry(claims) - c->now();
    if (left < 1000 && now_ms + left * 1000 - 999 < until_ms)
        until_ms = now_ms + left * 1000 - 999;
    odc_cache_put(c->cache, key, claims, until_ms, now_ms);
}

static enum onedoor_error ask_and_keep(struct onedoor_client *c, const char *token,
                                       struct onedoor_claims **out)
{
    struct odc_cache_key key;
    if (!odc_cache_key_of(c->cache, token, &key))
        return ONEDOOR_MEMORY;
    int64_t asked_ms = c->monotonic_ms();
    *out = odc_cache_get(c->cache, &key, asked_ms);
    if (*out)
        return ONEDOOR_OK;
    enum onedoor_error e = ask(c, token, out);
    if (e == ONEDOOR_OK)
        keep(c, &key, *out, asked_ms);
    else if (onedoor_refused(e))
        odc_cache_drop(c->cache, &key);
    return e;
}

enum onedoor_error onedoor_introspect(struct onedoor_client *c, const char *token,
                                      struct onedoor_claims **out)
{
    if (out)
        *out = NULL;
    if (!c || !token || !out || !c->authorization)
        return ONEDOOR_ARGUMENT;
    if (!is_token(token))
        return ONEDOOR_TOKEN_MALFORMED;
    return c->cache ? ask_and_keep(c, token, out) : ask(c, token, out);
}
