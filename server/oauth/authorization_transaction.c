/*
 * What an application asked, kept while the person signs in: the parameters that some check reads, as they
 * came. When the browser returns, the same checks run over the stored values, so that an application disabled
 * meanwhile, or a redirect address withdrawn, gets nothing.
 */
#include "server/base/clock.h"
#include "server/oauth/authorization.h"
#include "server/oauth/checks/checks.h"

static bool keep_asked(struct authorization *az, struct pairs *out)
{
    for (size_t i = 0; i < az->asked.n; i++) {
        const struct pair *p = &az->asked.v[i];
        if (authorization_reads(p->name) && !pairs_add(out, az->arena, p->name, p->value))
            return false;
    }
    return true;
}

static void go_on(struct authorization *az, const struct transaction *t, struct str cookie)
{
    if (!str_eq(cookie, request_cookie(az->req, BROWSER_COOKIE)))
        response_cookie(az->resp, BROWSER_COOKIE, cookie, 0);
    response_redirect(az->resp, arena_join(az->arena, (struct str[]){STR("/signin?t="), t->id}, 2));
}

/*
 * Whether the session that is there must not be taken into the transaction. Another one, begun meanwhile in
 * another window, is judged when the browser returns.
 */
static bool must_sign_in_anew(const struct authorization *az, const struct session *session)
{
    bool asked = (az->prompt & (PROMPT_LOGIN | PROMPT_SELECT_ACCOUNT)) != 0 || az->max_age == 0;
    return asked || (session && !authorization_is_fresh(az, session));
}

void authorization_begin(struct authorization *az, const struct session *session)
{
    struct str cookie = request_cookie(az->req, BROWSER_COOKIE);
    struct transaction t = {.client_id = az->app->client_id,
                            .return_to = STR("/authorize/resume"),
                            .begun = clock_now(),
                            .needed = az->needed,
                            .reauthenticate = must_sign_in_anew(az, session),
                            .login_hint = az->login_hint,
                            .ui_locales = az->ui_locales,
                            .form_target = authorization_target(az)};
    if (!keep_asked(az, &t.asked)) {
        response_failure(az->resp, RESULT_INTERNAL);
        return;
    }
    enum result r = transaction_begin(&az->p->authn, az->arena, &t, &cookie);
    if (r == RESULT_OK)
        go_on(az, &t, cookie);
    else
        response_failure(az->resp, r);
}

bool authorization_resume(struct authorization *az, const struct transaction *t)
{
    az->asked = t->asked;
    az->begun = t->begun;
    return t->client_id.len > 0 && t->begun > 0 && str_eq(authorization_asked(az, "client_id"), t->client_id);
}
