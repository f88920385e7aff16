/* RFC 6749 section 4.1.2.1: whether the application is registered for codes at all. */
#include "server/oauth/checks/checks.h"

enum oauth_error check_grant(struct authorization *az)
{
    return az->app->grants & GRANT_AUTHORIZATION_CODE ? OAUTH_FINE : OAUTH_UNAUTHORIZED_CLIENT;
}
