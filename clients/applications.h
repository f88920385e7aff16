/* All applications of the registry: a snapshot in memory, replaced as a whole when the registry changes. */
#ifndef ONEDOOR_CLIENTS_APPLICATIONS_H
#define ONEDOOR_CLIENTS_APPLICATIONS_H

#include "clients/application.h"

struct applications;

/* Empty until it was read first. NULL when out of memory. */
struct applications *applications_new(struct directory *d);
void applications_free(struct applications *all);
/* Reads them anew; a failure keeps what was. An invalid entry is logged and left out, the rest stays. */
MUST_CHECK enum result applications_refresh(struct applications *all);
/*
 * The same by somebody else's reading of the registry, whose entries are handed over one by one: the first
 * begins anew, the last makes what was handed over the present state. An entry that does not stand right
 * below ou=applications is none. NOT_FOUND at the end, as of applications_refresh, when there is no such
 * branch.
 */
MUST_CHECK enum result applications_read_begin(struct applications *all);
void applications_read_entry(struct applications *all, const struct entry *e);
MUST_CHECK enum result applications_read_end(struct applications *all);
/* Whether some reading has succeeded since the start. */
bool applications_loaded(struct applications *all);
/* Grows with every change, as soon as it can be read: what was read after asking for it is at least as new.
 */
uint64_t applications_version(const struct applications *all);

/* NULL when unknown or disabled; the application lives as long as the arena. */
const struct application *applications_find(struct applications *all, struct arena *a, struct str client_id);
/* The application whose `resources` hold that identifier; NULL when there is none. */
const struct application *applications_of_resource(struct applications *all, struct arena *a,
                                                   struct str resource);
/* All that are enabled, by client_id. */
size_t applications_list(struct applications *all, struct arena *a, const struct application ***out);

#endif
