/* Keys and keyrings in memory, for the tests of certs/. */
#ifndef ONEDOOR_TESTS_CERTS_FIXTURE_H
#define ONEDOOR_TESTS_CERTS_FIXTURE_H

#include "certs/keyring_internal.h"
#include "server/base/clock.h"
#include "server/base/encode.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/param_build.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { FIXTURE_ARENA = 8 * 1024 * 1024 };

/* A clock that the test sets. */
static int64_t fixture_time = 1800000000;

static inline int64_t fixture_clock(void)
{
    return fixture_time;
}

static inline BIGNUM *jwk_number(struct arena *a, const json_t *jwk, const char *member)
{
    struct str bytes;
    assert_true(base64url_decode(a, json_get_str(jwk, member), &bytes));
    return BN_bin2bn((const unsigned char *)bytes.p, (int)bytes.len, NULL);
}

static inline void push_ec(struct arena *a, const json_t *jwk, OSSL_PARAM_BLD *build, BIGNUM **d)
{
    struct str x, y;
    assert_true(base64url_decode(a, json_get_str(jwk, "x"), &x));
    assert_true(base64url_decode(a, json_get_str(jwk, "y"), &y));
    struct str point = arena_join(a, (struct str[]){STR("\x04"), x, y}, 3);
    OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
    OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point.p, point.len);
    *d = json_get_str(jwk, "d").len > 0 ? jwk_number(a, jwk, "d") : NULL;
    if (*d)
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_PRIV_KEY, *d);
}

/* The key of a JWK that stands in an RFC: an EC pair, or the public half of an RSA one. */
static inline EVP_PKEY *pkey_from_jwk(struct arena *a, const char *text)
{
    const json_t *jwk = json_parse(a, str_of(text));
    bool ec = str_eq(json_get_str(jwk, "kty"), STR("EC"));
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    BIGNUM *first = NULL, *second = NULL;
    if (ec) {
        push_ec(a, jwk, build, &first);
    } else {
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, first = jwk_number(a, jwk, "n"));
        OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, second = jwk_number(a, jwk, "e"));
    }
    OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(build);
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_name(NULL, ec ? "EC" : "RSA", NULL);
    EVP_PKEY *key = NULL;
    assert_int_equal(EVP_PKEY_fromdata_init(c), 1);
    assert_int_equal(EVP_PKEY_fromdata(c, &key, first && ec ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params),
                     1);
    EVP_PKEY_CTX_free(c);
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    BN_free(first);
    BN_free(second);
    return key;
}

static inline struct key_pair *new_pair(enum jws_alg alg)
{
    struct key_pair *pair = key_generate(alg);
    assert_non_null(pair);
    return pair;
}

/* Adds a new pair in that state; `changed` is also when it was created. */
static inline struct key_pair *add_key(struct key_set *set, enum jws_alg alg, uint64_t serial,
                                       enum key_state state, int64_t changed)
{
    struct key_pair *pair = new_pair(alg);
    assert_true(key_set_add(set, (struct key_record){pair, serial, state, changed, changed}));
    return pair;
}

/* Of each algorithm an active and a next key. */
static inline struct key_set *new_set(void)
{
    struct key_set *set = key_set_new(16);
    assert_non_null(set);
    add_key(set, JWS_ES256, 1, KEY_ACTIVE, fixture_time);
    add_key(set, JWS_ES256, 2, KEY_NEXT, fixture_time);
    add_key(set, JWS_RS256, 1, KEY_ACTIVE, fixture_time);
    return set;
}

static inline struct keyring *new_keyring(struct key_set *set)
{
    static const struct keyring_config config = {.rotate_seconds = 86400, .overlap_seconds = 3600};
    struct keyring *k = keyring_from_keys(set, &config);
    assert_non_null(k);
    return k;
}

static inline void assert_str(struct str s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.p, expected, s.len);
}

#endif
