/* What can go wrong with a request before or beside its protocol: one catalogue. */
#ifndef ONEDOOR_HTTP_PROBLEM_H
#define ONEDOOR_HTTP_PROBLEM_H

/*
 * MEDIA_TYPE is 400 and not 415: at OAuth endpoints a body of another type is an invalid_request
 * (RFC 6749 section 5.2). So is NOT_JSON: AuthZEN knows no other status for a bad request (section 10.1.2).
 *
 * enum, HTTP status, error code for JSON answers, Retry-After in seconds (0: none), English description
 */
#define PROBLEMS(X)                                                                                          \
    X(BAD_REQUEST, 400, "invalid_request", 0, "The request is malformed.")                                   \
    X(PARAMETER_TWICE, 400, "invalid_request", 0, "A parameter or cookie was sent more than once.")          \
    X(TOO_MANY_PARAMETERS, 400, "invalid_request", 0, "The request has too many parameters or headers.")     \
    X(FORBIDDEN_ORIGIN, 403, "access_denied", 0, "The form was not sent from our own page.")                 \
    X(OTHER_BROWSER, 403, "access_denied", 0, "This sign-in was begun in another browser or is over.")       \
    X(NOT_FOUND, 404, "not_found", 0, "There is nothing at this address.")                                   \
    X(METHOD_NOT_ALLOWED, 405, "invalid_request", 0, "This address does not take this method.")              \
    X(TIMEOUT, 408, "invalid_request", 0, "The request took too long to arrive.")                            \
    X(TOO_LARGE, 413, "invalid_request", 0, "The request is too large.")                                     \
    X(MEDIA_TYPE, 400, "invalid_request", 0, "The body must be application/x-www-form-urlencoded.")          \
    X(NOT_JSON, 400, "invalid_request", 0, "The body must be application/json.")                             \
    X(THROTTLED, 429, "slow_down", 60, "Too many attempts. Please wait a little.")                           \
    X(INTERNAL, 500, "server_error", 0, "Something went wrong on our side.")                                 \
    X(UNAVAILABLE, 503, "temporarily_unavailable", 5, "A part of our system is away. Please try again.")     \
    X(OVERLOADED, 503, "temporarily_unavailable", 1, "We are very busy. Please try again.")

enum problem {
#define X(name, status, code, retry, text) PROBLEM_##name,
    PROBLEMS(X)
#undef X
        PROBLEM_COUNT
};

struct problem_row {
    const char *name; /* "NOT_FOUND" */
    int status;
    const char *code;
    int retry_after;
    const char *text;
};

/* Never NULL; a number out of range gives the row of INTERNAL. */
const struct problem_row *problem_row(enum problem p);

#endif
