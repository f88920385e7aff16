#include "server/http/headers.h"

#include "server/http/admission.h"

#include <stdio.h>
#include <string.h>

enum { POLICY_MAX = 4096, REQUEST_ID_MAX = 128 };

#define POLICY_BEFORE                                                                                        \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; font-src 'self'; "       \
    "form-action 'self'"
#define POLICY_AFTER "; frame-ancestors 'none'; base-uri 'none'"

struct fixed {
    const char *name, *value;
};

static const struct fixed for_pages[] = {
    /* Not no-referrer: with it Chromium posts our own forms with `Origin: null`. */
    {"Referrer-Policy", "same-origin"},
    {"X-Frame-Options", "DENY"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
};

static const char *const cache_control[] = {
    [CACHE_NO_STORE] = "no-store",
    [CACHE_MINUTES] = "public, max-age=300",
    [CACHE_STATIC] = "public, max-age=3600",
};

static bool add(struct MHD_Response *to, const char *name, const char *value)
{
    return MHD_add_response_header(to, name, value) == MHD_YES;
}

/* MHD wants a NUL behind the value; only a long one, a redirect with much state, is worth the arena. */
static bool add_str(struct MHD_Response *to, const struct exchange *x, const char *name, struct str value)
{
    char z[512];
    if (value.len >= sizeof z) {
        const char *copy = arena_cstr(x->response.arena, value);
        return copy && add(to, name, copy);
    }
    if (value.len > 0)
        memcpy(z, value.p, value.len);
    z[value.len] = 0;
    return add(to, name, z);
}

static bool add_all(struct MHD_Response *to, const struct fixed *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!add(to, list[i].name, list[i].value))
            return false;
    return true;
}

/* Origins only: nothing that would end the directive or begin another source expression. */
static bool are_origins(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] < ' ' || s.p[i] > '~' || s.p[i] == ';' || s.p[i] == ',' || s.p[i] == '\'')
            return false;
    return s.len <= POLICY_MAX / 2;
}

static bool add_policy(struct MHD_Response *to, struct str targets)
{
    if (targets.len == 0 || !are_origins(targets))
        return add(to, "Content-Security-Policy", POLICY_BEFORE POLICY_AFTER);
    char policy[POLICY_MAX];
    snprintf(policy, sizeof policy, POLICY_BEFORE " " STR_FMT POLICY_AFTER, STR_ARG(targets));
    return add(to, "Content-Security-Policy", policy);
}

static bool add_caching(struct MHD_Response *to, const struct exchange *x)
{
    if (pairs_count_nocase(&x->response.headers, "cache-control") > 0)
        return true;
    bool may_last = x->request.route && x->response.status == 200 && !x->response.problem;
    return add(to, "Cache-Control", cache_control[may_last ? x->request.route->cache : CACHE_NO_STORE]);
}

static bool add_for_problem(struct MHD_Response *to, const struct problem_row *problem)
{
    char seconds[16];
    if (!problem || problem->retry_after == 0)
        return true;
    snprintf(seconds, sizeof seconds, "%d", problem->retry_after);
    return add(to, "Retry-After", seconds);
}

/*
 * The reference by which the log knows the request; or, where programs name their requests, what it was
 * called by the caller, as long as that is short and printable.
 */
static struct str request_id(const struct exchange *x)
{
    struct str id = STR_EMPTY;
    if (x->request.route && x->request.route->kind == ROUTE_NAMED)
        id = request_header(&x->request, "x-request-id");
    for (size_t i = 0; i < id.len; i++)
        if (id.p[i] < ' ' || id.p[i] > '~')
            return x->request.reference;
    return id.len > 0 && id.len <= REQUEST_ID_MAX ? id : x->request.reference;
}

/* What stands in no log needs no reference, unless its caller named it. */
static bool add_request_id(struct MHD_Response *to, const struct exchange *x)
{
    bool named = x->request.route && x->request.route->kind == ROUTE_NAMED;
    if (!named && !exchange_leaves_a_trace(x))
        return true;
    return add_str(to, x, "X-Request-Id", request_id(x));
}

static bool add_own(struct MHD_Response *to, const struct exchange *x)
{
    const struct response *resp = &x->response;
    for (size_t i = 0; i < resp->headers.n; i++)
        if (!add_str(to, x, resp->headers.v[i].name.p, resp->headers.v[i].value))
            return false;
    return resp->content_type.len == 0 || add_str(to, x, "Content-Type", resp->content_type);
}

bool headers_add(struct MHD_Response *to, const struct exchange *x)
{
    const struct route *route = x->request.route;
    const struct response *resp = &x->response;
    if (!add(to, "X-Content-Type-Options", "nosniff") || !add_request_id(to, x))
        return false;
    if (admission_is_page(&x->request) && (!add_all(to, for_pages, sizeof for_pages / sizeof for_pages[0]) ||
                                           !add_policy(to, resp->form_targets)))
        return false;
    if (x->service->hsts && !add(to, "Strict-Transport-Security", "max-age=31536000"))
        return false;
    if (route && route->cors == CORS_ANY && !add(to, "Access-Control-Allow-Origin", "*"))
        return false;
    if (atomic_load(&x->service->quiesced) && !add(to, "Connection", "close"))
        return false;
    return add_caching(to, x) && add_for_problem(to, resp->problem) && add_own(to, x);
}
