/*
 * For whom the application expects the person to act: "self", or the `sub` of a represented that it knows of
 * earlier tokens. It only marks the choice on the page that asks; "self" spares the question. What is not
 * held by the person is nothing that the application would learn of.
 */
#include "server/oauth/checks/checks.h"

enum { ACT_AS_MAX = 128 };

enum oauth_error check_act_as(struct authorization *az)
{
    struct str asked = authorization_asked(az, "act_as");
    if (asked.len > ACT_AS_MAX || !str_is_plain_text(asked)) {
        az->detail = "The act_as must be self or the sub of a represented.";
        return OAUTH_INVALID_REQUEST;
    }
    az->act_as = asked;
    return OAUTH_FINE;
}
