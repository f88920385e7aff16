/* Audit lines of the endpoints. */
#ifndef ONEDOOR_OAUTH_TRAIL_H
#define ONEDOOR_OAUTH_TRAIL_H

#include "server/http/request.h"
#include "server/token/provider.h"

/*
 * Writes the line, with the request's address and reference. UNAVAILABLE when it could not be written: then
 * nothing may be granted.
 */
MUST_CHECK enum result trail_write(struct provider *p, const struct request *req, enum audit_event event,
                                   struct audit_entry entry);
/* For what was refused or taken away: that stands, whether or not the line could be written (which is
 * logged). */
void trail_note(struct provider *p, const struct request *req, enum audit_event event,
                struct audit_entry entry);

#endif
