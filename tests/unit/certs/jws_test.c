/* Tokens as attackers write them. Most are signed by the right key, so that each check stands alone. */
#include "certs/jws.h"

#include "certs/signature.h"
#include "certs/signer.h"
#include "server/base/buf.h"
#include "server/base/digest.h"
#include "tests/unit/certs/fixture.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#define CLAIMS "{\"iss\":\"https://sso.city.example\",\"exp\":1800000600}"

static struct arena *a;
static struct keyring *k;
static const struct key_pair *es, *rs;

static int begin(void **state)
{
    (void)state;
    fixture_time = 1800000000;
    clock_replace(fixture_clock);
    a = arena_new(64 * FIXTURE_ARENA);
    k = new_keyring(new_set());
    es = key_set_active(k->set, JWS_ES256)->pair;
    rs = key_set_active(k->set, JWS_RS256)->pair;
    return 0;
}

static int end(void **state)
{
    (void)state;
    clock_replace(NULL);
    keyring_close(k);
    arena_free(a);
    return 0;
}

static enum result verify_as(struct str token, const char *typ)
{
    json_t *claims = (json_t *)&claims;
    enum result r = jws_verify(k, a, token, typ, &claims);
    assert_true((r == RESULT_OK) == (claims != NULL));
    return r;
}

static enum result verify(struct str token)
{
    return verify_as(token, "JWT");
}

static struct str join(struct str head, struct str tail)
{
    return arena_join(a, (struct str[]){head, STR("."), tail}, 3);
}

static struct str input_of(const char *header, struct str claims)
{
    return join(base64url_encode(a, str_of(header)), base64url_encode(a, claims));
}

static struct str sign_with(const struct key_pair *key, struct str input)
{
    struct signature s;
    assert_int_equal(signature_make(key, input, &s), RESULT_OK);
    return base64url_encode(a, (struct str){(char *)s.bytes, s.len});
}

/* A token with this header, in which %s stands for the kid, truly signed by that key. */
static struct str craft(const struct key_pair *key, const char *header, const char *claims)
{
    struct str text = str_of(header), before;
    struct buf b;
    buf_init(&b, 1 << 22);
    while (str_cut(&text, '%', &before)) {
        buf_add(&b, before);
        if (text.len > 0)
            buf_add(&b, key_id(key));
    }
    struct str input = input_of(arena_cstr(a, buf_str(&b)), str_of(claims));
    buf_free(&b);
    return join(input, sign_with(key, input));
}

