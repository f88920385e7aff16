/* The entries below ou=changes, and the audit lines that go with them. */
#ifndef ONEDOOR_ADMIN_RECORD_H
#define ONEDOOR_ADMIN_RECORD_H

#include "server/admin/change.h"

/* Writes the record of w as asked for now by w->actor, in that state; sets w->id. REFUSED when it is too
 * large. */
MUST_CHECK enum result record_add(struct proposal *w, enum change_state state);
/*
 * From one state into another, by compare-and-swap: USED when another was first. `by` is who decided; empty
 * when that is told already.
 */
MUST_CHECK enum result record_move(struct provider *p, struct arena *a, struct str id, enum change_state from,
                                   enum change_state to, struct str by);
/* The audit line of w; before and after are cut to what a line takes. */
MUST_CHECK enum result record_audit(const struct proposal *w, enum audit_event event, const char *detail);

#endif
