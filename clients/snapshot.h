/* The applications of one reading of the registry: never changed. */
#ifndef ONEDOOR_CLIENTS_SNAPSHOT_H
#define ONEDOOR_CLIENTS_SNAPSHOT_H

#include "clients/applications.h"

struct snapshot;

/*
 * The valid and enabled applications of the entries, copied; an invalid entry, and one whose resource an
 * earlier one holds, is logged and left out. The caller's to free. NULL when memory or OpenSSL fails.
 */
struct snapshot *snapshot_build(const struct entries *entries);
/* Takes NULL. A void pointer, as server/base/swap.h needs it. */
void snapshot_free(void *s);
/* Whether it was built from entries of the same content in the same order. */
bool snapshot_is_of(const struct snapshot *s, const struct entries *entries);

const struct application *snapshot_find(const struct snapshot *s, struct str client_id);
const struct application *snapshot_of_resource(const struct snapshot *s, struct str resource);
/* All, by client_id. */
size_t snapshot_list(const struct snapshot *s, const struct application *const **out);

/*
 * Makes it the present one and takes it over, also when it fails for lack of memory: what
 * applications_refresh ends with, and tests. One thread at a time.
 */
bool applications_install(struct applications *all, struct snapshot *s);

#endif
