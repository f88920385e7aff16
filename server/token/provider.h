/* The provider: what every endpoint works with. The `app` handed to each handler is one of these. */
#ifndef ONEDOOR_TOKEN_PROVIDER_H
#define ONEDOOR_TOKEN_PROVIDER_H

#include "authn/authn.h"
#include "certs/keyring.h"
#include "clients/applications.h"
#include "directory/live.h"

struct pages; /* server/pages: templates and languages */
struct near;  /* server/token/near.h */
struct request;
struct response;
struct session;
struct transaction;

struct provider_config {
    struct str issuer;             /* https://sso.city.example, no path, no trailing slash */
    int64_t code_seconds;          /* 60 */
    int64_t access_token_seconds;  /* 600 */
    int64_t id_token_seconds;      /* 600 */
    int64_t refresh_token_seconds; /* 2592000 */
    int64_t outage_grace_seconds;  /* 600: how old a person's data may be while the directory is away */
    int64_t rights_bytes;          /* 4096: of roles and the like in a token; more are asked for instead */
    struct str identity_levels;    /* kind=level, space-separated: "staff=4 citizen=3" */
    struct str second_person;      /* kinds of administrators' changes, "default" or "none" */
    int64_t waiting_seconds;       /* 604800: how long a change waits for the second person */
    struct str help_phone;         /* shown on every error page */
    struct str place_name, place_name_zh; /* "Sample City", shown in the header of every page */
};

struct provider {
    struct provider_config config;
    struct directory *directory;
    struct store *store;
    struct applications *applications;
    struct keyring *keyring;
    struct live *live;
    struct authn authn;
    struct audit *audit;
    struct pages *pages;
    struct near *near; /* answers of introspection; NULL: none are kept */
    /*
     * Answers the authorization request of a transaction whose person has just signed in, which is stored as
     * it was before that. NULL: the browser is sent where the transaction returns to instead.
     */
    void (*signed_in)(struct provider *p, struct request *req, struct response *resp, struct transaction *t,
                      struct session *s);
};

/*
 * The version of what answers about tokens depend on, beside records of the store and the settings:
 * applications, permission model, keys, and what the directory's feed knows as a whole. It only grows, so
 * that it is the same again only if nothing of all that has changed. To be taken before any of it is read.
 */
uint64_t provider_world(const struct provider *p);

#endif
