#include "certs/crosscheck.h"

#include "tests/unit/certs/fixture.h"

static void a_new_key_of_each_algorithm_agrees_with_libjwt(void **state)
{
    (void)state;
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        struct key_pair *key = new_pair((enum jws_alg)alg);
        assert_int_equal(key_crosscheck(key), RESULT_OK);
        assert_int_equal(key_crosscheck_new(key), RESULT_OK);
        assert_int_equal(atomic_load(&key->refs), 1);
        key_unref(key);
    }
}

/* The public half of RFC 7515 appendix A.3 with another private one. */
static void a_private_key_that_is_not_the_public_ones_is_found_out(void **state)
{
    (void)state;
    struct arena *a = arena_new(FIXTURE_ARENA);
    struct key_pair *key = NULL;
    EVP_PKEY *pkey = pkey_from_jwk(a, "{\"kty\":\"EC\",\"crv\":\"P-256\","
                                      "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                      "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","
                                      "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM\"}");
    assert_int_equal(key_adopt(JWS_ES256, pkey, &key), RESULT_OK);
    assert_int_equal(key_crosscheck(key), RESULT_INTERNAL);
    assert_int_equal(key_crosscheck_new(key), RESULT_INTERNAL);
    key_unref(key);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_key_of_each_algorithm_agrees_with_libjwt),
        cmocka_unit_test(a_private_key_that_is_not_the_public_ones_is_found_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
