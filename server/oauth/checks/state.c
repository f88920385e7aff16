/* RFC 6749 section 4.1.1: `state` comes back as it came, encoded; so that it fits into any address, it has a
 * limit. */
#include "server/oauth/checks/checks.h"

enum { STATE_MAX = 512 };

enum oauth_error check_state(struct authorization *az)
{
    struct str state = authorization_asked(az, "state");
    if (state.len > STATE_MAX) {
        az->detail = "The state is longer than 512 bytes.";
        return OAUTH_INVALID_REQUEST;
    }
    az->state = state;
    return OAUTH_FINE;
}
