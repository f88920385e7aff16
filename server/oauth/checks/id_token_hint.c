/*
 * OpenID Connect Core section 3.1.2.1: an ID token of ours, issued to this application, naming whom it
 * expects. An expired one is taken. Whether that person is there is seen later, in authorization_admits.
 */
#include "server/oauth/checks/checks.h"
#include "server/token/id_token.h"

enum oauth_error check_id_token_hint(struct authorization *az)
{
    struct str hint = authorization_asked(az, "id_token_hint");
    struct id_token_hint read;
    if (hint.len == 0)
        return OAUTH_FINE;
    enum result r = id_token_read_hint(az->p, az->arena, hint, &read);
    if (r == RESULT_REFUSED || (r == RESULT_OK && !str_eq(read.client_id, az->app->client_id))) {
        az->detail = "The id_token_hint is no ID token of this application.";
        return OAUTH_INVALID_REQUEST;
    }
    if (r == RESULT_OK)
        az->hint_subject = read.subject;
    return oauth_error_of(r);
}
