#include "certs/jwk.h"

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

static struct str thumbprint(const char *jwk)
{
    return jwk_thumbprint(a, json_parse(a, str_of(jwk)));
}

static const char rfc7638[] =
    "{\"kty\":\"RSA\",\"n\":\"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuh"
    "DR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2Q"
    "vzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2N"
    "cRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw\",\"e\":\"AQAB\",\"alg\":\"RS256\",\"kid\":"
    "\"2011-04-29\"}";

static void the_thumbprint_of_rfc_7638_section_3_1(void **state)
{
    (void)state;
    assert_str(thumbprint(rfc7638), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}

static void only_the_required_members_count(void **state)
{
    (void)state;
    struct str one = thumbprint("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"BB\"}");
    struct str same =
        thumbprint("{\"use\":\"sig\",\"y\":\"BB\",\"x\":\"AA\",\"crv\":\"P-256\",\"kty\":\"EC\"}");
    struct str other = thumbprint("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AB\",\"y\":\"BB\"}");
    assert_int_equal(one.len, 43);
    assert_true(str_eq(one, same));
    assert_false(str_eq(one, other));
}

static void a_key_that_lacks_a_member_has_no_thumbprint(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "{}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":1,\"y\":\"BB\"}",
        "{\"kty\":\"RSA\",\"n\":\"AA\"}",
        "{\"kty\":\"oct\",\"k\":\"AA\"}",
    };
    for (size_t i = 0; i < COUNT(broken); i++)
        assert_int_equal(thumbprint(broken[i]).len, 0);
    assert_int_equal(jwk_thumbprint(a, NULL).len, 0);
}

/* RFC 7517 appendix A.1 and RFC 7515 appendix A.3.1: read into OpenSSL and written back. */
static void public_keys_of_the_rfcs_are_written_as_they_stand_there(void **state)
{
    (void)state;
    static const char *const keys[] = {
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\",\"y\":"
        "\"4Etl6SRW2"
        "YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}",
        "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":\"x_"
        "FEzRu9m"
        "36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}",
    };
    for (size_t i = 0; i < COUNT(keys); i++) {
        EVP_PKEY *key = pkey_from_jwk(a, keys[i]);
        assert_str(json_text(a, jwk_public(a, key)), keys[i]);
        EVP_PKEY_free(key);
    }
    EVP_PKEY *rsa = pkey_from_jwk(a, rfc7638);
    const json_t *jwk = jwk_public(a, rsa);
    assert_str(json_get_str(jwk, "e"), "AQAB");
    assert_true(str_eq(json_get_str(jwk, "n"), json_get_str(json_parse(a, STR(rfc7638)), "n")));
    EVP_PKEY_free(rsa);
}

/* RFC 7518 section 6.2.1.2: the full 32 bytes, also when the first ones are zero (one key in 256). */
static void coordinates_keep_their_leading_zeros(void **state)
{
    (void)state;
    bool seen = false;
    for (int i = 0; i < 5000 && !seen; i++) {
        EVP_PKEY *key = EVP_EC_gen("P-256");
        struct str x = json_get_str(jwk_public(a, key), "x"), bytes;
        assert_int_equal(x.len, 43);
        assert_true(base64url_decode(a, x, &bytes));
        seen = bytes.p[0] == 0;
        EVP_PKEY_free(key);
    }
    assert_true(seen);
}

static void other_keys_have_no_jwk(void **state)
{
    (void)state;
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    assert_null(jwk_public(a, key));
    EVP_PKEY_free(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_thumbprint_of_rfc_7638_section_3_1),
        cmocka_unit_test(only_the_required_members_count),
        cmocka_unit_test(a_key_that_lacks_a_member_has_no_thumbprint),
        cmocka_unit_test(public_keys_of_the_rfcs_are_written_as_they_stand_there),
        cmocka_unit_test(coordinates_keep_their_leading_zeros),
        cmocka_unit_test(other_keys_have_no_jwk),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
