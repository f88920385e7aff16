/*
 * For whom the person acts here. Nobody is ever taken to act for another by what a request says: it is chosen
 * on a page and kept in the stored transaction, or, where no page may be shown, was chosen there earlier in
 * the same session for the same application. What was chosen is looked at again before anything is issued.
 */
#include "authn/acts.h"
#include "server/oauth/authorization.h"

/* The mandate of that id, still good for this person here; otherwise it must be chosen anew. */
static enum result take_mandate(struct authorization *az, const struct session *session, struct str id,
                                enum acting *out)
{
    const struct mandate *md;
    struct person *represented = arena_alloc(az->arena, sizeof *represented);
    *out = ACTING_ASK;
    if (!represented)
        return RESULT_INTERNAL;
    enum result r =
        acting_mandate(az->p, az->arena, id, session->person.dn, STR_EMPTY, az->app->client_id, &md);
    if (r == RESULT_OK)
        r = acting_represented(az->p, az->arena, md, represented);
    if (r == RESULT_OK)
        r = rights_admit(az->p, az->arena, az->app, represented);
    if (r != RESULT_OK)
        return r == RESULT_NOT_FOUND || r == RESULT_REFUSED ? RESULT_OK : r;
    az->mandate = md;
    az->represented = represented;
    *out = ACTING_FOR;
    return RESULT_OK;
}

/* Whom the application expects, if it is not the person themselves. */
static struct str expected(const struct authorization *az, const struct session *session)
{
    if (az->act_as.len > 0)
        return str_eq(az->act_as, STR("self")) ? STR_EMPTY : az->act_as;
    bool own = str_eq(az->hint_subject, session->person.subject);
    return own ? STR_EMPTY : az->hint_subject;
}

/* Without a page: as they chose last here in this session, if that is whom the application expects. */
static enum result as_before(struct authorization *az, const struct session *session, enum acting *out)
{
    struct act act;
    struct str subject = expected(az, session);
    *out = ACTING_ASK;
    if (!acts_find(az->arena, session->acts, az->app->client_id, &act))
        return RESULT_OK;
    if (subject.len > 0 && !str_eq(subject, act.subject))
        return RESULT_OK;
    if (act.mandate.len > 0)
        return take_mandate(az, session, act.mandate, out);
    *out = ACTING_SELF;
    return RESULT_OK;
}

/* An id_token_hint names somebody else altogether: no choice would do (OpenID Connect Core 3.1.2.1). */
static bool is_other_person(const struct authorization *az, const struct session *session,
                            const struct mandate *const *choices, size_t n)
{
    if (az->hint_subject.len == 0 || str_eq(az->hint_subject, session->person.subject))
        return false;
    for (size_t i = 0; i < n; i++)
        if (str_eq(choices[i]->represented_sub, az->hint_subject))
            return false;
    return true;
}

enum result authorization_acting(struct authorization *az, const struct session *session,
                                 const struct transaction *t, enum acting *out)
{
    const struct mandate **choices;
    size_t n;
    *out = ACTING_SELF;
    if (t && t->act_done && t->mandate.len > 0)
        return take_mandate(az, session, t->mandate, out);
    if (t && t->act_done)
        return RESULT_OK;
    enum result r = acting_choices(az->p, az->arena, session->person.dn, az->app, &choices, &n);
    if (r != RESULT_OK || n == 0 || is_other_person(az, session, choices, n))
        return r;
    if (str_eq(az->act_as, STR("self")))
        return RESULT_OK;
    if (az->prompt & PROMPT_NONE)
        return as_before(az, session, out);
    *out = ACTING_ASK;
    return RESULT_OK;
}

bool authorization_remember_act(struct authorization *az, struct session *session)
{
    struct act before, act = {STR_EMPTY, STR_EMPTY};
    if (!az->app->takes_mandates)
        return false;
    if (az->mandate)
        act = (struct act){az->mandate->id, az->mandate->represented_sub};
    bool known = acts_find(az->arena, session->acts, az->app->client_id, &before);
    if (known && str_eq(before.mandate, act.mandate) && str_eq(before.subject, act.subject))
        return false;
    session->acts = acts_with(az->arena, session->acts, az->app->client_id, &act);
    return true;
}
