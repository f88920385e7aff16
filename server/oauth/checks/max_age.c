/* OpenID Connect Core section 3.1.2.1: how long ago the person may have signed in; 0 is as prompt=login. */
#include "server/oauth/checks/checks.h"

enum oauth_error check_max_age(struct authorization *az)
{
    struct str text = authorization_asked(az, "max_age");
    uint64_t seconds;
    az->max_age = -1;
    if (text.len == 0)
        return OAUTH_FINE;
    if (!str_to_u64(text, INT32_MAX, &seconds)) {
        az->detail = "The max_age must be a number of seconds.";
        return OAUTH_INVALID_REQUEST;
    }
    az->max_age = (int64_t)seconds;
    return OAUTH_FINE;
}
