/* The answer to one request; everything in it lives in the request's arena. */
#ifndef ONEDOOR_HTTP_RESPONSE_H
#define ONEDOOR_HTTP_RESPONSE_H

#include "server/base/json.h"
#include "server/base/result.h"
#include "server/http/pairs.h"
#include "server/http/problem.h"

struct response {
    struct arena *arena;
    int status;
    struct pairs headers;
    struct str content_type;
    struct str body;
    const char *view; /* a page still to be rendered, with view_data */
    json_t *view_data;
    struct str form_targets; /* origins that CSP form-action allows beside 'self', space-separated */
    const struct problem_row
        *problem; /* set by response_problem: the dispatcher renders it as the route's kind */
    bool broken; /* a header could have split the response: it stays PROBLEM_INTERNAL whatever is set later */
};

/* Adds a header; CR, LF or NUL in the value turns the response into PROBLEM_INTERNAL. */
void response_header(struct response *resp, const char *name, struct str value);
/*
 * Sets a cookie `name` with Secure, HttpOnly, Path=/ and SameSite=Lax; max_age in seconds, 0 for a session
 * cookie, -1 deletes it.
 */
void response_cookie(struct response *resp, const char *name, struct str value, int64_t max_age);
/* JSON from a borrowed value; Content-Type application/json. */
void response_json(struct response *resp, int status, const json_t *value);
/* A body that outlives the response (static text) or lives in its arena. */
void response_text(struct response *resp, int status, struct str content_type, struct str body);
/* 303 See Other: a form's post is never repeated at the target (RFC 9700 section 4.12). */
void response_redirect(struct response *resp, struct str location);
/* A page rendered later from the template `view` with `data` (owned by the arena). */
void response_view(struct response *resp, int status, const char *view, json_t *data);
/* Drops whatever was set (cookies too) and answers with the catalogue's row. */
void response_problem(struct response *resp, enum problem p);
/* The row for a result that is a failure of ours: UNAVAILABLE or INTERNAL. */
void response_failure(struct response *resp, enum result r);

#endif
