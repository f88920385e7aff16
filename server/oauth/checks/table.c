/*
 * The authorization endpoint on one screen. The order is the argument: nothing is sent anywhere before client
 * and redirect_uri are sure; `state` and response_mode come next, so that every later error reaches the
 * application in the form it asked for; what the request may be at all, before what it asks; who it asks for,
 * last.
 */
#include "server/base/log.h"
#include "server/oauth/checks/checks.h"

/* clang-format off */
const struct check authorization_checks[] = {
    /* name             parameters                            run */
    {"client",          "client_id",                          check_client},
    {"redirect_uri",    "redirect_uri",                       check_redirect_uri},
    {"state",           "state",                              check_state},
    {"response_mode",   "response_mode",                      check_response_mode},
    {"request_objects", "request request_uri registration",   check_request_objects},
    {"response_type",   "response_type",                      check_response_type},
    {"grant",           "",                                   check_grant},
    {"pkce",            "code_challenge code_challenge_method", check_pkce},
    {"scope",           "scope",                              check_scope},
    {"resource",        "resource",                           check_resource},
    {"nonce",           "nonce",                              check_nonce},
    {"prompt",          "prompt",                             check_prompt},
    {"max_age",         "max_age",                            check_max_age},
    {"acr",             "acr_values",                         check_acr},
    {"id_token_hint",   "id_token_hint",                      check_id_token_hint},
    {"act_as",          "act_as",                             check_act_as},
    {"hints",           "login_hint ui_locales",              check_hints},
};
/* clang-format on */
const size_t authorization_check_count = sizeof authorization_checks / sizeof authorization_checks[0];

enum oauth_error authorization_check(struct authorization *az)
{
    for (size_t i = 0; i < authorization_check_count; i++) {
        enum oauth_error e = authorization_checks[i].run(az);
        if (e == OAUTH_FINE)
            continue;
        LOG(LOG_LEVEL_INFO, "authorize.refused", LOG_Z("check", authorization_checks[i].name),
            LOG_Z("error", oauth_error_row(e)->code),
            LOG_STR("client_id", authorization_asked(az, "client_id")));
        return e;
    }
    return OAUTH_FINE;
}

bool authorization_reads(struct str parameter)
{
    for (size_t i = 0; i < authorization_check_count; i++)
        if (str_has_word(str_of(authorization_checks[i].parameters), parameter))
            return true;
    return false;
}
