/* How an application proves itself at the token, introspection and revocation endpoints. */
#ifndef ONEDOOR_CLIENTS_CLIENT_AUTH_H
#define ONEDOOR_CLIENTS_CLIENT_AUTH_H

#include "clients/applications.h"
#include "server/http/request.h"

enum client_failure {
    CLIENT_FAILURE_NONE,
    CLIENT_FAILURE_INVALID_CLIENT, /* 401: unknown, wrong secret, not its registered method, public */
    CLIENT_FAILURE_INVALID_REQUEST /* 400: two methods at once, malformed, client_id missing or contradicting
                                    */
};

/*
 * RFC 6749 section 2.3: exactly the registered method, once. Unknown client and wrong secret cost the same
 * time and give the same failure. A public client (method none) names itself by client_id; it is refused
 * unless `public_allowed`. OK sets *out, which lives in the request's arena; REFUSED sets *failure.
 * UNAVAILABLE until the applications have been loaded.
 */
MUST_CHECK enum result client_authenticate(struct applications *all, const struct request *req,
                                           bool public_allowed, const struct application **out,
                                           enum client_failure *failure);

/* A new secret (base64url, 256 bits) and the hash to be stored. False when randomness fails. */
bool client_secret_make(struct arena *a, struct str *secret, struct str *hash);

#endif
