#include "certs/signature.h"

#include "tests/unit/certs/fixture.h"

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

/* RFC 7515 appendix A.2 */
static const char rs256_key[] = "{\"kty\":\"RSA\",\"n\":\"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_"
                                "wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEz"
                                "P1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_"
                                "7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-"
                                "KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_"
                                "I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethF"
                                "kMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ\",\"e\":\"AQAB\"}";
static const char rs256_input[] =
    "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9l"
    "eGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char rs256_signature[] =
    "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
    "O8W2Fp5jujGbds9uJdbF9CUAr7t1"
    "dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_"
    "dO--xi12jzD"
    "wusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_"
    "IoypGlUPQGe7"
    "7Rw";

/* RFC 7515 appendix A.3 */
static const char es256_key[] =
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","
    "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI\"}";
static const char es256_input[] =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9l"
    "eGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
static const char es256_signature[] =
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

static struct key_pair *pair_of(enum jws_alg alg, const char *jwk)
{
    struct key_pair *key = NULL;
    assert_int_equal(key_adopt(alg, pkey_from_jwk(a, jwk), &key), RESULT_OK);
    return key;
}

static struct str decode(const char *text)
{
    struct str bytes;
    assert_true(base64url_decode(a, str_of(text), &bytes));
    return bytes;
}

static void the_rs256_example_of_rfc_7515_verifies(void **state)
{
    (void)state;
    struct key_pair *key = pair_of(JWS_RS256, rs256_key);
    assert_int_equal(signature_check(key, STR(rs256_input), decode(rs256_signature)), RESULT_OK);
    assert_int_equal(signature_check(key, STR("x"), decode(rs256_signature)), RESULT_REFUSED);
    key_unref(key);
}

static void the_es256_example_of_rfc_7515_verifies(void **state)
{
    (void)state;
    struct key_pair *key = pair_of(JWS_ES256, es256_key);
    assert_int_equal(signature_check(key, STR(es256_input), decode(es256_signature)), RESULT_OK);
    assert_int_equal(signature_check(key, STR("x"), decode(es256_signature)), RESULT_REFUSED);
    key_unref(key);
}

static void what_is_made_verifies_with_this_key_alone(void **state)
{
    (void)state;
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        struct key_pair *key = new_pair((enum jws_alg)alg), *other = new_pair((enum jws_alg)alg);
        struct signature s;
        assert_int_equal(signature_make(key, STR("input"), &s), RESULT_OK);
        struct str bytes = {(char *)s.bytes, s.len};
        assert_int_equal(s.len, alg == JWS_ES256 ? 64 : 256);
        assert_int_equal(signature_check(key, STR("input"), bytes), RESULT_OK);
        assert_int_equal(signature_check(other, STR("input"), bytes), RESULT_REFUSED);
        assert_int_equal(signature_check(key, STR("inpuT"), bytes), RESULT_REFUSED);
        key_unref(key);
        key_unref(other);
    }
}

/* r or s begins with a zero byte once in 128 signatures; the length stays. */
static void every_es256_signature_has_64_bytes(void **state)
{
    (void)state;
    struct key_pair *key = new_pair(JWS_ES256);
    bool seen = false;
    for (int i = 0; i < 5000 && !seen; i++) {
        struct signature s;
        assert_int_equal(signature_make(key, STR("input"), &s), RESULT_OK);
        assert_int_equal(s.len, 64);
        seen = s.bytes[0] == 0 || s.bytes[32] == 0;
        assert_int_equal(signature_check(key, STR("input"), (struct str){(char *)s.bytes, 64}), RESULT_OK);
    }
    assert_true(seen);
    key_unref(key);
}

/* The order of P-256, and one less. */
static const unsigned char order[32] = {0xff, 0xff, 0xff, 0xff, 0,    0,    0,    0,    0xff, 0xff, 0xff,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17,
                                        0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51};

static void zero_or_too_large_r_and_s_are_refused(void **state)
{
    (void)state;
    struct key_pair *key = new_pair(JWS_ES256);
    struct signature good;
    assert_int_equal(signature_make(key, STR("input"), &good), RESULT_OK);
    static const unsigned char zero[32] = {0}, one[32] = {[31] = 1};
    const unsigned char *const bad[] = {zero, order};
    for (size_t i = 0; i < COUNT(bad); i++) {
        for (size_t half = 0; half < 2; half++) {
            struct signature s = good;
            memcpy(s.bytes + 32 * half, bad[i], 32);
            assert_int_equal(signature_check(key, STR("input"), (struct str){(char *)s.bytes, 64}),
                             RESULT_REFUSED);
        }
        unsigned char both[64];
        memcpy(both, bad[i], 32);
        memcpy(both + 32, bad[i], 32);
        assert_int_equal(signature_check(key, STR("input"), (struct str){(char *)both, 64}), RESULT_REFUSED);
        memcpy(both + 32, one, 32);
        assert_int_equal(signature_check(key, STR("input"), (struct str){(char *)both, 64}), RESULT_REFUSED);
    }
    key_unref(key);
}

static void signatures_of_another_length_are_refused(void **state)
{
    (void)state;
    static char padded[20000];
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        struct key_pair *key = new_pair((enum jws_alg)alg);
        struct signature s;
        assert_int_equal(signature_make(key, STR("input"), &s), RESULT_OK);
        memcpy(padded, s.bytes, s.len);
        const size_t lengths[] = {0, 1, 32, s.len - 1, s.len + 1, 2 * s.len, sizeof padded};
        for (size_t i = 0; i < COUNT(lengths); i++)
            assert_int_equal(signature_check(key, STR("input"), (struct str){padded, lengths[i]}),
                             RESULT_REFUSED);
        key_unref(key);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_rs256_example_of_rfc_7515_verifies),
        cmocka_unit_test(the_es256_example_of_rfc_7515_verifies),
        cmocka_unit_test(what_is_made_verifies_with_this_key_alone),
        cmocka_unit_test(every_es256_signature_has_64_bytes),
        cmocka_unit_test(zero_or_too_large_r_and_s_are_refused),
        cmocka_unit_test(signatures_of_another_length_are_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
