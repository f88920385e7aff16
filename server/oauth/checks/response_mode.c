/*
 * OAuth 2.0 Multiple Response Types section 2.1 and Form Post Response Mode. `fragment` is refused: nothing
 * of ours is ever put where scripts of the page can read it.
 */
#include "server/oauth/checks/checks.h"

enum oauth_error check_response_mode(struct authorization *az)
{
    struct str mode = authorization_asked(az, "response_mode");
    if (str_eq(mode, STR("form_post")))
        az->form_post = true;
    else if (mode.len > 0 && !str_eq(mode, STR("query"))) {
        az->detail = "The response_mode must be query or form_post.";
        return OAUTH_INVALID_REQUEST;
    }
    return OAUTH_FINE;
}
