/* Who is there, and whether that is enough. */
#include "authn/account.h"
#include "server/base/clock.h"
#include "server/oauth/authorization.h"
#include "server/token/rights.h"

enum result authorization_session(const struct authorization *az, struct str uuid, struct session **out)
{
    struct authn *au = &az->p->authn;
    *out = NULL;
    enum result r = session_find_of(au, az->arena, request_cookie(az->req, SESSION_COOKIE), uuid, out);
    if (r == RESULT_OK)
        r = session_refresh_person(au, az->arena, *out, az->p->config.outage_grace_seconds);
    if (r != RESULT_OK)
        *out = NULL;
    return r == RESULT_NOT_FOUND ? RESULT_OK : r;
}

/* Once begun, only a sign-in since then counts where one was demanded (OpenID Connect Core section 3.1.2.3).
 */
bool authorization_is_fresh(const struct authorization *az, const struct session *session)
{
    if (az->begun > 0 && session->auth_time >= az->begun)
        return true;
    if (az->prompt & (PROMPT_LOGIN | PROMPT_SELECT_ACCOUNT))
        return false;
    return az->max_age < 0 || (az->max_age > 0 && clock_now() - session->auth_time <= az->max_age);
}

bool authorization_suffices(const struct authorization *az, const struct session *session)
{
    return session->level >= az->needed && authorization_is_fresh(az, session);
}

enum oauth_error authorization_admits(const struct authorization *az, const struct session *session)
{
    const struct person *person = &session->person;
    struct str subject = az->mandate ? az->mandate->represented_sub : person->subject;
    if (az->hint_subject.len > 0 && !str_eq(az->hint_subject, subject))
        return OAUTH_LOGIN_REQUIRED;
    enum result r = rights_admit(az->p, az->arena, az->app, az->mandate ? az->represented : person);
    return r == RESULT_REFUSED ? OAUTH_ACCESS_DENIED : oauth_error_of(r);
}

enum result authorization_needs_consent(const struct authorization *az, const struct session *session,
                                        bool *out)
{
    struct account account;
    *out = true;
    if (az->prompt & PROMPT_CONSENT)
        return RESULT_OK;
    if (!az->app->consent_required) {
        *out = false;
        return RESULT_OK;
    }
    enum result r = account_read(&az->p->authn, az->arena, session->person.uuid, &account);
    if (r == RESULT_OK)
        *out = !account_has_consent(&account, az->app->client_id, az->scope);
    return r;
}
