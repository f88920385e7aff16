/* The one catalogue of OAuth and OpenID Connect errors. */
#ifndef ONEDOOR_OAUTH_ERROR_H
#define ONEDOOR_OAUTH_ERROR_H

#include "server/http/request.h"
#include "server/http/response.h"

/* enum, `error`, HTTP status where it is not sent on to an application, English description */
#define OAUTH_ERRORS(X)                                                                                      \
    /* RFC 6749 section 4.1.2.1: of these two the application is never told, for it isn't known where it is  \
     */                                                                                                      \
    X(UNKNOWN_CLIENT, "unknown_client", 400, "No application is registered under this client_id.")           \
    X(INVALID_REDIRECT_URI, "invalid_redirect_uri", 400,                                                     \
      "The redirect_uri is missing or not registered for this application.")                                 \
    /* RFC 6749 sections 4.1.2.1 and 5.2 */                                                                  \
    X(INVALID_REQUEST, "invalid_request", 400, "The request is malformed.")                                  \
    X(INVALID_CLIENT, "invalid_client", 401, "The application could not be authenticated.")                  \
    X(INVALID_GRANT, "invalid_grant", 400, "The code or token is not valid for this application.")           \
    X(UNAUTHORIZED_CLIENT, "unauthorized_client", 400, "The application may not use this.")                  \
    X(ACCESS_DENIED, "access_denied", 403, "The request was denied.")                                        \
    X(UNSUPPORTED_RESPONSE_TYPE, "unsupported_response_type", 400, "The response_type must be code.")        \
    X(UNSUPPORTED_GRANT_TYPE, "unsupported_grant_type", 400, "This grant_type is not known.")                \
    X(INVALID_SCOPE, "invalid_scope", 400, "A scope is not known or not allowed for this application.")      \
    X(SERVER_ERROR, "server_error", 500, "Something went wrong on our side.")                                \
    X(TEMPORARILY_UNAVAILABLE, "temporarily_unavailable", 503, "A part of our system is away.")              \
    /* RFC 8707 section 2 */                                                                                 \
    X(INVALID_TARGET, "invalid_target", 400, "The resource is not known or not allowed.")                    \
    /* OpenID Connect Core section 3.1.2.6 */                                                                \
    X(LOGIN_REQUIRED, "login_required", 400, "The person has to sign in.")                                   \
    X(CONSENT_REQUIRED, "consent_required", 400, "The person has to agree.")                                 \
    X(INTERACTION_REQUIRED, "interaction_required", 400, "The person has to choose for whom they act.")      \
    X(REQUEST_NOT_SUPPORTED, "request_not_supported", 400, "Request objects are not taken.")                 \
    X(REQUEST_URI_NOT_SUPPORTED, "request_uri_not_supported", 400, "No request_uri is ever fetched.")        \
    X(REGISTRATION_NOT_SUPPORTED, "registration_not_supported", 400, "Self-registration is not taken.")      \
    /* OpenID Connect Core Unmet Authentication Requirements 1.0 */                                          \
    X(UNMET_AUTHENTICATION_REQUIREMENTS, "unmet_authentication_requirements", 400,                           \
      "Nobody can sign in as strongly as this.")                                                             \
    /* RFC 6750 section 3.1 */                                                                               \
    X(INVALID_TOKEN, "invalid_token", 401, "The access token is not valid here.")                            \
    X(INSUFFICIENT_SCOPE, "insufficient_scope", 403, "The access token lacks a scope.")

enum oauth_error {
    OAUTH_FINE = 0,
#define X(name, code, status, text) OAUTH_##name,
    OAUTH_ERRORS(X)
#undef X
        OAUTH_ERROR_COUNT
};

struct oauth_error_row {
    const char *code;
    int status;
    const char *text;
};

/* Never NULL; a number out of range gives the row of SERVER_ERROR. */
const struct oauth_error_row *oauth_error_row(enum oauth_error e);

/* FINE for OK, else what a failure of ours is called. For results that can't be the caller's fault. */
enum oauth_error oauth_error_of(enum result r);

/*
 * The error as JSON (RFC 6749 section 5.2). `detail` (may be NULL) is a text of ours that says more than the
 * row's; nothing of the request is ever repeated. An invalid_client comes with WWW-Authenticate, an outage
 * with Retry-After.
 */
void oauth_error_answer(struct response *resp, enum oauth_error e, const char *detail);
/* The same as a page without any Location. */
void oauth_error_page(const struct request *req, struct response *resp, enum oauth_error e,
                      const char *detail);

#endif
