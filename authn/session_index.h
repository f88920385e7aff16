/* Which sessions a person has: their sids under the uuid, so that a leaver's can be ended one by one. */
#ifndef ONEDOOR_AUTHN_SESSION_INDEX_H
#define ONEDOOR_AUTHN_SESSION_INDEX_H

#include "authn/notice.h"
#include "authn/session.h"

/*
 * In one round trip and this order: the sid into the index, then the session's record (one that stands in no
 * index could not be ended), then what is noted of its person is read.
 */
MUST_CHECK enum result session_index_store(struct authn *au, struct arena *a, const struct session *s,
                                           const struct store_put *record,
                                           const struct store_key keys[NOTICE_RECORDS],
                                           struct str found[NOTICE_RECORDS]);
/* A failure is logged and left: what is not there any more is passed over and dropped in time. */
void session_index_remove(struct authn *au, struct arena *a, struct str uuid, struct str sid);

#endif
