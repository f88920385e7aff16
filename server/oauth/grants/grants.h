/* The grants of the token endpoint: one a file, one row each in grants/table.c. */
#ifndef ONEDOOR_OAUTH_GRANTS_H
#define ONEDOOR_OAUTH_GRANTS_H

#include "server/oauth/error.h"
#include "server/token/grant.h"

/* One request to the token endpoint, its application already authenticated. */
struct token_request {
    struct provider *p;
    struct request *req;
    struct arena *arena;
    const struct application *app;
    const struct grant_row *row;

    struct buf answer;  /* RFC 6749 section 5.1; an object without its end, written by answer.h */
    const char *detail; /* more on an error, a text of ours; may stay NULL */
};

struct grant_row {
    const char *name;     /* grant_type, and its word in grant_types_supported */
    enum grant_bit bit;   /* in an application's registration */
    const char *needed;   /* parameters without which it is an invalid_request, space-separated */
    const char *taken;    /* further parameters that it reads; others are ignored (RFC 6749 section 3.2) */
    enum run_where where; /* what it waits for */
    enum oauth_error (*run)(struct token_request *tr);
};

extern const struct grant_row grant_rows[];
extern const size_t grant_row_count;

/* NULL for an unknown grant_type. */
const struct grant_row *grant_row_find(struct str grant_type);

/* A parameter that the grant's row names; STR_EMPTY when absent. */
struct str token_asked(const struct token_request *tr, const char *name);

enum oauth_error grant_authorization_code(struct token_request *tr);
enum oauth_error grant_refresh_token(struct token_request *tr);
enum oauth_error grant_client_credentials(struct token_request *tr);

#endif
