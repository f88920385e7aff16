/* One request, read whole and copied into its arena before any handler runs. */
#ifndef ONEDOOR_HTTP_REQUEST_H
#define ONEDOOR_HTTP_REQUEST_H

#include "server/base/result.h"
#include "server/http/pairs.h"

enum http_method {
    HTTP_GET = 1 << 0,
    HTTP_HEAD = 1 << 1,
    HTTP_POST = 1 << 2,
    HTTP_OPTIONS = 1 << 3,
    HTTP_OTHER = 1 << 4
};

/*
 * Where a handler runs. Each place may wait for what those before it may not. A task is one of the I/O
 * thread, as long as that has its connection to Redis; otherwise a worker of the same pool does it. What
 * computes for so long that others would feel it stands apart: a worker does it always.
 */
enum run_where {
    RUN_NOW,         /* on the I/O thread: answers from memory only */
    RUN_QUICK,       /* a task: Redis and signatures */
    RUN_QUICK_APART, /* a worker of the quick pool */
    RUN_DIR,         /* a task that may wait for LDAP */
    RUN_DIR_APART    /* a worker of the dir pool */
};

struct route;

struct request {
    struct arena *arena;
    enum http_method method;
    struct str path;      /* the raw target up to `?`, never decoded */
    struct str query_raw; /* what stands behind `?` */
    struct str source;    /* the peer's address as text; behind a trusted proxy what it forwarded */
    struct str reference; /* 10 characters that stand in the log and on error pages */
    struct str issuer;    /* from the settings, never from the Host header */
    struct pairs headers;
    struct pairs query; /* decoded */
    struct pairs form;  /* decoded body of a form post, empty otherwise */
    struct pairs cookies;
    struct str body;
    const struct route *route;
    enum run_where place, wanted; /* where the handler runs, and where it wants to; see request_may_wait */
    void *known; /* what it found out before it wanted to, in the arena, if it is to know it over there */
};

/*
 * Whether the handler may wait here for what that place waits for. If not, UNAVAILABLE, and whatever it then
 * answers is thrown away: it is run again, from its beginning, over there.
 */
MUST_CHECK enum result request_may_wait(struct request *r, enum run_where place);

/* The value of a header that occurs once; STR_EMPTY when it is absent or occurs more than once. */
struct str request_header(const struct request *r, const char *name);
struct str request_cookie(const struct request *r, const char *name);
/*
 * The `Authorization` header of the given scheme ("Basic", "Bearer"; ASCII case does not matter):
 * *credentials is what follows the one space. False when the header is absent, twice, or of another scheme.
 */
bool request_authorization(const struct request *r, const char *scheme, struct str *credentials);
/*
 * RFC 7617 with the form-encoding of RFC 6749 section 2.3.1. False when malformed.
 */
bool basic_credentials(struct arena *a, struct str credentials, struct str *user, struct str *password);
/*
 * Whether a form post comes from our own pages: Origin, when sent, is the issuer's origin; Sec-Fetch-Site,
 * when sent, is same-origin or none.
 */
bool request_is_same_origin(const struct request *r);

#endif
