/* A second opinion on a key at its loading. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_CROSSCHECK_H
#define ONEDOOR_CERTS_CROSSCHECK_H

#include "certs/key.h"

/*
 * Whether libjwt accepts a token that we signed with this key, and we one that libjwt signed: so a private
 * key that doesn't belong to its public one, or a signature that only we can read, is found out before the
 * first token leaves. INTERNAL when not.
 */
MUST_CHECK enum result key_crosscheck(struct key_pair *key);

#endif
