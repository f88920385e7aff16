/* RFC 6749 section 4.1.1: who asks. An unknown or disabled application gets a page, and nothing is sent
 * anywhere. */
#include "server/oauth/checks/checks.h"

enum oauth_error check_client(struct authorization *az)
{
    struct str client_id = authorization_asked(az, "client_id");
    if (client_id.len == 0) {
        az->detail = "The client_id is missing.";
        return OAUTH_UNKNOWN_CLIENT;
    }
    az->app = applications_find(az->p->applications, az->arena, client_id);
    if (az->app)
        return OAUTH_FINE;
    /* Before the registry was read once, nobody can say that it is unknown. */
    return applications_loaded(az->p->applications) ? OAUTH_UNKNOWN_CLIENT : OAUTH_TEMPORARILY_UNAVAILABLE;
}
