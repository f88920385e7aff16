#include "clients/client_auth.h"

#include "server/base/digest.h"
#include "server/base/random.h"
#include "server/base/secret.h"

/* What the request offers as proof. */
struct offer {
    enum client_method method;
    struct str client_id, secret;
};

/* Compared with where there is no application, so that an unknown one costs the same. */
static struct str no_hash[] = {{"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 43}};
static const struct str_list no_hashes = {no_hash, 1};

static bool is_given(const struct request *req, const char *name)
{
    return pairs_get(&req->form, name).len > 0;
}

/* What makes the request itself wrong, whoever sends it. */
static bool is_malformed(const struct request *req)
{
    static const char *const credentials[] = {"client_id", "client_secret", "client_assertion",
                                              "client_assertion_type"};
    for (size_t i = 0; i < sizeof credentials / sizeof credentials[0]; i++)
        if (pairs_count(&req->form, credentials[i]) > 1)
            return true;
    /* RFC 6749 section 2.3.1: never in the address, which is logged on its way. */
    return pairs_count(&req->query, "client_secret") > 0 || pairs_count(&req->query, "client_assertion") > 0;
}

static enum client_failure read_basic(const struct request *req, struct offer *out)
{
    struct str credentials, claimed = pairs_get(&req->form, "client_id");
    if (is_given(req, "client_secret") || is_given(req, "client_assertion"))
        return CLIENT_FAILURE_INVALID_REQUEST;
    if (pairs_count_nocase(&req->headers, "Authorization") > 1)
        return CLIENT_FAILURE_INVALID_REQUEST;
    if (!request_authorization(req, "Basic", &credentials))
        return CLIENT_FAILURE_INVALID_CLIENT;
    out->method = CLIENT_SECRET_BASIC;
    if (!basic_credentials(req->arena, credentials, &out->client_id, &out->secret))
        return CLIENT_FAILURE_INVALID_REQUEST;
    if (claimed.len > 0 && !str_eq(claimed, out->client_id))
        return CLIENT_FAILURE_INVALID_REQUEST;
    return CLIENT_FAILURE_NONE;
}

static enum client_failure read_form(const struct request *req, struct offer *out)
{
    out->client_id = pairs_get(&req->form, "client_id");
    out->secret = pairs_get(&req->form, "client_secret");
    out->method = out->secret.len > 0 ? CLIENT_SECRET_POST : CLIENT_NONE;
    if (is_given(req, "client_assertion") || is_given(req, "client_assertion_type"))
        return out->secret.len > 0 ? CLIENT_FAILURE_INVALID_REQUEST : CLIENT_FAILURE_INVALID_CLIENT;
    if (out->client_id.len > 0)
        return CLIENT_FAILURE_NONE;
    /* RFC 6749 section 5.2: "no client authentication included" is invalid_client. */
    return out->secret.len == 0 ? CLIENT_FAILURE_INVALID_CLIENT : CLIENT_FAILURE_INVALID_REQUEST;
}

static enum client_failure read_offer(const struct request *req, struct offer *out)
{
    *out = (struct offer){0};
    if (is_malformed(req))
        return CLIENT_FAILURE_INVALID_REQUEST;
    if (pairs_count_nocase(&req->headers, "Authorization") > 0)
        return read_basic(req, out);
    return read_form(req, out);
}

/* All hashes are compared, also behind the one that fits. */
static bool secret_fits(struct str hash, const struct str_list *hashes)
{
    bool fits = false;
    for (size_t i = 0; i < hashes->n; i++)
        fits |= equal_constant_time(hash, hashes->v[i]);
    return fits && hash.len > 0;
}

enum result client_authenticate(struct applications *all, const struct request *req, bool public_allowed,
                                const struct application **out, enum client_failure *failure)
{
    struct offer offer;
    if (!applications_loaded(all))
        return RESULT_UNAVAILABLE;
    *failure = read_offer(req, &offer);
    if (*failure != CLIENT_FAILURE_NONE)
        return RESULT_REFUSED;

    const struct application *app = applications_find(all, req->arena, offer.client_id);
    struct str hash = sha256_base64url(req->arena, offer.secret);
    if (arena_failed(req->arena) || hash.len == 0)
        return RESULT_INTERNAL;
    bool fits = secret_fits(hash, app && app->secret_hashes.n > 0 ? &app->secret_hashes : &no_hashes);
    if (offer.method == CLIENT_NONE)
        fits = public_allowed;
    if (!app || !fits || app->method != offer.method) {
        *failure = CLIENT_FAILURE_INVALID_CLIENT;
        return RESULT_REFUSED;
    }
    *out = app;
    return RESULT_OK;
}

bool client_secret_make(struct arena *a, struct str *secret, struct str *hash)
{
    *secret = random_token(a, 32);
    *hash = sha256_base64url(a, *secret);
    return secret->len > 0 && hash->len > 0;
}
