/*
 * What is still to be done when a session has ended: one job for each application that was entered from it,
 * which is to be told by a logout token (OpenID Connect Back-Channel Logout 1.0). The jobs lie in the store's
 * queue of STORE_LOGOUT; server/courier.c works on them.
 */
#ifndef ONEDOOR_AUTHN_LOGOUT_JOB_H
#define ONEDOOR_AUTHN_LOGOUT_JOB_H

#include "server/base/arena.h"
#include "server/store/store.h"

struct logout_job {
    struct str client_id;
    struct str subject, sid; /* as in the ID tokens that the application got */
    int64_t created;
    int64_t attempts; /* made so far */
    int64_t refusals; /* how many of them were answered 400 */
};

/* The record; STR_EMPTY when memory is out. The way back is NULL for what is none. */
struct str logout_job_text(struct arena *a, const struct logout_job *job);
struct logout_job *logout_job_parse(struct arena *a, struct str record);
/* The same for the same session and application, whoever makes it, and it tells nothing; STR_EMPTY: failed.
 */
struct str logout_job_id(struct arena *a, const struct logout_job *job);

/*
 * The jobs of a session's clients: words "client_id", entered from the session itself, and "client_id/sid",
 * from one that it replaced. Each is `created` at now. False when memory is out.
 */
MUST_CHECK bool logout_jobs(struct arena *a, struct str clients, struct str subject, struct str sid,
                            int64_t now, struct store_job **out, size_t *n);
/*
 * What is inherited by the session that replaces one of the same person: those applications hold the old sid, and
 * are still to be told of it. Of an application that was entered twice, the sid it got last. STR_EMPTY when
 * there are none, or without memory (see arena_failed).
 */
struct str logout_clients_inherited(struct arena *a, struct str clients, struct str sid);

#endif
