/* Which published keys are taken. */
#include "issuer.h"

static EVP_PKEY *es, *rs, *weak;

static int begin(void **state)
{
    (void)state;
    es = EVP_EC_gen("P-256");
    rs = EVP_RSA_gen(2048);
    weak = EVP_RSA_gen(1024);
    return 0;
}

static int end(void **state)
{
    (void)state;
    EVP_PKEY_free(es);
    EVP_PKEY_free(rs);
    EVP_PKEY_free(weak);
    return 0;
}

/* How many keys are taken of a document with this list; -1: the document is refused. */
static int taken(const char *list)
{
    char *text = NULL;
    struct odc_keyset *set;
    assert_true(asprintf(&text, "{\"keys\":[%s]}", list) > 0);
    enum onedoor_error e = odc_keyset_parse(text, strlen(text), &set);
    int count = e == ONEDOOR_OK ? (int)set->count : -1;
    odc_keyset_unref(set);
    free(text);
    return count;
}

/* Takes the key. */
static int taken_one(char *jwk)
{
    int count = taken(jwk);
    free(jwk);
    return count;
}

static void good_keys_are_taken(void **state)
{
    (void)state;
    assert_int_equal(taken(""), 0);
    assert_int_equal(taken_one(jwk_of(es, "a", "")), 1);
    assert_int_equal(
        taken_one(jwk_of(es, "a", ",\"alg\":\"ES256\",\"use\":\"sig\",\"key_ops\":[\"verify\"]")), 1);
    assert_int_equal(taken_one(jwk_of(rs, "a", ",\"alg\":\"RS256\",\"x\":\"y\"")), 1);
}

static void keys_for_something_else_are_left_out(void **state)
{
    (void)state;
    static const char *const uses[] = {
        ",\"use\":\"enc\"",        ",\"use\":1",      ",\"alg\":\"ES384\"",     ",\"alg\":\"RS256\"",
        ",\"key_ops\":[\"sign\"]", ",\"key_ops\":[]", ",\"key_ops\":\"verify\""};
    for (size_t i = 0; i < sizeof uses / sizeof uses[0]; i++)
        assert_int_equal(taken_one(jwk_of(es, "a", uses[i])), 0);
    assert_int_equal(taken("{\"kty\":\"oct\",\"kid\":\"a\",\"k\":\"AAAA\"}"), 0);
    assert_int_equal(taken("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"a\",\"x\":\"AAAA\"}"), 0);
    assert_int_equal(taken("1,null,[],\"x\",{}"), 0);
}

static void bad_keys_are_left_out(void **state)
{
    (void)state;
    assert_int_equal(taken_one(jwk_of(weak, "a", "")), 0);
    assert_int_equal(taken_one(jwk_of(es, "", "")), 0);
    static const char *const bad[] = {
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"x\":"
        "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\","
        "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-384\",\"kid\":\"a\",\"x\":\"AA\",\"y\":\"AA\"}",
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"a\"}",
        "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"AQAB\",\"e\":\"AQAB\"}",
        "{\"kty\":\"RSA\",\"kid\":\"a\",\"e\":\"AQAB\"}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(taken(bad[i]), 0);
}

/* An exponent of 1, or an even one, with an honest modulus. */
static void an_exponent_that_signs_for_everybody_is_left_out(void **state)
{
    (void)state;
    char *n = number_of(rs, OSSL_PKEY_PARAM_RSA_N), text[1024];
    static const char *const exponents[] = {"AQ", "AA", "AAAB", "Ag", "AQAA"};
    for (size_t i = 0; i < sizeof exponents / sizeof exponents[0]; i++) {
        snprintf(text, sizeof text, "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"%s\",\"e\":\"%s\"}", n,
                 exponents[i]);
        assert_int_equal(taken(text), 0);
    }
    snprintf(text, sizeof text, "{\"kty\":\"RSA\",\"kid\":\"a\",\"n\":\"%s=\",\"e\":\"AQAB\"}", n);
    assert_int_equal(taken(text), 0);
    free(n);
}

static void documents_that_are_not_clear_are_refused(void **state)
{
    (void)state;
    char *one = jwk_of(es, "a", ""), *two = jwk_of(rs, "a", ""), *list = NULL;
    assert_true(asprintf(&list, "%s,%s", one, two) > 0);
    assert_int_equal(taken(list), -1);
    free(list);
    free(one);
    free(two);
    char many[65 * 3 + 1] = "{}";
    for (int i = 1; i < 65; i++)
        strcat(many, ",{}");
    assert_int_equal(taken(many), -1);
    assert_int_equal(taken("{\"kid\":\"a\",\"kid\":\"b\"}"), -1);
}

#define TEST(f) cmocka_unit_test(f)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_keys_are_taken),
        TEST(keys_for_something_else_are_left_out),
        TEST(bad_keys_are_left_out),
        TEST(an_exponent_that_signs_for_everybody_is_left_out),
        TEST(documents_that_are_not_clear_are_refused),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
