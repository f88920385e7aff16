/* A second opinion on a key. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_CROSSCHECK_H
#define ONEDOOR_CERTS_CROSSCHECK_H

#include "certs/key.h"

/*
 * Whether libjwt, and we ourselves, accept a token that we signed with this key: so a private key that
 * doesn't belong to its public one, or a signature that only we can read, is found out before the first token
 * leaves. INTERNAL when not.
 */
MUST_CHECK enum result key_crosscheck(struct key_pair *key);
/*
 * The same and more, for a key that was just made, before it is kept: whether we accept a token that libjwt
 * signed. At a loading that would say nothing new, take as long again, and write the private key out as PEM.
 */
MUST_CHECK enum result key_crosscheck_new(struct key_pair *key);

#endif
