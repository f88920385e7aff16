#include "certs/alg.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/rsa.h>
#include <string.h>

static EVP_PKEY *generate_p256(void)
{
    return EVP_EC_gen(SN_X9_62_prime256v1);
}

static bool is_p256(const EVP_PKEY *key)
{
    char group[32];
    return EVP_PKEY_is_a(key, "EC") && EVP_PKEY_get_group_name(key, group, sizeof group, NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

static EVP_PKEY *generate_rsa(void)
{
    return EVP_RSA_gen(RSA_BITS);
}

/* RFC 7518 section 3.3 asks for 2048 bits; the upper bound keeps a verification short. */
static bool is_strong_rsa(const EVP_PKEY *key)
{
    int bits = EVP_PKEY_get_bits(key);
    return EVP_PKEY_is_a(key, "RSA") && bits >= RSA_BITS && bits <= RSA_BITS_MAX;
}

static const struct alg algs[JWS_ALG_COUNT] = {
    [JWS_ES256] = {"ES256", true, JWT_ALG_ES256, generate_p256, is_p256},
    [JWS_RS256] = {"RS256", false, JWT_ALG_RS256, generate_rsa, is_strong_rsa},
};

const struct alg *alg_of(enum jws_alg alg)
{
    return &algs[alg];
}

const char *jws_alg_name(enum jws_alg alg)
{
    return algs[alg].name;
}

bool jws_alg_parse(struct str name, enum jws_alg *out)
{
    for (unsigned i = 0; i < JWS_ALG_COUNT; i++) {
        if (str_eq(name, str_of(algs[i].name))) {
            *out = (enum jws_alg)i;
            return true;
        }
    }
    return false;
}
