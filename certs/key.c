#include "certs/key.h"

#include "certs/jwk.h"
#include "certs/jws_header.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

enum { SCRATCH = 64 * 1024 };

static atomic_ullong adopted;

/* kid and the text of the JWK, worked out once for all later answers. */
static bool describe(struct key_pair *key)
{
    struct arena *a = arena_new(SCRATCH);
    json_t *jwk = a ? jwk_public(a, key->pkey) : NULL;
    struct str kid = jwk ? jwk_thumbprint(a, jwk) : STR_EMPTY;
    struct str text = STR_EMPTY;
    if (kid.len == THUMBPRINT_SIZE) {
        memcpy(key->kid, kid.p, kid.len);
        json_put_str(jwk, "kid", kid);
        json_put_str(jwk, "alg", str_of(jws_alg_name(key->alg)));
        json_put_str(jwk, "use", STR("sig"));
        text = json_text(a, jwk);
    }
    char *copy = text.len > 0 ? malloc(text.len) : NULL;
    if (copy)
        key->jwk = (struct str){memcpy(copy, text.p, text.len), text.len};
    arena_free(a);
    return copy != NULL;
}

enum result key_adopt(enum jws_alg alg, EVP_PKEY *pkey, struct key_pair **out)
{
    struct key_pair *key = pkey ? calloc(1, sizeof *key) : NULL;
    if (!key) {
        EVP_PKEY_free(pkey);
        return RESULT_INTERNAL;
    }
    atomic_init(&key->refs, 1);
    key->number = atomic_fetch_add(&adopted, 1) + 1;
    key->alg = alg;
    key->pkey = pkey;
    enum result r = alg_of(alg)->fits(pkey) ? RESULT_OK : RESULT_REFUSED;
    if (r == RESULT_OK && !describe(key))
        r = RESULT_INTERNAL;
    ERR_clear_error();
    if (r == RESULT_OK)
        *out = key;
    else
        key_unref(key);
    return r;
}

struct key_pair *key_generate(enum jws_alg alg)
{
    struct key_pair *key = NULL;
    return key_adopt(alg, alg_of(alg)->generate(), &key) == RESULT_OK ? key : NULL;
}

enum result key_parse(enum jws_alg alg, struct str der, struct key_pair **out)
{
    const unsigned char *p = (const unsigned char *)der.p;
    if (der.len > LONG_MAX)
        return RESULT_REFUSED;
    PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.len);
    bool whole = info && p == (const unsigned char *)der.p + der.len;
    EVP_PKEY *pkey = whole ? EVP_PKCS82PKEY(info) : NULL;
    PKCS8_PRIV_KEY_INFO_free(info);
    ERR_clear_error();
    return pkey ? key_adopt(alg, pkey, out) : RESULT_REFUSED;
}

enum result key_pkcs8(const struct key_pair *key, struct arena *a, struct str *der)
{
    unsigned char *p = NULL;
    PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
    int len = info ? i2d_PKCS8_PRIV_KEY_INFO(info, &p) : -1;
    PKCS8_PRIV_KEY_INFO_free(info);
    *der = len > 0 ? arena_copy(a, (struct str){(char *)p, (size_t)len}) : STR_EMPTY;
    OPENSSL_clear_free(p, len > 0 ? (size_t)len : 0);
    ERR_clear_error();
    return der->len > 0 ? RESULT_OK : RESULT_INTERNAL;
}

struct str key_id(const struct key_pair *key)
{
    return (struct str){key->kid, THUMBPRINT_SIZE};
}

struct key_pair *key_ref(struct key_pair *key)
{
    atomic_fetch_add(&key->refs, 1);
    return key;
}

void key_unref(struct key_pair *key)
{
    if (!key || atomic_fetch_sub(&key->refs, 1) > 1)
        return;
    jws_headers_free(key);
    EVP_PKEY_free(key->pkey);
    free((char *)key->jwk.p);
    free(key);
}
