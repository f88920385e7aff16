/* The applications of one reading of the registry: never changed. */
#ifndef ONEDOOR_CLIENTS_SNAPSHOT_H
#define ONEDOOR_CLIENTS_SNAPSHOT_H

#include "clients/applications.h"

struct snapshot;

/*
 * One in the making: entries are added one by one, and nothing is found in it before it is finished. The
 * caller's to free. NULL when memory is out.
 */
struct snapshot *snapshot_new(void);
/*
 * The application of that entry, copied, if it is enabled; an invalid entry is logged and left out. What
 * fails for lack of memory shows when it is finished.
 */
void snapshot_add(struct snapshot *s, const struct entry *e);
/* Of two with one resource, the later by client_id is logged and left out. False when memory or OpenSSL
 * failed. */
MUST_CHECK bool snapshot_finish(struct snapshot *s);
/* All of it at once; NULL when memory or OpenSSL fails. */
struct snapshot *snapshot_build(const struct entries *entries);
/* Takes NULL. A void pointer, as server/base/swap.h needs it. */
void snapshot_free(void *s);
/* Whether it was made of entries of the same content in the same order. */
bool snapshot_is_of(const struct snapshot *s, const struct entries *entries);

const struct application *snapshot_find(const struct snapshot *s, struct str client_id);
const struct application *snapshot_of_resource(const struct snapshot *s, struct str resource);
/* All, by client_id. */
size_t snapshot_list(const struct snapshot *s, const struct application *const **out);

/*
 * Makes it the present one and takes it over, also when it fails for lack of memory: what
 * a reading ends with, and tests. One thread at a time.
 */
bool applications_install(struct applications *all, struct snapshot *s);

#endif
