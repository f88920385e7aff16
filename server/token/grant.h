/* A grant: what one person (or nobody) allowed one application once. Ending it ends all that came of it. */
#ifndef ONEDOOR_TOKEN_GRANT_H
#define ONEDOOR_TOKEN_GRANT_H

#include "authn/notice.h"
#include "authn/session.h"
#include "server/token/provider.h"

struct grant {
    struct str gid; /* random, with the person's tag at its end: where their notice lies */
    struct str client_id;
    struct str subject, uuid; /* `sub` of the tokens; of the person */
    struct str mandate;       /* by which the person acts for the subject; empty: they are the subject */
    struct str sid;           /* the session it hangs on */
    struct str scope;         /* granted, space-separated; what a refresh may not exceed */
    struct str resources;     /* resource identifiers granted, space-separated; may be empty */
    struct str nonce;
    bool offline; /* offline_access: outlives the session */
    enum authn_level level;
    struct str amr;
    int64_t auth_time, created, expires;
    struct person person; /* as the directory said at `person_read`, or a notice since */
    int64_t person_read;
    struct person represented; /* likewise, where there is a mandate; a company as one of kind KIND_COMPANY */
    int64_t represented_read;
};

/*
 * How long a grant lives once its code was redeemed: as long as the application's refresh tokens and the last
 * access token that came of one.
 */
int64_t grant_seconds(const struct provider *p, const struct application *app);
/*
 * A new grant, to be put: sets its gid, created and expires. It begins as short-lived as its code, so that a
 * code that nobody redeems leaves nothing behind; grant_keep gives it its full life.
 */
MUST_CHECK enum result grant_begin(struct arena *a, struct grant *g, int64_t seconds,
                                   struct store_puts *puts);
/* NOT_FOUND when it was ended, and when the account was disabled or gone since the person signed in. */
MUST_CHECK enum result grant_find(struct provider *p, struct arena *a, struct str gid, struct grant **out);
/* With a new end, to be put: NOT_FOUND then when it was ended meanwhile, and it stays ended. */
MUST_CHECK enum result grant_keep(struct arena *a, struct grant *g, int64_t seconds, struct store_puts *puts);
/* The same in two steps, for those who fetch other records in the same round trip. */
enum { GRANT_RECORDS = 1 + NOTICE_RECORDS };
/* REFUSED for what can be no gid. */
MUST_CHECK enum result grant_keys(struct arena *a, struct str gid, struct store_key out[GRANT_RECORDS]);
/* Answers as grant_find; *notice is that of the person. */
MUST_CHECK enum result grant_open(struct arena *a, struct str gid, const struct str found[GRANT_RECORDS],
                                  struct grant **out, struct notice *notice);
/* Ends it: no code, access or refresh token of it is valid afterwards. */
MUST_CHECK enum result grant_end(struct provider *p, struct arena *a, struct str gid);

/* The grant and, unless it is offline, its session: OK only if both live. Asks Redis alone. */
MUST_CHECK enum result grant_alive(struct provider *p, struct arena *a, struct str gid, struct grant **out);

/*
 * The grant's person as the directory says now, with the outage grace of the settings; checks that the
 * session still lives unless the grant is offline. NOT_FOUND: session over, account gone or disabled.
 */
MUST_CHECK enum result grant_person(struct provider *p, struct arena *a, struct grant *g,
                                    struct person *person);
/* The same for those who have looked for the session: `r` is what became of that. */
MUST_CHECK enum result grant_person_in(struct provider *p, struct arena *a, struct grant *g, enum result r,
                                       struct session *session, struct person *person);

#endif
