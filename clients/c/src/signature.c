#include "signature.h"

#include <openssl/ec.h>
#include <openssl/err.h>

enum { HALF = 32, DER_MAX = 80 };

/* r and s of 32 bytes each, as DER, which OpenSSL wants; it refuses zero and what is not below the order. */
static int to_der(const unsigned char *signature, unsigned char *der)
{
    unsigned char *end = der;
    int len = 0;
    ECDSA_SIG *sig = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(signature, HALF, NULL), *s = BN_bin2bn(signature + HALF, HALF, NULL);
    if (sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1) {
        r = s = NULL;
        len = i2d_ECDSA_SIG(sig, &end);
    }
    BN_free(r);
    BN_free(s);
    ECDSA_SIG_free(sig);
    return len;
}

static enum onedoor_error verify(EVP_PKEY *pkey, const char *input, size_t input_len,
                                 const unsigned char *signature, size_t len)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    enum onedoor_error e = ONEDOOR_MEMORY;
    if (ctx && EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, pkey) == 1)
        e = EVP_DigestVerify(ctx, signature, len, (const unsigned char *)input, input_len) == 1
                ? ONEDOOR_OK
                : ONEDOOR_TOKEN_SIGNATURE;
    EVP_MD_CTX_free(ctx);
    /* The queue of errors is the application's too. */
    ERR_clear_error();
    return e;
}

static enum onedoor_error check_es256(const struct odc_key *key, const char *input, size_t input_len,
                                      const unsigned char *signature, size_t len)
{
    unsigned char der[DER_MAX];
    if (len != 2 * HALF)
        return ONEDOOR_TOKEN_SIGNATURE;
    int der_len = to_der(signature, der);
    return der_len > 0 ? verify(key->pkey, input, input_len, der, (size_t)der_len) : ONEDOOR_MEMORY;
}

static enum onedoor_error check_rs256(const struct odc_key *key, const char *input, size_t input_len,
                                      const unsigned char *signature, size_t len)
{
    if (len != (size_t)EVP_PKEY_get_size(key->pkey))
        return ONEDOOR_TOKEN_SIGNATURE;
    return verify(key->pkey, input, input_len, signature, len);
}

enum onedoor_error odc_signature_check(const struct odc_key *key, const char *input, size_t input_len,
                                       const unsigned char *signature, size_t len)
{
    return key->alg == ODC_ES256 ? check_es256(key, input, input_len, signature, len)
                                 : check_rs256(key, input, input_len, signature, len);
}
