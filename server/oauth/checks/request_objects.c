/*
 * OpenID Connect Core sections 6 and 7.2.1: none of these is taken, and each has its own refusal. A
 * request_uri is not fetched (LemonLDAP CVE-2023-44469), nor a request object looked into.
 */
#include "server/oauth/checks/checks.h"

enum oauth_error check_request_objects(struct authorization *az)
{
    static const struct {
        const char *parameter;
        enum oauth_error error;
    } refused[] = {
        {"request", OAUTH_REQUEST_NOT_SUPPORTED},
        {"request_uri", OAUTH_REQUEST_URI_NOT_SUPPORTED},
        {"registration", OAUTH_REGISTRATION_NOT_SUPPORTED},
    };
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (authorization_asked(az, refused[i].parameter).len > 0)
            return refused[i].error;
    return OAUTH_FINE;
}
