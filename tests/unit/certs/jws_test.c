/* Which tokens are ours: by header, key, type, claims and age. */
#include "tests/unit/certs/jws_world.h"

static void a_token_of_ours_verifies(void **state)
{
    (void)state;
    assert_int_equal(verify(good()), RESULT_OK);
    assert_int_equal(verify(craft(rs, "{\"alg\":\"RS256\",\"kid\":\"%\",\"typ\":\"JWT\"}", CLAIMS)),
                     RESULT_OK);
    assert_int_equal(verify(craft(es, " {\"typ\" : \"JWT\", \"kid\":\"%\",\"alg\":\"ES256\"}", CLAIMS)),
                     RESULT_OK);
}

/* attacks.md 25: truly signed, and yet refused for what the header says. */
static void headers_that_we_never_write_are_refused(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "{\"alg\":\"none\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"None\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"nOnE\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":null,\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":[\"ES256\"],\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"es256\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256 \",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\\u0000\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES384\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"RS256\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"PS256\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"HS256\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"Typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"jwk\":{\"kty\":\"EC\"}}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"jku\":\"https://evil.example/jwks\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"x5u\":\"https://evil.example/c\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"x5c\":[\"AA\"]}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"x5t\":\"AA\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"crit\":[\"exp\"],\"exp\":1}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"b64\":false,\"crit\":[\"b64\"]}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"zip\":\"DEF\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",\"cty\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"jwk\":{}}",
        "{\"alg\":\"none\",\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"\\u0061lg\":\"none\",\"kid\":\"%\",\"typ\":\"JWT\"}",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}x",
        "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\",}",
        "{'alg':'ES256','kid':'%','typ':'JWT'}",
        "[{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}]",
        "[\"ES256\",\"%\",\"JWT\"]",
        "\"ES256\"",
        "null",
        "",
        "{}",
        "\xef\xbb\xbf{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}",
    };
    for (size_t i = 0; i < COUNT(headers); i++) {
        if (verify(craft(es, headers[i], CLAIMS)) != RESULT_REFUSED)
            fail_msg("accepted: %s", headers[i]);
    }
}

/* attacks.md 24 */
static void a_kid_is_looked_up_in_memory_and_nowhere_else(void **state)
{
    (void)state;
    static const char *const kids[] = {"../../../../etc/passwd",
                                       "/dev/null",
                                       "https://evil.example/key",
                                       "' OR 1=1 --",
                                       "*",
                                       "",
                                       "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"};
    for (size_t i = 0; i < COUNT(kids); i++) {
        const char *header = arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"JWT\"}", kids[i]).p;
        assert_int_equal(verify(craft(es, header, CLAIMS)), RESULT_REFUSED);
    }
    static const char *const types[] = {"1", "null", "[\"%\"]", "{\"a\":\"%\"}", "true"};
    for (size_t i = 0; i < COUNT(types); i++) {
        struct str header = arena_join(
            a, (struct str[]){STR("{\"alg\":\"ES256\",\"kid\":"), str_of(types[i]), STR(",\"typ\":\"JWT\"}")},
            3);
        assert_int_equal(verify(craft(es, arena_cstr(a, header), CLAIMS)), RESULT_REFUSED);
    }
    static char megabyte[1 << 20];
    memset(megabyte, 'k', sizeof megabyte - 1);
    struct str header = arena_join(
        a, (struct str[]){STR("{\"alg\":\"ES256\",\"kid\":\""), str_of(megabyte), STR("\",\"typ\":\"JWT\"}")},
        3);
    assert_int_equal(verify(craft(es, arena_cstr(a, header), CLAIMS)), RESULT_REFUSED);
}

/* The classic: our public key, which everybody has, as the secret of an HMAC. */
static void a_mac_keyed_with_our_public_key_is_refused(void **state)
{
    (void)state;
    const struct key_pair *const keys[] = {es, rs};
    for (size_t i = 0; i < COUNT(keys); i++) {
        BIO *bio = BIO_new(BIO_s_mem());
        char *pem = NULL;
        assert_int_equal(PEM_write_bio_PUBKEY(bio, keys[i]->pkey), 1);
        long len = BIO_get_mem_data(bio, &pem);
        struct str jwk = keys[i]->jwk, secrets[] = {{pem, (size_t)len}, jwk, key_id(keys[i])};
        const char *header =
            arena_printf(a, "{\"alg\":\"HS256\",\"kid\":\"%s\",\"typ\":\"JWT\"}", keys[i]->kid).p;
        struct str input = input_of(header, STR(CLAIMS));
        for (size_t s = 0; s < COUNT(secrets); s++) {
            unsigned char mac[DIGEST_SIZE];
            assert_true(hmac_sha256(secrets[s], &input, 1, mac));
            struct str last = base64url_encode(a, (struct str){(char *)mac, sizeof mac});
            assert_int_equal(verify(join(input, last)), RESULT_REFUSED);
        }
        BIO_free(bio);
    }
}

