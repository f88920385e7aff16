/* OpenID Connect Core section 3.1.2.1: `nonce` goes into the ID token as it came, and has a limit for that.
 */
#include "server/oauth/checks/checks.h"

enum { NONCE_MAX = 512 };

enum oauth_error check_nonce(struct authorization *az)
{
    struct str nonce = authorization_asked(az, "nonce");
    if (nonce.len > NONCE_MAX) {
        az->detail = "The nonce is longer than 512 bytes.";
        return OAUTH_INVALID_REQUEST;
    }
    az->nonce = nonce;
    return OAUTH_FINE;
}
