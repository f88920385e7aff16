/* Sessions: who is signed in in this browser, how and since when. */
#ifndef ONEDOOR_AUTHN_SESSION_H
#define ONEDOOR_AUTHN_SESSION_H

#include "authn/authn.h"
#include "server/base/acr.h"
#include "server/base/buf.h"
#include "server/base/json.h"

#define SESSION_COOKIE "__Host-onedoor-session"

struct session {
    struct str sid;       /* public: stands in tokens; derived from the cookie by a hash, not the other way */
    struct person person; /* as the directory said at `person_read` */
    enum authn_level level;
    struct str amr; /* "pwd otp" */
    int64_t auth_time, started, seen, person_read;
    struct str
        inherited;   /* what was signed in to from those it replaced: see logout_job.h, session_clients.h */
    struct str csrf; /* for the forms of signed-in pages */
    struct str acts; /* for whom they act where: see acts.h */
};

/*
 * A new session with a new id for that person; *cookie is the secret value for SESSION_COOKIE. What else is
 * to be done in the same step may be said (`more`, else NULL). NOT_FOUND when the account was disabled in
 * this very moment: nothing is then left of the session.
 */
MUST_CHECK enum result session_start(struct authn *au, struct arena *a, const struct person *person,
                                     enum authn_level level, struct str amr, const struct store_steps *more,
                                     struct session **out, struct str *cookie);
/*
 * The live session of a cookie. NOT_FOUND when there is none, or it was idle or old beyond the limits. Being
 * found counts as use (written back at most every 30 s).
 */
MUST_CHECK enum result session_find(struct authn *au, struct arena *a, struct str cookie,
                                    struct session **out);
/* The same, of somebody who is expected to be its person: then it is one round trip. */
MUST_CHECK enum result session_find_of(struct authn *au, struct arena *a, struct str cookie, struct str uuid,
                                       struct session **out);
/* By sid, without counting as use: for tokens. */
MUST_CHECK enum result session_by_sid(struct authn *au, struct arena *a, struct str sid,
                                      struct session **out);
/* The same, of somebody who is expected to be its person; somebody else's session is found as well. */
MUST_CHECK enum result session_of_person(struct authn *au, struct arena *a, struct str sid, struct str uuid,
                                         struct session **out);
/*
 * The same from records that were fetched beside others: that of the session, and those of the notices of the
 * person who is expected.
 */
MUST_CHECK enum result session_open(struct authn *au, struct arena *a, struct str sid, struct str record,
                                    struct str uuid, const struct str notices[], struct session **out);
/* Counts as use, as session_find does by itself. */
MUST_CHECK enum result session_touch(struct authn *au, struct arena *a, struct session *s);
/* As it lies in the store, also when its person's account has ended since: for ending it. */
MUST_CHECK enum result session_stored(struct authn *au, struct arena *a, struct str sid,
                                      struct session **out);
/*
 * Parses a record that store_get_many fetched under {STORE_SESSION, sid}; NULL when it is over its limits.
 * Whether the account ended since is another question: see notice.h.
 */
struct session *session_parse(struct authn *au, struct arena *a, struct str sid, struct str record);
/* Unix seconds: when it is over unless it is used before. */
int64_t session_ends(const struct authn *au, const struct session *s);
/* Writes back a changed session (person snapshot, acts). */
MUST_CHECK enum result session_save(struct authn *au, struct arena *a, const struct session *s);
/* The same as a step of something greater. */
MUST_CHECK enum result session_saving(struct authn *au, struct arena *a, const struct session *s,
                                      struct store_steps *steps);
/*
 * Ends it and, in the same atomic step, queues what tells its applications. OK also when it was over already:
 * then nobody is told twice. A full queue is logged, and the session ended all the same.
 */
MUST_CHECK enum result session_end(struct authn *au, struct arena *a, struct str sid);
/* The same; *ended is the session for exactly one caller, NULL for every other. */
MUST_CHECK enum result session_end_once(struct authn *au, struct arena *a, struct str sid,
                                        struct session **ended);
/* Ends one whose applications another session has inherited (logout_clients_inherited). */
MUST_CHECK enum result session_replaced(struct authn *au, struct arena *a, struct str sid);
/* The sids of a person's sessions; some may be over. */
MUST_CHECK enum result session_list(struct authn *au, struct arena *a, struct str uuid, struct str **sids,
                                    size_t *n);

/*
 * The session's person as the directory says now, saved into the session (what was said before and saved
 * within 30 s is not saved again), which counts as use. When the
 * directory is away, OK with what it said before if that is at most `grace` seconds old, else UNAVAILABLE.
 * NOT_FOUND when the person is gone, disabled or has another `sub`: that is then noted, which ends all their
 * sessions and grants.
 */
MUST_CHECK enum result session_refresh_person(struct authn *au, struct arena *a, struct session *s,
                                              int64_t grace);

/*
 * Whether what the session says of its person was heard from the directory seconds ago, in this very sign-in,
 * and the feed has told of every change since, so that it need not be asked again to finish that. (A notice
 * that came with the session was taken in.)
 */
bool session_person_is_fresh(const struct authn *au, const struct session *s);

/* A person within a packed record, as record_pack and record_unpack. */
bool person_pack(struct buf *out, struct arena *a, const struct person *p);
MUST_CHECK bool person_unpack(struct arena *a, struct str *rest, struct person *out);

#endif
