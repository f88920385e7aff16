/* The public keys of one JWKS document (RFC 7517): never changed, freed with the last user. */
#ifndef ODC_KEYSET_H
#define ODC_KEYSET_H

#include <onedoor/client.h>
#include <openssl/evp.h>
#include <stdatomic.h>

enum odc_alg { ODC_ES256, ODC_RS256, ODC_ALG_COUNT };
enum { ODC_KID_MAX = 128, ODC_KEYS_MAX = 64 };

struct odc_key {
    char kid[ODC_KID_MAX + 1];
    enum odc_alg alg;
    EVP_PKEY *pkey;
};

struct odc_keyset {
    atomic_uint references;
    size_t count;
    struct odc_key keys[ODC_KEYS_MAX];
};

/*
 * Keys for other uses, of other types, weaker than 2048 bits of RSA, without a kid or with a value that is no
 * point of P-256 are left out. PROTOCOL when it is no JWKS, has more than 64 keys, or two of one kid: then
 * nobody could say which is meant.
 */
enum onedoor_error odc_keyset_parse(const char *text, size_t len, struct odc_keyset **out);
struct odc_keyset *odc_keyset_ref(struct odc_keyset *set);
void odc_keyset_unref(struct odc_keyset *set);
/* NULL: no such kid. */
const struct odc_key *odc_keyset_find(const struct odc_keyset *set, const char *kid);

/* "ES256", "RS256"; ODC_ALG_COUNT for everything else. */
enum odc_alg odc_alg_find(const char *name);

#endif
