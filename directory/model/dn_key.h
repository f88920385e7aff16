/* A distinguished name as a key: the same for all ways of writing it. */
#ifndef ONEDOOR_DIRECTORY_MODEL_DN_KEY_H
#define ONEDOOR_DIRECTORY_MODEL_DN_KEY_H

#include "server/base/str.h"

struct dn_key {
    unsigned char b[16]; /* of SHA-256 over the normalised DN in lower case */
};

/* False when it is no DN, or OpenSSL fails. */
bool dn_key_of(struct str dn, struct dn_key *out);
/* The key of the entry right above it; false as well when nothing stands above. */
bool dn_key_of_parent(struct str dn, struct dn_key *out);
bool dn_key_eq(const struct dn_key *a, const struct dn_key *b);

#endif
