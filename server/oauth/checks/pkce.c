/*
 * RFC 7636 section 4.3, RFC 9700 section 2.1.1: every request has an S256 challenge, of confidential
 * applications too. The method must be named, because leaving it out would mean `plain`.
 */
#include "server/oauth/pkce.h"
#include "server/oauth/checks/checks.h"

enum oauth_error check_pkce(struct authorization *az)
{
    struct str challenge = authorization_asked(az, "code_challenge");
    if (!str_eq(authorization_asked(az, "code_challenge_method"), STR("S256"))) {
        az->detail = "The code_challenge_method must be S256.";
        return OAUTH_INVALID_REQUEST;
    }
    if (!pkce_is_challenge(az->arena, challenge)) {
        az->detail = "The code_challenge must be 43 base64url characters.";
        return OAUTH_INVALID_REQUEST;
    }
    az->code_challenge = challenge;
    return OAUTH_FINE;
}
