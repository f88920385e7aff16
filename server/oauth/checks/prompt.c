/*
 * OpenID Connect Core section 3.1.2.1. `none` stands alone. A browser has one session here, so choosing an
 * account is signing in again.
 */
#include "server/oauth/prompt.h"
#include "server/oauth/checks/checks.h"

enum oauth_error check_prompt(struct authorization *az)
{
    struct str words = authorization_asked(az, "prompt"), word;
    while (str_word(&words, &word)) {
        unsigned bit = prompt_bit(word);
        if (bit == 0) {
            az->detail = "The prompt is not known.";
            return OAUTH_INVALID_REQUEST;
        }
        az->prompt |= bit;
    }
    if ((az->prompt & PROMPT_NONE) && az->prompt != PROMPT_NONE) {
        az->detail = "The prompt none stands alone.";
        return OAUTH_INVALID_REQUEST;
    }
    return OAUTH_FINE;
}
