/* Which sessions a person has: their sids under the uuid, so that a leaver's can be ended one by one. */
#ifndef ONEDOOR_AUTHN_SESSION_INDEX_H
#define ONEDOOR_AUTHN_SESSION_INDEX_H

#include "authn/notice.h"
#include "authn/session.h"

/*
 * One step: the sid into the index and the session's record (one that stands in no index could not be ended),
 * what is noted of its person is read, and what else belongs to it (may be NULL) is done.
 */
MUST_CHECK enum result session_index_store(struct authn *au, struct arena *a, const struct session *s,
                                           struct str record, int64_t ttl, const struct store_steps *more,
                                           struct str found[NOTICE_RECORDS]);
/* A failure is logged and left: what is not there any more is passed over and dropped in time. */
void session_index_remove(struct authn *au, struct arena *a, struct str uuid, struct str sid);

#endif
