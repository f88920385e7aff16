/* The type of the route table's rows; the one table stands in server/routes.c. */
#ifndef ONEDOOR_HTTP_ROUTE_H
#define ONEDOOR_HTTP_ROUTE_H

#include "server/http/request.h"
#include "server/http/response.h"

enum route_kind {
    ROUTE_PAGE, /* for people: HTML problems, CSP, no framing */
    ROUTE_API,  /* for programs: JSON problems */
    ROUTE_NAMED /* the same, and a printable X-Request-ID comes back on every answer (AuthZEN, section 10.1.3)
                 */
};

enum body_rule { BODY_NONE, BODY_FORM, BODY_JSON };
enum cache_rule { CACHE_NO_STORE, CACHE_MINUTES, CACHE_STATIC };
enum cors_rule { CORS_NONE, CORS_ANY }; /* ANY: `Access-Control-Allow-Origin: *`, never with credentials */

/* Whether a request is still done whose client left while it waited: a sign-out is, a question is not. */
enum gone_rule { GONE_DONE, GONE_DROPPED };

typedef void (*handler_fn)(void *app, struct request *req, struct response *resp);

struct route {
    const char *path; /* matched byte for byte; a trailing `*` matches any rest */
    unsigned methods; /* of enum http_method; HEAD and CORS's OPTIONS follow by themselves */
    enum route_kind kind;
    enum run_where where; /* where it runs first; see request_may_wait */
    enum body_rule body;
    size_t body_max; /* bytes */
    enum cache_rule cache;
    enum cors_rule cors;
    enum gone_rule when_gone;
    handler_fn handler;
};

/*
 * The row for a path, or NULL: an exact one before one with `*`, the longest of those. A path with an escape,
 * an empty segment, `.` or `..` has none.
 */
const struct route *route_find(const struct route *routes, size_t n, struct str path);
/*
 * The same for a path that has several rows side by side, one for GET and one for POST say: the row that
 * takes the method (GET's serves HEAD), else the first of them. *allowed is the union of their methods, 0
 * when there is none.
 */
const struct route *route_pick(const struct route *routes, size_t n, struct str path, enum http_method method,
                               unsigned *allowed);

#endif
