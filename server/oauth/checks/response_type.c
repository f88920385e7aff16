/* RFC 6749 section 3.1.1, RFC 9700 section 2.1.2: `code` and nothing else, so that no token is ever in an
 * address. */
#include "server/oauth/checks/checks.h"

enum oauth_error check_response_type(struct authorization *az)
{
    struct str type = authorization_asked(az, "response_type");
    if (type.len == 0) {
        az->detail = "The response_type is missing.";
        return OAUTH_INVALID_REQUEST;
    }
    return str_eq(type, STR("code")) ? OAUTH_FINE : OAUTH_UNSUPPORTED_RESPONSE_TYPE;
}
