/* A registered application, as its entry in the registry says. */
#ifndef ONEDOOR_CLIENTS_APPLICATION_H
#define ONEDOOR_CLIENTS_APPLICATION_H

#include "certs/keyring.h"
#include "directory/registry.h"
#include "server/base/acr.h"

enum client_method { CLIENT_NONE, CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, CLIENT_METHOD_COUNT };

enum grant_bit {
    GRANT_AUTHORIZATION_CODE = 1 << 0,
    GRANT_REFRESH_TOKEN = 1 << 1,
    GRANT_CLIENT_CREDENTIALS = 1 << 2
};

struct str_list {
    struct str *v;
    size_t n;
};

struct application {
    struct str client_id;
    struct str name, name_zh; /* name_zh falls back to name */
    struct str description, description_zh;
    struct str_list redirect_uris, post_logout_redirect_uris;
    unsigned grants;   /* of enum grant_bit */
    struct str scopes; /* space-separated; what it may ask for */
    enum client_method method;
    struct str_list secret_hashes; /* base64url SHA-256; two while a secret is being changed */
    enum authn_level required_level;
    int64_t required_identity; /* how well people must be identified, 1 to 5; 0: no matter */
    bool opaque_tokens;
    enum jws_alg access_token_alg, id_token_alg;
    int64_t access_token_seconds, refresh_token_seconds; /* 0: the server's default */
    struct str resources;   /* identifiers (RFC 8707) by which others ask for tokens meant for it */
    struct str may_request; /* resource identifiers that it may ask tokens for */
    bool consent_required;
    bool may_introspect;
    bool disabled;
    struct str home_uri, policy_uri, contact;
    struct str_list permissions, resource_types; /* as written; see directory/model/grammar.h */
    bool trusted_properties;                     /* what it says of resources and sign-ins is believed */
    struct str backchannel_logout_uri;
    bool takes_mandates;            /* people may act for others at it */
    bool forward_auth;              /* a proxy may ask for its sign-ins */
    struct str_list person_kinds;   /* empty: everybody */
    struct str_list allowed_groups; /* DNs; empty: everybody of those kinds */
};

/* "client_secret_basic"; and back, false for any other. */
const char *client_method_name(enum client_method m);
bool client_method_parse(struct str name, enum client_method *out);

/*
 * The application of an entry, all copied into the arena; NULL with *why (in the arena) naming the attribute
 * and what it accepts when the entry is not valid: RFC 6749, RFC 8252, RFC 9700: redirect addresses are
 * absolute, without `*`, fragment, userinfo; https, or http on a loopback address only, or a private-use
 * scheme with a dot for public clients; never javascript:, data: …
 */
struct application *application_from_entry(struct arena *a, const struct entry *e, struct str *why);
/*
 * Whether the address is one of the registered ones, byte for byte; for a loopback IP literal over http only
 * the port may differ (RFC 8252 section 7.3).
 */
bool application_redirect_matches(const struct application *app, struct str redirect_uri);
bool application_logout_redirect_matches(const struct application *app, struct str uri);
/* Whether it is meant for that kind of person. Groups are the permission model's knowledge. */
bool application_admits_kind(const struct application *app, struct str kind);

#endif
