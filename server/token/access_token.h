/* Access tokens: RFC 9068 JWTs or opaque strings, each with a record in the store. */
#ifndef ONEDOOR_TOKEN_ACCESS_TOKEN_H
#define ONEDOOR_TOKEN_ACCESS_TOKEN_H

#include "server/token/grant.h"

struct access_token {
    struct str value;
    struct str jti, client_id, subject, audience, scope;
    struct str mandate, actor; /* by which, and who, acts for the subject; empty: in their own name */
    struct str gid, sid;       /* empty for client credentials */
    enum authn_level level;
    struct str amr;
    int64_t auth_time, issued, expires;

    /* Of a token that was found, with its person as known last; NULL for client credentials. */
    struct grant *grant;
    /* And what it takes to believe all that for a while. */
    struct store_watched watched;
    int64_t until; /* Unix seconds: some lifetime that it depends on ends then */
};

/* The application's lifetime, or else the server's. */
int64_t access_token_seconds(const struct provider *p, const struct application *app);

/*
 * Issues one for the audience, its record to be put: fills jti, value, issued and expires; the format,
 * algorithm and lifetime are the application's. With a person (may be NULL) the claims of domain.md's example
 * are put in.
 */
MUST_CHECK enum result access_token_issue(struct provider *p, struct arena *a, const struct application *app,
                                          const struct person *person, struct access_token *t,
                                          struct store_puts *puts);
/*
 * OK only if key, time, issuer, record, grant, session (unless offline), and application all still hold. The
 * record lies under the hash of the whole token, sealed by us: that it is there says what the signature would
 * say, that we issued these very bytes, so the signature itself is not computed again. NOT_FOUND for every
 * other certain answer, the same whatever was wrong. The audience is the caller's to check.
 */
MUST_CHECK enum result access_token_find(struct provider *p, struct arena *a, struct str value,
                                         struct access_token **out);
MUST_CHECK enum result access_token_revoke(struct provider *p, struct arena *a, struct str value);

#endif
