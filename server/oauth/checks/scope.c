/*
 * RFC 6749 section 3.3: each word is one that the registration allows. Without `openid` it is plain OAuth,
 * and there is no ID token. OpenID Connect Core section 11: offline_access only where there are refresh
 * tokens.
 */
#include "server/oauth/scope.h"
#include "server/oauth/checks/checks.h"

enum oauth_error check_scope(struct authorization *az)
{
    if (!scope_read(az->arena, authorization_asked(az, "scope"), &az->scope) ||
        !scope_within(az->scope, az->app->scopes))
        return OAUTH_INVALID_SCOPE;
    bool offline = str_has_word(az->scope, STR("offline_access"));
    return offline && !(az->app->grants & GRANT_REFRESH_TOKEN) ? OAUTH_INVALID_SCOPE : OAUTH_FINE;
}
