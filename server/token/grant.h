/* A grant: what one person (or nobody) allowed one application once. Ending it ends all that came of it. */
#ifndef ONEDOOR_TOKEN_GRANT_H
#define ONEDOOR_TOKEN_GRANT_H

#include "authn/session.h"
#include "server/token/provider.h"

struct grant {
    struct str gid;
    struct str client_id;
    struct str subject, uuid;
    struct str sid;       /* the session it hangs on */
    struct str scope;     /* granted, space-separated; what a refresh may not exceed */
    struct str resources; /* resource identifiers granted, space-separated; may be empty */
    struct str nonce;
    bool offline; /* offline_access: outlives the session */
    enum authn_level level;
    struct str amr;
    int64_t auth_time, created, expires;
    struct person person; /* as of the sign-in: for an offline grant while the directory is away */
    int64_t person_read;
};

/*
 * How long a grant lives once its code was redeemed: as long as the application's refresh tokens and the last
 * access token that came of one.
 */
int64_t grant_seconds(const struct provider *p, const struct application *app);
/*
 * Stores a new grant and sets its gid, created and expires. It begins as short-lived as its code, so that a
 * code that nobody redeems leaves nothing behind; grant_keep gives it its full life.
 */
MUST_CHECK enum result grant_begin(struct provider *p, struct arena *a, struct grant *g, int64_t seconds);
MUST_CHECK enum result grant_find(struct provider *p, struct arena *a, struct str gid, struct grant **out);
/* Writes it back with a new end. NOT_FOUND when it was ended meanwhile: then it stays ended. */
MUST_CHECK enum result grant_keep(struct provider *p, struct arena *a, struct grant *g, int64_t seconds);
/* Parses a record fetched by store_get_many under {STORE_GRANT, gid}; NULL when it is none. */
struct grant *grant_parse(struct arena *a, struct str gid, struct str record);
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

#endif
