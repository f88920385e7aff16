/* Tokens that differ from one of ours in their bytes alone: spelling, parts, signature, size. */
#include "tests/unit/certs/jws_world.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_byte_more_at_any_place_is_refused),
        TEST(a_byte_changed_or_missing_at_any_place_is_refused),
        TEST(another_spelling_of_the_last_character_is_refused),
        TEST(other_numbers_of_parts_and_other_forms_are_refused),
        TEST(psychic_and_misshapen_signatures_are_refused),
        TEST(a_signature_in_der_is_refused),
        TEST(oversized_tokens_are_refused_unread_and_at_once),
        TEST(the_worst_that_fits_is_refused_in_bounded_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
