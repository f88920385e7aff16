/* One key pair: made, parsed once, shared by reference. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_KEY_H
#define ONEDOOR_CERTS_KEY_H

#include "certs/alg.h"

#include <stdatomic.h>

enum { THUMBPRINT_SIZE = 43 };

struct jws_header;

/* Nothing in it changes but `refs` and `headers`, so that any thread may sign and verify with it. */
struct key_pair {
    atomic_size_t refs;
    uint64_t number; /* no other pair of this process ever has the same */
    enum jws_alg alg;
    EVP_PKEY *pkey;
    char kid[THUMBPRINT_SIZE + 1];
    struct str jwk;                       /* the public JWK as text, with kid, alg and use */
    _Atomic(struct jws_header *) headers; /* see certs/jws_header.h */
};

/* A new pair, or NULL when OpenSSL or memory fails. */
struct key_pair *key_generate(enum jws_alg alg);
/*
 * A pair around this key, which it takes over whatever the result: REFUSED when the key does not fit the
 * algorithm (another type or curve, RSA under 2048 bits), INTERNAL when OpenSSL or memory fails.
 */
MUST_CHECK enum result key_adopt(enum jws_alg alg, EVP_PKEY *pkey, struct key_pair **out);
/* The same from PKCS#8 DER, which must be all of `der`. */
MUST_CHECK enum result key_parse(enum jws_alg alg, struct str der, struct key_pair **out);
/* PKCS#8 DER of the private key: a secret, so the arena is to be freed soon. */
MUST_CHECK enum result key_pkcs8(const struct key_pair *key, struct arena *a, struct str *der);

struct str key_id(const struct key_pair *key);
struct key_pair *key_ref(struct key_pair *key);
void key_unref(struct key_pair *key);

#endif
