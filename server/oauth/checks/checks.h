/* The checks of the authorization endpoint: one a file; their order stands in checks/table.c. */
#ifndef ONEDOOR_OAUTH_CHECKS_H
#define ONEDOOR_OAUTH_CHECKS_H

#include "server/oauth/authorization.h"

struct check {
    const char *name;
    const char *parameters; /* those it reads, space-separated: nothing else is kept of a request */
    enum oauth_error (*run)(struct authorization *az);
};

extern const struct check authorization_checks[];
extern const size_t authorization_check_count;

/* Runs them all in order, until one refuses. */
enum oauth_error authorization_check(struct authorization *az);
/* Whether some check reads that parameter. */
bool authorization_reads(struct str parameter);

enum oauth_error check_client(struct authorization *az);
enum oauth_error check_redirect_uri(struct authorization *az);
enum oauth_error check_state(struct authorization *az);
enum oauth_error check_response_mode(struct authorization *az);
enum oauth_error check_request_objects(struct authorization *az);
enum oauth_error check_response_type(struct authorization *az);
enum oauth_error check_grant(struct authorization *az);
enum oauth_error check_pkce(struct authorization *az);
enum oauth_error check_scope(struct authorization *az);
enum oauth_error check_resource(struct authorization *az);
enum oauth_error check_nonce(struct authorization *az);
enum oauth_error check_prompt(struct authorization *az);
enum oauth_error check_max_age(struct authorization *az);
enum oauth_error check_acr(struct authorization *az);
enum oauth_error check_id_token_hint(struct authorization *az);
enum oauth_error check_act_as(struct authorization *az);
enum oauth_error check_hints(struct authorization *az);

#endif
