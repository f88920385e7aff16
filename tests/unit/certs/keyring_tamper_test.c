/* Entries of keys that somebody has written who should not: nothing is taken, and nothing that runs changes.
 */
#include "tests/unit/certs/keyring_world.h"

static void another_master_key_opens_nothing_and_makes_nothing(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *other = NULL;
    struct seal *wrong = new_seal('w');
    struct str published = jwks(k);
    assert_int_equal(keyring_open(directory, wrong, &config, &other), RESULT_INTERNAL);
    assert_null(other);
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_true(str_eq(jwks(k), published));
    seal_free(wrong);
    keyring_close(k);
}

/* Whoever may write the registry but has no master key cannot exchange or alter a key. */
static void an_entry_that_was_tampered_with_stops_the_start_and_changes_no_running_server(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *other = NULL;
    struct entry first, second;
    assert_int_equal(registry_read(directory, a, rdn_of("ES256-1"), &first), RESULT_OK);
    assert_int_equal(registry_read(directory, a, rdn_of("ES256-2"), &second), RESULT_OK);
    struct str published = jwks(k), good = entry_value(&first, "onedoorKeySealed");
    struct {
        const char *attribute;
        struct str value, before;
    } rows[] = {
        {"onedoorKeySealed", entry_value(&second, "onedoorKeySealed"), good},
        {"onedoorKeySealed", arena_join(a, (struct str[]){STR("B"), str_sub(good, 1, good.len)}, 2), good},
        {"onedoorKeySealed", STR("="), good},
        {"onedoorKeyId", entry_value(&second, "onedoorKeyId"), entry_value(&first, "onedoorKeyId")},
        {"onedoorKeyAlgorithm", STR("RS256"), STR("ES256")},
        {"onedoorKeyAlgorithm", STR("none"), STR("ES256")},
        {"onedoorKeyState", STR("signing"), STR("active")},
        {"onedoorKeyCreated", STR("yesterday"), entry_value(&first, "onedoorKeyCreated")},
        {"onedoorKeyChanged", STR("-1"), entry_value(&first, "onedoorKeyChanged")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_value("ES256-1", rows[i].attribute, rows[i].value);
        assert_int_equal(keyring_open(directory, seal, &config, &other), RESULT_INTERNAL);
        (void)!keyring_refresh(k);
        assert_true(str_eq(jwks(k), published));
        set_value("ES256-1", rows[i].attribute, rows[i].before);
    }
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_true(str_eq(jwks(k), published));
    keyring_close(k);
}

/* attacks.md 27: even one that was sealed rightly. */
static void a_weak_rsa_key_stops_the_start(void **state)
{
    (void)state;
    struct keyring *k = NULL;
    keyring_close(open_keyring());
    EVP_PKEY *weak = EVP_RSA_gen(1024);
    struct key_pair pair = {.pkey = weak};
    struct str der, sealed;
    assert_int_equal(key_pkcs8(&pair, a, &der), RESULT_OK);
    assert_int_equal(seal_close(seal, a, STR("key:RS256-1"), der, &sealed), RESULT_OK);
    set_value("RS256-1", "onedoorKeySealed", base64url_encode(a, sealed));
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_REFUSED);
    assert_null(k);
    EVP_PKEY_free(weak);
}

/* Sealed rightly, named rightly, but its private half belongs to another public key. */
static void a_key_whose_halves_do_not_belong_together_stops_the_start(void **state)
{
    (void)state;
    struct keyring *k = NULL;
    struct key_pair *pair = NULL;
    struct str der, sealed;
    keyring_close(open_keyring());
    EVP_PKEY *pkey = pkey_from_jwk(a, "{\"kty\":\"EC\",\"crv\":\"P-256\","
                                      "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                      "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","
                                      "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM\"}");
    assert_int_equal(key_adopt(JWS_ES256, pkey, &pair), RESULT_OK);
    assert_int_equal(key_pkcs8(pair, a, &der), RESULT_OK);
    assert_int_equal(seal_close(seal, a, STR("key:ES256-1"), der, &sealed), RESULT_OK);
    set_value("ES256-1", "onedoorKeySealed", base64url_encode(a, sealed));
    set_value("ES256-1", "onedoorKeyId", key_id(pair));
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_INTERNAL);
    assert_null(k);
    key_unref(pair);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(another_master_key_opens_nothing_and_makes_nothing),
        TEST(an_entry_that_was_tampered_with_stops_the_start_and_changes_no_running_server),
        TEST(a_weak_rsa_key_stops_the_start),
        TEST(a_key_whose_halves_do_not_belong_together_stops_the_start),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
