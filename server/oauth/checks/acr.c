/*
 * OpenID Connect Core section 3.1.2.1: acr_values are wishes in the order of preference, so the first that
 * somebody can reach is the one; words we don't know are passed over. It never lowers what the registration
 * demands.
 */
#include "server/oauth/checks/checks.h"

/* Nothing gives more than this yet. */
static const enum authn_level reachable = AUTHN_SUBSTANTIAL;

/* The wish that counts; NONE when there is none, HIGH when all of them are out of reach. */
static enum authn_level wished(struct str words)
{
    struct str word;
    enum authn_level beyond = AUTHN_NONE;
    while (str_word(&words, &word)) {
        enum authn_level level = acr_level(word);
        if (level != AUTHN_NONE && level <= reachable)
            return level;
        if (level > reachable)
            beyond = level;
    }
    return beyond;
}

enum oauth_error check_acr(struct authorization *az)
{
    enum authn_level wish = wished(authorization_asked(az, "acr_values"));
    az->needed = az->app->required_level > AUTHN_LOW ? az->app->required_level : AUTHN_LOW;
    if (wish > az->needed)
        az->needed = wish;
    return az->needed > reachable ? OAUTH_UNMET_AUTHENTICATION_REQUIREMENTS : OAUTH_FINE;
}
