#include "certs/signature.h"

#include "certs/own_contexts.h"
#include "server/base/digest.h"

#include <openssl/err.h>
#include <string.h>

/* A DER integer of a number below 2^256 has at most one byte more than the number: its sign. */
enum { RAW = 2 * EC_COORDINATE, DER_SEQUENCE = 0x30, DER_INTEGER = 2, DER_HEAD = 2 };

/* One integer of what OpenSSL made, padded to the width of a coordinate. */
static bool take_number(struct str *der, unsigned char out[EC_COORDINATE])
{
    if (der->len < DER_HEAD || der->p[0] != DER_INTEGER)
        return false;
    size_t len = (unsigned char)der->p[1];
    if (len == 0 || len > der->len - DER_HEAD)
        return false;
    struct str number = str_sub(*der, DER_HEAD, len);
    *der = str_sub(*der, DER_HEAD + len, der->len);
    if (number.len > 1 && number.p[0] == 0)
        number = str_sub(number, 1, number.len);
    if (number.len > EC_COORDINATE)
        return false;
    memset(out, 0, EC_COORDINATE);
    memcpy(out + EC_COORDINATE - number.len, number.p, number.len);
    return true;
}

/* RFC 7518 section 3.4: r and s, each of 32 bytes, instead of OpenSSL's DER. */
static bool raw_of_der(struct signature *s)
{
    unsigned char raw[RAW];
    struct str der = {(char *)s->bytes, s->len};
    if (der.len < DER_HEAD || s->bytes[0] != DER_SEQUENCE || s->bytes[1] != der.len - DER_HEAD)
        return false;
    der = str_sub(der, DER_HEAD, der.len);
    if (!take_number(&der, raw) || !take_number(&der, raw + EC_COORDINATE) || der.len > 0)
        return false;
    memcpy(s->bytes, raw, RAW);
    s->len = RAW;
    return true;
}

/* As short as may be, and not negative. False for zero. */
static bool put_number(struct signature *der, const char *number)
{
    size_t zeros = 0;
    while (zeros < EC_COORDINATE && number[zeros] == 0)
        zeros++;
    if (zeros == EC_COORDINATE)
        return false;
    size_t len = EC_COORDINATE - zeros;
    bool sign = ((unsigned char)number[zeros] & 0x80) != 0;
    unsigned char *p = der->bytes + der->len;
    p[0] = DER_INTEGER;
    p[1] = (unsigned char)(len + sign);
    p[DER_HEAD] = 0;
    memcpy(p + DER_HEAD + sign, number + zeros, len);
    der->len += DER_HEAD + len + sign;
    return true;
}

/*
 * Back to DER. A zero r or s is refused here, before any arithmetic (CVE-2022-21449, "psychic signatures");
 * OpenSSL refuses what is not below the order of the curve.
 */
static bool der_of_raw(struct str raw, struct signature *der)
{
    der->len = DER_HEAD;
    if (raw.len != RAW || !put_number(der, raw.p) || !put_number(der, raw.p + EC_COORDINATE))
        return false;
    der->bytes[0] = DER_SEQUENCE;
    der->bytes[1] = (unsigned char)(der->len - DER_HEAD);
    return true;
}

enum result signature_make(const struct key_pair *key, struct str input, struct signature *out)
{
    unsigned char digest[DIGEST_SIZE];
    EVP_PKEY_CTX *c = own_context(key, OWN_SIGNING);
    out->len = sizeof out->bytes;
    bool done =
        c && sha256(&input, 1, digest) && EVP_PKEY_sign(c, out->bytes, &out->len, digest, sizeof digest) == 1;
    if (done && alg_of(key->alg)->is_ec)
        done = raw_of_der(out);
    ERR_clear_error();
    return done ? RESULT_OK : RESULT_INTERNAL;
}

enum result signature_check(const struct key_pair *key, struct str input, struct str signature)
{
    struct signature der;
    unsigned char digest[DIGEST_SIZE];
    if (alg_of(key->alg)->is_ec) {
        if (!der_of_raw(signature, &der))
            return RESULT_REFUSED;
        signature = (struct str){(const char *)der.bytes, der.len};
    } else if (signature.len != (size_t)EVP_PKEY_get_size(key->pkey)) {
        return RESULT_REFUSED;
    }
    EVP_PKEY_CTX *c = own_context(key, OWN_VERIFYING);
    if (!c || !sha256(&input, 1, digest))
        return RESULT_INTERNAL;
    int verdict =
        EVP_PKEY_verify(c, (const unsigned char *)signature.p, signature.len, digest, sizeof digest);
    ERR_clear_error();
    return verdict == 1 ? RESULT_OK : RESULT_REFUSED;
}
