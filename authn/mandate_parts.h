/* What the files of mandates share. */
#ifndef ONEDOOR_AUTHN_MANDATE_PARTS_H
#define ONEDOOR_AUTHN_MANDATE_PARTS_H

#include "authn/mandate_edit.h"

enum { MANDATE_ID_MAX = 128 };

/* The relative name of a mandate's entry; STR_EMPTY when there is no memory. */
struct str mandate_rdn(struct arena *a, struct str id);
/* Whether the wish may be granted to whoever asks. */
enum mandate_fault mandate_check(const struct mandate_actor *by, const struct mandate_wish *w,
                                 const struct mandate_place *places, size_t n);
/* Generalized time, as the registry has it; STR_EMPTY when it is none, or there is no memory. */
struct str mandate_time(struct arena *a, int64_t at);
/* One value of the history: when, what, who and by what right; STR_EMPTY when there is no memory. */
struct str mandate_step(struct arena *a, const struct mandate_actor *by, const char *what);
MUST_CHECK enum result mandate_audit(struct authn *au, struct arena *a, const struct mandate_actor *by,
                                     enum audit_event event, const struct mandate *md);

#endif
