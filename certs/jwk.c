#include "certs/jwk.h"

#include "certs/alg.h"
#include "server/base/digest.h"
#include "server/base/encode.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>

/* One number of the key, big-endian, padded to `width` bytes (RFC 7518 section 6.2.1.2) or, with 0, as short
 * as may be. */
static bool put_number(struct arena *a, json_t *jwk, const char *member, const EVP_PKEY *key,
                       const char *param, int width)
{
    BIGNUM *n = NULL;
    if (EVP_PKEY_get_bn_param(key, param, &n) != 1)
        return false;
    int len = width > 0 ? width : BN_num_bytes(n);
    unsigned char *p = len > 0 ? arena_alloc(a, (size_t)len) : NULL;
    bool fits = p && BN_bn2binpad(n, p, len) == len;
    BN_free(n);
    if (!fits)
        return false;
    struct str text = base64url_encode(a, (struct str){(char *)p, (size_t)len});
    json_put_str(jwk, member, text);
    return text.len > 0;
}

json_t *jwk_public(struct arena *a, const EVP_PKEY *key)
{
    json_t *jwk = json_new(a);
    if (!jwk)
        return NULL;
    bool whole = false;
    if (EVP_PKEY_is_a(key, "EC")) {
        json_put_str(jwk, "kty", STR("EC"));
        json_put_str(jwk, "crv", STR("P-256"));
        whole = put_number(a, jwk, "x", key, OSSL_PKEY_PARAM_EC_PUB_X, EC_COORDINATE) &&
                put_number(a, jwk, "y", key, OSSL_PKEY_PARAM_EC_PUB_Y, EC_COORDINATE);
    } else if (EVP_PKEY_is_a(key, "RSA")) {
        json_put_str(jwk, "kty", STR("RSA"));
        whole = put_number(a, jwk, "n", key, OSSL_PKEY_PARAM_RSA_N, 0) &&
                put_number(a, jwk, "e", key, OSSL_PKEY_PARAM_RSA_E, 0);
    }
    return whole ? jwk : NULL;
}

/* RFC 7638 section 3.2: what a thumbprint is made of, by type of key. */
static const struct {
    struct str kty;
    const char *members[4];
} required[] = {
    {{"EC", 2}, {"crv", "kty", "x", "y"}},
    {{"RSA", 3}, {"e", "kty", "n"}},
};

static struct str thumbprint(struct arena *a, const json_t *jwk, const char *const members[4])
{
    json_t *core = json_new(a);
    for (size_t i = 0; core && i < 4 && members[i]; i++) {
        struct str value = json_get_str(jwk, members[i]);
        if (value.len == 0)
            return STR_EMPTY;
        json_put_str(core, members[i], value);
    }
    struct str text = json_text(a, core);
    return text.len > 0 ? sha256_base64url(a, text) : STR_EMPTY;
}

struct str jwk_thumbprint(struct arena *a, const json_t *jwk)
{
    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (str_eq(json_get_str(jwk, "kty"), required[i].kty))
            return thumbprint(a, jwk, required[i].members);
    }
    return STR_EMPTY;
}
