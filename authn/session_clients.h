/* Which applications were entered from a session: who is to be told of its end. */
#ifndef ONEDOOR_AUTHN_SESSION_CLIENTS_H
#define ONEDOOR_AUTHN_SESSION_CLIENTS_H

#include "authn/session.h"

/*
 * Remembers it, in a set beside the session's record, so that none is lost when several are entered at once.
 * NOT_FOUND when the session ended in this very moment: then the application must not be let in.
 */
MUST_CHECK enum result session_entered(struct authn *au, struct arena *a, const struct session *s,
                                       struct str client_id);
/*
 * The same, and in one step with it the caller's: what became of those is for the caller to look at, also
 * when NOT_FOUND is returned.
 */
MUST_CHECK enum result session_entered_with(struct authn *au, struct arena *a, const struct session *s,
                                            struct str client_id, struct store_steps *steps);
/* All, with those that the session inherited, space-separated; see logout_job.h. */
MUST_CHECK enum result session_clients(struct authn *au, struct arena *a, const struct session *s,
                                       struct str *out);
/* Once it is over. What remains after a failure ends by itself. */
void session_clients_forget(struct authn *au, struct arena *a, struct str sid);

#endif
