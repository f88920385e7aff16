/* What is particular to each signature algorithm, in one table. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_ALG_H
#define ONEDOOR_CERTS_ALG_H

#include "certs/keyring.h"

#include <jwt.h>
#include <openssl/evp.h>

enum { RSA_BITS = 2048, RSA_BITS_MAX = 4096, EC_COORDINATE = 32 };

struct alg {
    const char *name; /* `alg` of RFC 7518 section 3.1, and the first half of the entry's name */
    bool is_ec;
    jwt_alg_t libjwt;
    EVP_PKEY *(*generate)(void);
    /* Whether a key is of the type, curve and size that this algorithm asks for. */
    bool (*fits)(const EVP_PKEY *key);
};

const struct alg *alg_of(enum jws_alg alg);

#endif
