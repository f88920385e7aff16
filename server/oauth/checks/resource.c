/* RFC 8707 section 2.1: for whom the access token is meant. One at most, since a parameter may stand but
 * once. */
#include "server/oauth/checks/checks.h"
#include "server/oauth/target.h"

enum oauth_error check_resource(struct authorization *az)
{
    struct str resource = authorization_asked(az, "resource");
    if (resource.len > 0 && !target_is_allowed(az->p->applications, az->arena, az->app, resource))
        return OAUTH_INVALID_TARGET;
    az->resource = resource;
    return OAUTH_FINE;
}