static struct str good(void)
{
    return craft(es, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", CLAIMS);
}

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

static struct str insert(struct str s, size_t at, struct str what)
{
    return arena_join(a, (struct str[]){str_sub(s, 0, at), what, str_sub(s, at, s.len)}, 3);
}

static void a_byte_more_at_any_place_is_refused(void **state)
{
    (void)state;
    struct str token = good();
    static const struct str extras[] = {{".", 1}, {"=", 1},  {" ", 1},    {"\n", 1},
                                        {"+", 1}, {"\0", 1}, {"\xff", 1}, {"A", 1}};
    for (size_t i = 0; i < COUNT(extras); i++) {
        for (size_t at = 0; at <= token.len; at++)
            assert_int_equal(verify(insert(token, at, extras[i])), RESULT_REFUSED);
    }
}

static void a_byte_changed_or_missing_at_any_place_is_refused(void **state)
{
    (void)state;
    struct str token = good();
    char *p = (char *)arena_copy(a, token).p;
    for (size_t at = 0; at < token.len; at++) {
        static const char others[] = "AQgw9-_.=/";
        for (const char *c = others; *c; c++) {
            p[at] = *c;
            if (*c != token.p[at])
                assert_int_equal(verify((struct str){p, token.len}), RESULT_REFUSED);
        }
        p[at] = token.p[at];
        struct str shorter =
            arena_join(a, (struct str[]){str_sub(token, 0, at), str_sub(token, at + 1, token.len)}, 2);
        assert_int_equal(verify(shorter), RESULT_REFUSED);
        assert_int_equal(verify(str_sub(token, 0, at)), RESULT_REFUSED);
    }
    assert_int_equal(verify((struct str){p, token.len}), RESULT_OK);
}

/* 86 characters hold 516 bits: the last four must be zero, or a token would have sixteen spellings. */
static void another_spelling_of_the_last_character_is_refused(void **state)
{
    (void)state;
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    struct str token = good();
    char *p = (char *)arena_copy(a, token).p, last = p[token.len - 1];
    unsigned accepted = 0;
    for (const char *c = alphabet; *c; c++) {
        p[token.len - 1] = *c;
        accepted += verify((struct str){p, token.len}) == RESULT_OK;
    }
    p[token.len - 1] = last;
    assert_int_equal(accepted, 1);
}

static void other_numbers_of_parts_and_other_forms_are_refused(void **state)
{
    (void)state;
    struct str token = good(), rest = token, header, claims;
    assert_true(str_cut(&rest, '.', &header));
    assert_true(str_cut(&rest, '.', &claims));
    const struct str tokens[] = {
        STR_EMPTY,
        STR("."),
        STR(".."),
        STR("..."),
        header,
        join(header, claims),
        join(join(header, claims), STR_EMPTY),
        join(join(header, STR_EMPTY), rest),
        join(join(STR_EMPTY, claims), rest),
        join(token, STR("x")),
        join(token, STR_EMPTY),
        join(STR_EMPTY, token),
        join(join(token, claims), rest),
        arena_printf(
            a, "{\"payload\":\"" STR_FMT "\",\"protected\":\"" STR_FMT "\",\"signature\":\"" STR_FMT "\"}",
            STR_ARG(claims), STR_ARG(header), STR_ARG(rest)),
        arena_printf(a,
                     "{\"payload\":\"" STR_FMT "\",\"signatures\":[{\"protected\":\"" STR_FMT
                     "\",\"signature\":\"" STR_FMT "\"}]}",
                     STR_ARG(claims), STR_ARG(header), STR_ARG(rest)),
    };
    for (size_t i = 0; i < COUNT(tokens); i++)
        assert_int_equal(verify(tokens[i]), RESULT_REFUSED);
}

static struct str with_signature(const void *bytes, size_t len)
{
    struct str token = good(), rest = token, header, claims;
    assert_true(str_cut(&rest, '.', &header));
    assert_true(str_cut(&rest, '.', &claims));
    return join(join(header, claims), base64url_encode(a, (struct str){bytes, len}));
}

static void psychic_and_misshapen_signatures_are_refused(void **state)
{
    (void)state;
    static const unsigned char zeros[4096] = {0};
    static const size_t lengths[] = {1, 32, 63, 64, 65, 70, 72, 128, 256, 4096};
    for (size_t i = 0; i < COUNT(lengths); i++)
        assert_int_equal(verify(with_signature(zeros, lengths[i])), RESULT_REFUSED);
    unsigned char ones[64] = {0};
    ones[31] = ones[63] = 1;
    assert_int_equal(verify(with_signature(ones, 64)), RESULT_REFUSED);
    memset(ones, 0xff, sizeof ones);
    assert_int_equal(verify(with_signature(ones, 64)), RESULT_REFUSED);
}

/* OpenSSL's own form of a true signature: RFC 7518 section 3.4 wants r and s. */
static void a_signature_in_der_is_refused(void **state)
{
    (void)state;
    const char *header = arena_printf(a, "{\"alg\":\"ES256\",\"kid\":\"%s\",\"typ\":\"JWT\"}", es->kid).p;
    struct str input = input_of(header, STR(CLAIMS));
    unsigned char der[80];
    size_t len = sizeof der;
    EVP_MD_CTX *c = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(c, NULL, EVP_sha256(), NULL, es->pkey), 1);
    assert_int_equal(EVP_DigestSign(c, der, &len, (const unsigned char *)input.p, input.len), 1);
    EVP_MD_CTX_free(c);
    assert_int_equal(verify(join(input, base64url_encode(a, (struct str){(char *)der, len}))),
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

/* RFC 7515 lets a token be as long as it likes; we do not. 100,000 refusals must not take a second each. */
static void oversized_tokens_are_refused_unread_and_at_once(void **state)
{
    (void)state;
    static char huge[9 << 20];
    memset(huge, 'A', sizeof huge);
    struct str token = good();
    memcpy(huge, token.p, token.len);
    int64_t start = clock_monotonic_ms();
    for (int i = 0; i < 100000; i++) {
        assert_int_equal(verify((struct str){huge, sizeof huge}), RESULT_REFUSED);
        assert_int_equal(verify((struct str){huge, JWS_MAX + 1}), RESULT_REFUSED);
    }
    assert_in_range(clock_monotonic_ms() - start, 0, 2000);
    struct str longer = insert(token, token.len, (struct str){huge, 20000});
    assert_int_equal(verify(longer), RESULT_REFUSED);
}

static void the_worst_that_fits_is_refused_in_bounded_time(void **state)
{
    (void)state;
    char points[JWS_MAX], braces[JWS_MAX];
    memset(points, '.', sizeof points);
    memset(braces, '{', sizeof braces);
    struct str nested = base64url_encode(a, (struct str){braces, 6000});
    int64_t start = clock_monotonic_ms();
    for (int i = 0; i < 2000; i++) {
        assert_int_equal(verify((struct str){points, sizeof points}), RESULT_REFUSED);
        assert_int_equal(verify(join(nested, STR("AA.AA"))), RESULT_REFUSED);
    }
    assert_in_range(clock_monotonic_ms() - start, 0, 4000);
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
        cmocka_unit_test_setup_teardown(a_token_of_ours_verifies, begin, end),
        cmocka_unit_test_setup_teardown(headers_that_we_never_write_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_kid_is_looked_up_in_memory_and_nowhere_else, begin, end),
        cmocka_unit_test_setup_teardown(a_mac_keyed_with_our_public_key_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_key_signs_only_under_its_own_name_and_algorithm, begin, end),
        cmocka_unit_test_setup_teardown(a_token_of_another_type_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_byte_more_at_any_place_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_byte_changed_or_missing_at_any_place_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(another_spelling_of_the_last_character_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(other_numbers_of_parts_and_other_forms_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(psychic_and_misshapen_signatures_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_signature_in_der_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(claims_that_are_no_plain_object_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(a_time_that_is_no_integer_is_no_time, begin, end),
        cmocka_unit_test_setup_teardown(oversized_tokens_are_refused_unread_and_at_once, begin, end),
        cmocka_unit_test_setup_teardown(the_worst_that_fits_is_refused_in_bounded_time, begin, end),
        cmocka_unit_test_setup_teardown(a_retired_key_verifies_until_the_overlap_is_over_and_then_no_more,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_full_arena_is_an_outage_and_no_refusal, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
