/*
 * OpenID Connect Core section 3.1.2.1: what only makes signing in more comfortable. Whatever can't be shown
 * as it is, is left out, and never an error.
 */
#include "server/oauth/checks/checks.h"

enum { LOGIN_HINT_MAX = 128, UI_LOCALES_MAX = 64 };

enum oauth_error check_hints(struct authorization *az)
{
    struct str login = authorization_asked(az, "login_hint"), locales = authorization_asked(az, "ui_locales");
    if (login.len <= LOGIN_HINT_MAX && str_is_plain_text(login))
        az->login_hint = login;
    if (locales.len <= UI_LOCALES_MAX && str_is_plain_text(locales))
        az->ui_locales = locales;
    return OAUTH_FINE;
}
