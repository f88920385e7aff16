#include "certs/signature.h"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <string.h>

enum { RAW = 2 * EC_COORDINATE, DER_MAX = 80 };

/* RFC 7518 section 3.4: r and s, each of 32 bytes, instead of OpenSSL's DER. */
static bool raw_of_der(struct signature *s)
{
    const unsigned char *p = s->bytes;
    ECDSA_SIG *parsed = d2i_ECDSA_SIG(NULL, &p, (long)s->len);
    bool whole = parsed && BN_bn2binpad(ECDSA_SIG_get0_r(parsed), s->bytes, EC_COORDINATE) > 0 &&
                 BN_bn2binpad(ECDSA_SIG_get0_s(parsed), s->bytes + EC_COORDINATE, EC_COORDINATE) > 0;
    ECDSA_SIG_free(parsed);
    s->len = RAW;
    return whole;
}

static bool is_zero(const char *p)
{
    unsigned char bits = 0;
    for (size_t i = 0; i < EC_COORDINATE; i++)
        bits |= (unsigned char)p[i];
    return bits == 0;
}

/*
 * Back to DER. A zero r or s is refused here, before any arithmetic (CVE-2022-21449, "psychic signatures");
 * OpenSSL refuses what is not below the order of the curve.
 */
static bool der_of_raw(struct str raw, struct signature *der)
{
    if (raw.len != RAW || is_zero(raw.p) || is_zero(raw.p + EC_COORDINATE))
        return false;
    const unsigned char *p = (const unsigned char *)raw.p;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(p, EC_COORDINATE, NULL);
    BIGNUM *s = BN_bin2bn(p + EC_COORDINATE, EC_COORDINATE, NULL);
    if (!pair || !r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(pair);
        return false;
    }
    unsigned char *end = der->bytes;
    int len = i2d_ECDSA_SIG(pair, NULL);
    if (len > 0 && len <= DER_MAX)
        len = i2d_ECDSA_SIG(pair, &end);
    ECDSA_SIG_free(pair);
    der->len = len > 0 && len <= DER_MAX ? (size_t)len : 0;
    return der->len > 0;
}

/* A context of our own that stands where the key's shared one stands. */
static EVP_MD_CTX *continue_from(const EVP_MD_CTX *begun)
{
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    if (c && EVP_MD_CTX_copy_ex(c, begun) == 1)
        return c;
    EVP_MD_CTX_free(c);
    return NULL;
}

enum result signature_make(const struct key_pair *key, struct str input, struct signature *out)
{
    EVP_MD_CTX *c = continue_from(key->signing);
    out->len = sizeof out->bytes;
    bool done = c && EVP_DigestSign(c, out->bytes, &out->len, (const unsigned char *)input.p, input.len) == 1;
    EVP_MD_CTX_free(c);
    if (done && alg_of(key->alg)->is_ec)
        done = raw_of_der(out);
    ERR_clear_error();
    return done ? RESULT_OK : RESULT_INTERNAL;
}

enum result signature_check(const struct key_pair *key, struct str input, struct str signature)
{
    struct signature der;
    if (alg_of(key->alg)->is_ec) {
        if (!der_of_raw(signature, &der))
            return RESULT_REFUSED;
        signature = (struct str){(const char *)der.bytes, der.len};
    } else if (signature.len != (size_t)EVP_PKEY_get_size(key->pkey)) {
        return RESULT_REFUSED;
    }
    EVP_MD_CTX *c = continue_from(key->verifying);
    if (!c)
        return RESULT_INTERNAL;
    int verdict = EVP_DigestVerify(c, (const unsigned char *)signature.p, signature.len,
                                   (const unsigned char *)input.p, input.len);
    EVP_MD_CTX_free(c);
    ERR_clear_error();
    return verdict == 1 ? RESULT_OK : RESULT_REFUSED;
}
