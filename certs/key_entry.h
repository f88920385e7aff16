/* A key as an entry of the registry: cn=<alg>-<serial>,ou=keys. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_KEY_ENTRY_H
#define ONEDOOR_CERTS_KEY_ENTRY_H

#include "certs/keyring_internal.h"
#include "certs/rotation.h"

/*
 * All entries. Pairs that `known` (or NULL) holds already are shared with it; others are opened, parsed and
 * cross-checked. One entry that is not as it must be makes the whole reading fail, named in the log: INTERNAL
 * when it does not open (another master key?), REFUSED when the key is too weak.
 */
MUST_CHECK enum result key_entries_read(const struct keyring *k, const struct key_set *known,
                                        struct key_set **out);

/*
 * Carries out one step. USED or NOT_FOUND when somebody else was first; the names are the same for all
 * servers, so that two cannot both make the third ES256 key.
 */
MUST_CHECK enum result key_entry_change(const struct keyring *k, const struct rotation_step *step);

#endif
