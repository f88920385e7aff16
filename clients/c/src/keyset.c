#include "keyset.h"

#include "json.h"
#include "text.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <stdlib.h>
#include <string.h>

enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 8192, NUMBER_MAX = RSA_BITS_MAX / 8, COORDINATE = 32 };

struct number {
    unsigned char bytes[NUMBER_MAX + 2];
    size_t len;
};

static const char *const alg_names[ODC_ALG_COUNT] = {[ODC_ES256] = "ES256", [ODC_RS256] = "RS256"};

enum odc_alg odc_alg_find(const char *name)
{
    enum odc_alg alg = 0;
    while (alg < ODC_ALG_COUNT && strcmp(name, alg_names[alg]) != 0)
        alg++;
    return alg;
}

static bool read_number(const json_t *jwk, const char *name, struct number *out)
{
    const char *text = odc_json_text(jwk, name);
    size_t len = text ? strlen(text) : 0;
    return len > 0 && len <= (NUMBER_MAX * 4 + 2) / 3 && odc_base64url(text, len, out->bytes, &out->len);
}

static EVP_PKEY *from_params(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
        EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1)
        pkey = NULL;
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}

static EVP_PKEY *read_ec(const json_t *jwk)
{
    struct number x, y;
    unsigned char point[1 + 2 * COORDINATE] = {0x04};
    char group[] = "P-256";
    const char *curve = odc_json_text(jwk, "crv");
    if (!curve || strcmp(curve, group) != 0 || !read_number(jwk, "x", &x) || !read_number(jwk, "y", &y) ||
        x.len != COORDINATE || y.len != COORDINATE)
        return NULL;
    memcpy(point + 1, x.bytes, COORDINATE);
    memcpy(point + 1 + COORDINATE, y.bytes, COORDINATE);
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point),
        OSSL_PARAM_construct_end(),
    };
    return from_params("EC", params);
}

static EVP_PKEY *build_rsa(const BIGNUM *n, const BIGNUM *e)
{
    EVP_PKEY *pkey = NULL;
    OSSL_PARAM *params = NULL;
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    if (build && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
        params = OSSL_PARAM_BLD_to_param(build);
    if (params)
        pkey = from_params("RSA", params);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    return pkey;
}

/* An exponent of 1 would make every text its own signature. */
static bool is_strong_rsa(const BIGNUM *n, const BIGNUM *e)
{
    int bits = BN_num_bits(n);
    return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX && BN_is_odd(n) && BN_is_odd(e) &&
           BN_num_bits(e) >= 2 && BN_num_bits(e) <= 64;
}

static EVP_PKEY *read_rsa(const json_t *jwk)
{
    struct number n, e;
    EVP_PKEY *pkey = NULL;
    if (!read_number(jwk, "n", &n) || !read_number(jwk, "e", &e))
        return NULL;
    BIGNUM *modulus = BN_bin2bn(n.bytes, (int)n.len, NULL);
    BIGNUM *exponent = BN_bin2bn(e.bytes, (int)e.len, NULL);
    if (modulus && exponent && is_strong_rsa(modulus, exponent))
        pkey = build_rsa(modulus, exponent);
    BN_free(modulus);
    BN_free(exponent);
    return pkey;
}

static const struct {
    const char *type;
    enum odc_alg alg;
    EVP_PKEY *(*read)(const json_t *jwk);
} types[] = {{"EC", ODC_ES256, read_ec}, {"RSA", ODC_RS256, read_rsa}};

static bool is_or_absent(const json_t *jwk, const char *name, const char *value)
{
    const json_t *given = json_object_get(jwk, name);
    return !given || (json_is_string(given) && strcmp(json_string_value(given), value) == 0);
}

static bool may_verify(const json_t *jwk)
{
    const json_t *uses = json_object_get(jwk, "key_ops");
    size_t i = 0;
    while (i < json_array_size(uses)) {
        const char *use = json_string_value(json_array_get(uses, i));
        if (use && strcmp(use, "verify") == 0)
            break;
        i++;
    }
    return is_or_absent(jwk, "use", "sig") && (!uses || i < json_array_size(uses));
}

/* False: not a key for us. */
static bool read_key(const json_t *jwk, struct odc_key *out)
{
    const char *kid = odc_json_text(jwk, "kid"), *type = odc_json_text(jwk, "kty");
    if (!kid || strlen(kid) > ODC_KID_MAX || !type || !may_verify(jwk))
        return false;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(type, types[i].type) == 0 && is_or_absent(jwk, "alg", alg_names[types[i].alg])) {
            strcpy(out->kid, kid);
            out->alg = types[i].alg;
            out->pkey = types[i].read(jwk);
        }
    ERR_clear_error();
    return out->pkey != NULL;
}

static enum onedoor_error add_keys(struct odc_keyset *set, const json_t *keys)
{
    if (!json_is_array(keys) || json_array_size(keys) > ODC_KEYS_MAX)
        return ONEDOOR_PROTOCOL;
    for (size_t i = 0; i < json_array_size(keys); i++) {
        struct odc_key key = {.pkey = NULL};
        if (!read_key(json_array_get(keys, i), &key))
            continue;
        bool twice = odc_keyset_find(set, key.kid) != NULL;
        set->keys[set->count++] = key;
        if (twice)
            return ONEDOOR_PROTOCOL;
    }
    return ONEDOOR_OK;
}

enum onedoor_error odc_keyset_parse(const char *text, size_t len, struct odc_keyset **out)
{
    json_t *root = odc_json_object(text, len);
    struct odc_keyset *set = calloc(1, sizeof *set);
    enum onedoor_error e = !set ? ONEDOOR_MEMORY : !root ? ONEDOOR_PROTOCOL : ONEDOOR_OK;
    if (set)
        atomic_init(&set->references, 1);
    if (e == ONEDOOR_OK)
        e = add_keys(set, json_object_get(root, "keys"));
    json_decref(root);
    *out = e == ONEDOOR_OK ? set : NULL;
    if (e != ONEDOOR_OK)
        odc_keyset_unref(set);
    return e;
}

struct odc_keyset *odc_keyset_ref(struct odc_keyset *set)
{
    atomic_fetch_add(&set->references, 1);
    return set;
}

void odc_keyset_unref(struct odc_keyset *set)
{
    if (!set || atomic_fetch_sub(&set->references, 1) != 1)
        return;
    for (size_t i = 0; i < set->count; i++)
        EVP_PKEY_free(set->keys[i].pkey);
    free(set);
}

const struct odc_key *odc_keyset_find(const struct odc_keyset *set, const char *kid)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->keys[i].kid, kid) == 0)
            return &set->keys[i];
    return NULL;
}
