#include "server/base/digest.h"

#include "server/base/encode.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void assert_digest(const unsigned char digest[DIGEST_SIZE], const char *hex)
{
    struct arena *a = arena_new(1000);
    struct str got = hex_encode(a, (struct str){(const char *)digest, DIGEST_SIZE});
    assert_memory_equal(got.p, hex, 2 * DIGEST_SIZE);
    arena_free(a);
}

static void sha256_joins_its_parts(void **state)
{
    (void)state;
    unsigned char out[DIGEST_SIZE];
    const struct str whole[] = {STR("abc")}, parts[] = {STR("a"), STR_EMPTY, STR("bc")};
    static const char *abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_true(sha256(whole, 1, out));
    assert_digest(out, abc);
    assert_true(sha256(parts, 3, out));
    assert_digest(out, abc);
    assert_true(sha256(NULL, 0, out));
    assert_digest(out, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    struct sha256_run *run = sha256_begin();
    for (size_t i = 0; i < 3; i++)
        sha256_add(run, parts[i]);
    assert_true(sha256_end(run, out));
    assert_digest(out, abc);
    assert_false(sha256_end(NULL, out));
}

static void a_digest_in_base64url_has_43_characters(void **state)
{
    (void)state;
    struct arena *a = arena_new(1000);
    assert_true(str_eq(sha256_base64url(a, STR("abc")), STR("ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")));
    arena_free(a);
    a = arena_new(10);
    assert_null(sha256_base64url(a, STR("abc")).p);
    arena_free(a);
}

static struct str filled(char *p, int byte, size_t len)
{
    memset(p, byte, len);
    return (struct str){p, len};
}

static void the_hmac_vectors_of_rfc_4231_hold(void **state)
{
    (void)state;
    char a[20], b[131], c[50], d[20];
    const struct {
        struct str key, data;
        const char *want;
    } vectors[] = {
        {filled(a, 0x0b, 20), STR("Hi There"),
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {STR("Jefe"), STR("what do ya want for nothing?"),
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {filled(b, 0xaa, 131), STR("Test Using Larger Than Block-Size Key - Hash Key First"),
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {filled(b, 0xaa, 131),
         STR("This is a test using a larger than block-size key and a larger than block-size data. The key "
             "needs to "
             "be hashed before being used by the HMAC algorithm."),
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
        {filled(d, 0xaa, 20), filled(c, 0xdd, 50),
         "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        unsigned char out[DIGEST_SIZE];
        assert_true(hmac_sha256(vectors[i].key, &vectors[i].data, 1, out));
        assert_digest(out, vectors[i].want);
        const struct str parts[] = {str_sub(vectors[i].data, 0, 3), STR_EMPTY,
                                    str_sub(vectors[i].data, 3, 1000)};
        assert_true(hmac_sha256(vectors[i].key, parts, 3, out));
        assert_digest(out, vectors[i].want);
    }
}

/* RFC 5869 appendix A.3, cut to 32 bytes; and `openssl kdf -kdfopt info:... HKDF`. */
static void derived_keys_are_those_of_rfc_5869(void **state)
{
    (void)state;
    unsigned char out[DIGEST_SIZE];
    char key[32];
    assert_true(hkdf_sha256(filled(key, 0x0b, 22), STR_EMPTY, out));
    assert_digest(out, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
    for (size_t i = 0; i < sizeof key; i++)
        key[i] = (char)i;
    assert_true(hkdf_sha256((struct str){key, sizeof key}, STR("store sealing"), out));
    assert_digest(out, "123f129d31d1f41735aeb93c7e63d9e7e4f8c3538067127c10a804c5d6d1c19f");
    assert_true(hkdf_sha256((struct str){key, sizeof key}, STR("store naming"), out));
    assert_int_not_equal(out[0], 0x12);
}

static void an_empty_key_is_refused(void **state)
{
    (void)state;
    unsigned char out[DIGEST_SIZE];
    const struct str data = STR("x");
    assert_false(hmac_sha256(STR_EMPTY, &data, 1, out));
    assert_false(hmac_sha256(STR(""), &data, 1, out));
    assert_false(hkdf_sha256(STR_EMPTY, STR("label"), out));
}

/* What a thread keeps must not carry one thread's key into another's result. */
static void *sign_often(void *key)
{
    const struct str k = {key, 1}, data = STR("data");
    unsigned char first[DIGEST_SIZE], out[DIGEST_SIZE];
    bool good = hmac_sha256(k, &data, 1, first);
    for (int i = 0; good && i < 2000; i++)
        good = hmac_sha256(k, &data, 1, out) && memcmp(first, out, sizeof out) == 0;
    return good ? key : NULL;
}

static void threads_do_not_disturb_one_another(void **state)
{
    (void)state;
    char keys[] = "abcd";
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, sign_often, keys + i), 0);
    for (size_t i = 0; i < 4; i++) {
        void *good = NULL;
        assert_int_equal(pthread_join(threads[i], &good), 0);
        assert_non_null(good);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_do_not_disturb_one_another),
        cmocka_unit_test(sha256_joins_its_parts),
        cmocka_unit_test(a_digest_in_base64url_has_43_characters),
        cmocka_unit_test(the_hmac_vectors_of_rfc_4231_hold),
        cmocka_unit_test(derived_keys_are_those_of_rfc_5869),
        cmocka_unit_test(an_empty_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