static void a_key_signs_only_under_its_own_name_and_algorithm(void **state)
{
    (void)state;
    const char *header = arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"JWT\"}", es->kid).p;
    struct key_pair *foreign = new_pair(JWS_ES256);
    struct str input = input_of(header, STR(CLAIMS));
    assert_int_equal(verify(join(input, sign_with(foreign, input))), RESULT_REFUSED);
    assert_int_equal(verify(join(input, sign_with(rs, input))), RESULT_REFUSED);
    assert_int_equal(verify(craft(rs, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", CLAIMS)),
                     RESULT_REFUSED);
    assert_int_equal(verify(craft(foreign, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", CLAIMS)),
                     RESULT_REFUSED);
    key_unref(foreign);
}

/* attacks.md 26; RFC 8725 section 3.11 */
static void a_token_of_another_type_is_refused(void **state)
{
    (void)state;
    static const char *const types[] = {"at+jwt", "JWT", "logout+jwt", "jwt", "AT+JWT", "application/at+jwt",
                                        "at+jwt "};
    for (size_t made = 0; made < COUNT(types); made++) {
        const char *header =
            arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%%\",\"typ\":\"%s\"}", types[made]).p;
        struct str token = craft(es, header, CLAIMS);
        for (size_t asked = 0; asked < COUNT(types); asked++)
            assert_int_equal(verify_as(token, types[asked]), asked == made ? RESULT_OK : RESULT_REFUSED);
    }
    assert_int_equal(verify(craft(es, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":[\"JWT\"]}", CLAIMS)),
                     RESULT_REFUSED);
}

/* Even our own key does not make these claims readable. */
static void claims_that_are_no_plain_object_are_refused(void **state)
{
    (void)state;
    static const char *const claims[] = {
        "[1]",
        "\"text\"",
        "null",
        "1",
        "{\"exp\":1,\"exp\":2}",
        "{\"exp\":1}x",
        "{\"exp\":1",
        "{\"a\":\"\\u0000\"}",
        "{\"a\":\"\xff\"}",
        "{\"a\":[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]}",
    };
    for (size_t i = 0; i < COUNT(claims); i++) {
        struct str token = craft(es, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", claims[i]);
        assert_int_equal(verify(token), RESULT_REFUSED);
    }
    char deep[4097];
    memset(deep, '[', sizeof deep - 1);
    memcpy(deep, "{\"a\":", 5);
    deep[4096] = 0;
    assert_int_equal(verify(craft(es, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", deep)),
                     RESULT_REFUSED);
}

/* Who judges times reads them with json_get_int, which takes nothing but an integer. */
static void a_time_that_is_no_integer_is_no_time(void **state)
{
    (void)state;
    static const char *const claims[] = {"{\"exp\":\"1800000600\"}", "{\"exp\":1e300}",
                                         "{\"exp\":1800000600.5}",   "{\"exp\":[1800000600]}",
                                         "{\"exp\":null}",           "{}"};
    for (size_t i = 0; i < COUNT(claims); i++) {
        json_t *read = NULL;
        int64_t exp = 0;
        struct str token = craft(es, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", claims[i]);
        enum result r = jws_verify(k, a, token, "JWT", &read);
        assert_true(r == RESULT_REFUSED || !json_get_int(read, "exp", &exp));
    }
}

/* attacks.md 28 */
static void a_retired_key_verifies_until_the_overlap_is_over_and_then_no_more(void **state)
{
    (void)state;
    struct str old = good();
    struct key_set *set = key_set_new(4);
    assert_true(key_set_add(
        set, (struct key_record){key_ref((struct key_pair *)es), 1, KEY_RETIRED, 0, fixture_time}));
    add_key(set, JWS_ES256, 2, KEY_ACTIVE, fixture_time);
    struct key_pair *next = add_key(set, JWS_ES256, 3, KEY_NEXT, fixture_time);
    struct str early = craft(next, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", CLAIMS);
    assert_int_equal(verify(early), RESULT_REFUSED);
    keyring_install(k, set);
    assert_int_equal(verify(early), RESULT_OK);
    assert_int_equal(verify(old), RESULT_OK);
    fixture_time += 3599;
    assert_int_equal(verify(old), RESULT_OK);
    fixture_time += 1;
    assert_int_equal(verify(old), RESULT_REFUSED);
}

/* Not "refused": the caller must answer 503, and not that the token is inactive. */
static void a_full_arena_is_an_outage_and_no_refusal(void **state)
{
    (void)state;
    struct str token = good();
    for (size_t ceiling = 1; ceiling < 400; ceiling += 40) {
        struct arena *small = arena_new(ceiling);
        json_t *claims = NULL;
        enum result r = jws_verify(k, small, token, "JWT", &claims);
        assert_int_equal(r, arena_failed(small) ? RESULT_INTERNAL : RESULT_OK);
        arena_free(small);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_token_of_ours_verifies),
        TEST(headers_that_we_never_write_are_refused),
        TEST(a_kid_is_looked_up_in_memory_and_nowhere_else),
        TEST(a_mac_keyed_with_our_public_key_is_refused),
        TEST(a_key_signs_only_under_its_own_name_and_algorithm),
        TEST(a_token_of_another_type_is_refused),
        TEST(claims_that_are_no_plain_object_are_refused),
        TEST(a_time_that_is_no_integer_is_no_time),
        TEST(a_retired_key_verifies_until_the_overlap_is_over_and_then_no_more),
        TEST(a_full_arena_is_an_outage_and_no_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
