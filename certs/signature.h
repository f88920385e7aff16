/* Signatures over bytes in the encoding of JOSE (RFC 7518 sections 3.3 and 3.4). Inside certs/ only. */
#ifndef ONEDOOR_CERTS_SIGNATURE_H
#define ONEDOOR_CERTS_SIGNATURE_H

#include "certs/key.h"

enum { SIGNATURE_MAX = RSA_BITS_MAX / 8 };

struct signature {
    size_t len;
    unsigned char bytes[SIGNATURE_MAX];
};

MUST_CHECK enum result signature_make(const struct key_pair *key, struct str input, struct signature *out);
/* REFUSED when it is not this key's signature over the input, or not exactly as long as one. */
MUST_CHECK enum result signature_check(const struct key_pair *key, struct str input, struct str signature);

#endif
