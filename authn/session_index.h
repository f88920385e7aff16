/* Which sessions a person has: their sids under the uuid, so that a leaver's can be ended one by one. */
#ifndef ONEDOOR_AUTHN_SESSION_INDEX_H
#define ONEDOOR_AUTHN_SESSION_INDEX_H

#include "authn/session.h"

/* To be done before the session is stored: one that stands in no index could not be ended. */
MUST_CHECK enum result session_index_add(struct authn *au, struct arena *a, const struct session *s);
/* A failure is logged and left: what is not there any more is passed over and dropped in time. */
void session_index_remove(struct authn *au, struct arena *a, struct str uuid, struct str sid);

#endif
