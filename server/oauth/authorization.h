/* One authorization request on its way through the checks to its response. */
#ifndef ONEDOOR_OAUTH_AUTHORIZATION_H
#define ONEDOOR_OAUTH_AUTHORIZATION_H

#include "authn/transaction.h"
#include "server/oauth/error.h"
#include "server/token/acting.h"

enum prompt {
    PROMPT_NONE = 1 << 0,
    PROMPT_LOGIN = 1 << 1,
    PROMPT_CONSENT = 1 << 2,
    PROMPT_SELECT_ACCOUNT = 1 << 3
};

struct authorization {
    struct provider *p;
    struct request *req;
    struct response *resp;
    struct arena *arena;

    /*
     * What the application asked: of the request when it begins, of the stored transaction from then on.
     * Nothing else of a later request counts (Keycloak CVE-2026-7571).
     */
    struct pairs asked;
    int64_t begun; /* when the transaction was stored; 0: there is none yet */
    bool unsaved;  /* the transaction is not stored as it is by now */

    /* What the checks made of it, each filled in by the check of its name. */
    const struct application *app;
    struct str
        redirect_uri; /* set by check_redirect_uri alone: until then errors are pages, from then on sent */
    bool form_post;
    struct str state, nonce, code_challenge, scope, resource;
    unsigned prompt; /* of enum prompt */
    int64_t max_age; /* -1: not asked */
    enum authn_level needed;
    struct str hint_subject, login_hint, ui_locales, act_as;

    /* By which the person acts, and for whom; set by authorization_acting, NULL: in their own name. */
    const struct mandate *mandate;
    const struct person *represented;

    const char *detail; /* more on an error, a text of ours; may stay NULL */
};

/* A parameter's value, STR_EMPTY when absent or empty. */
struct str authorization_asked(const struct authorization *az, const char *name);

/* The answers, in authorization_answer.c. Each bears `iss` (RFC 9207) and, when one was sent, `state`. */

/* To the application when its redirect_uri was checked, as a page otherwise; an outage is always our page. */
void authorization_refuse(struct authorization *az, enum oauth_error e);
/*
 * Issues the code for what was asked, hanging on that session, and sends it to the application. The
 * transaction that led here (may be NULL) ends in the same atomic step: for one caller only.
 */
void authorization_grant(struct authorization *az, struct session *session, const struct transaction *t);
/* scheme://host[:port] of the redirect address, or "scheme:" of a private-use one: for CSP form-action. */
struct str authorization_target(const struct authorization *az);

/* Who is there, in authorization_session.c. */

/*
 * The browser's session with its person as the directory says now; *out is NULL when there is none. Whose it
 * is expected to be may be said by uuid.
 * UNAVAILABLE when that cannot be known.
 */
MUST_CHECK enum result authorization_session(const struct authorization *az, struct str uuid,
                                             struct session **out);
/* Whether that sign-in is strong and fresh enough for what was asked. */
bool authorization_suffices(const struct authorization *az, const struct session *session);
/* Whether the person signed in recently enough, and since the request began where that was demanded. */
bool authorization_is_fresh(const struct authorization *az, const struct session *session);
/*
 * What forbids it to this person: FINE, LOGIN_REQUIRED (id_token_hint names another), ACCESS_DENIED, or what
 * a failure of ours is called.
 */
enum oauth_error authorization_admits(const struct authorization *az, const struct session *session);
/* Whether the person has to be asked first. */
MUST_CHECK enum result authorization_needs_consent(const struct authorization *az,
                                                   const struct session *session, bool *out);

/* For whom, in authorization_acting.c. */

enum acting {
    ACTING_SELF,
    ACTING_FOR, /* az->mandate */
    ACTING_ASK  /* it has to be chosen first, or what was chosen no longer holds */
};
/* `t` is NULL until there is a transaction. UNAVAILABLE when it cannot be known. */
MUST_CHECK enum result authorization_acting(struct authorization *az, const struct session *session,
                                            const struct transaction *t, enum acting *out);
/* Puts it into the session, for when no page may be shown. Whether that changed anything. */
bool authorization_remember_act(struct authorization *az, struct session *session);

/* The stored transaction, in authorization_transaction.c. */

/* Stores it, sets the browser's cookie, and sends the browser to sign in. The session that is there may be
 * NULL. */
void authorization_begin(struct authorization *az, const struct session *session);
/* What was asked, from the transaction; false when it holds no authorization request. */
bool authorization_resume(struct authorization *az, const struct transaction *t);

#endif
