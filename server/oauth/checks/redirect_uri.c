/*
 * RFC 6749 section 3.1.2.3 and RFC 9700 section 4.1.3: the address is always given, and is one of the
 * registered ones byte for byte (the port of a loopback address apart, RFC 8252 section 7.3). Only this check
 * sets az->redirect_uri, and only a set one is ever redirected to.
 */
#include "server/oauth/checks/checks.h"

enum oauth_error check_redirect_uri(struct authorization *az)
{
    struct str uri = authorization_asked(az, "redirect_uri");
    if (uri.len == 0 || !application_redirect_matches(az->app, uri))
        return OAUTH_INVALID_REDIRECT_URI;
    az->redirect_uri = uri;
    return OAUTH_FINE;
}
