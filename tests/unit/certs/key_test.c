#include "tests/unit/certs/fixture.h"

#include <openssl/rsa.h>

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new(FIXTURE_ARENA);
    return a ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void a_key_comes_back_from_pkcs8_as_it_went(void **state)
{
    (void)state;
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        struct key_pair *key = new_pair((enum jws_alg)alg), *back = NULL;
        struct str der;
        assert_int_equal(key_pkcs8(key, a, &der), RESULT_OK);
        assert_int_equal(key_parse((enum jws_alg)alg, der, &back), RESULT_OK);
        assert_string_equal(key->kid, back->kid);
        assert_true(str_eq(key->jwk, back->jwk));
        key_unref(key);
        key_unref(back);
    }
}

static void bytes_behind_the_key_are_refused(void **state)
{
    (void)state;
    struct key_pair *key = new_pair(JWS_ES256), *back = NULL;
    struct str der;
    assert_int_equal(key_pkcs8(key, a, &der), RESULT_OK);
    struct str longer = arena_join(a, (struct str[]){der, STR("x")}, 2);
    assert_int_equal(key_parse(JWS_ES256, longer, &back), RESULT_REFUSED);
    assert_int_equal(key_parse(JWS_ES256, str_sub(der, 0, der.len - 1), &back), RESULT_REFUSED);
    assert_int_equal(key_parse(JWS_ES256, STR_EMPTY, &back), RESULT_REFUSED);
    assert_null(back);
    key_unref(key);
}

static void a_key_does_not_pass_for_another_algorithm(void **state)
{
    (void)state;
    struct key_pair *ec = new_pair(JWS_ES256), *rsa = new_pair(JWS_RS256), *back = NULL;
    struct str der;
    assert_int_equal(key_pkcs8(ec, a, &der), RESULT_OK);
    assert_int_equal(key_parse(JWS_RS256, der, &back), RESULT_REFUSED);
    assert_int_equal(key_pkcs8(rsa, a, &der), RESULT_OK);
    assert_int_equal(key_parse(JWS_ES256, der, &back), RESULT_REFUSED);
    key_unref(ec);
    key_unref(rsa);
}

static void weak_or_foreign_keys_are_refused(void **state)
{
    (void)state;
    struct key_pair *key = NULL;
    assert_int_equal(key_adopt(JWS_RS256, EVP_RSA_gen(1024), &key), RESULT_REFUSED);
    assert_int_equal(key_adopt(JWS_RS256, EVP_RSA_gen(2047), &key), RESULT_REFUSED);
    assert_int_equal(key_adopt(JWS_ES256, EVP_EC_gen("P-384"), &key), RESULT_REFUSED);
    assert_int_equal(key_adopt(JWS_ES256, EVP_EC_gen("secp256k1"), &key), RESULT_REFUSED);
    assert_int_equal(key_adopt(JWS_ES256, NULL, &key), RESULT_INTERNAL);
    assert_null(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_comes_back_from_pkcs8_as_it_went),
        cmocka_unit_test(bytes_behind_the_key_are_refused),
        cmocka_unit_test(a_key_does_not_pass_for_another_algorithm),
        cmocka_unit_test(weak_or_foreign_keys_are_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
