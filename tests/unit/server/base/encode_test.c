#include "server/base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

typedef bool decoder(struct arena *a, struct str text, struct str *out);

static void assert_refused(decoder *decode, const struct str *bad, size_t n)
{
    struct arena *a = arena_new(10000);
    for (size_t i = 0; i < n; i++) {
        struct str out;
        if (decode(a, bad[i], &out))
            print_error("accepted: %.*s\n", STR_ARG(bad[i]));
        assert_false(decode(a, bad[i], &out));
    }
    assert_false(arena_failed(a));
    arena_free(a);
}

static void assert_decodes(decoder *decode, struct str text, struct str want)
{
    struct arena *a = arena_new(10000);
    struct str out;
    assert_true(decode(a, text, &out));
    assert_true(str_eq(out, want));
    assert_non_null(out.p);
    assert_int_equal(out.p[out.len], 0);
    arena_free(a);
}

/* RFC 4648 section 10 */
static const struct {
    struct str bytes, padded, bare, hex;
} vectors[] = {
    {STR(""), STR(""), STR(""), STR("")},
    {STR("f"), STR("Zg=="), STR("Zg"), STR("66")},
    {STR("fo"), STR("Zm8="), STR("Zm8"), STR("666f")},
    {STR("foo"), STR("Zm9v"), STR("Zm9v"), STR("666f6f")},
    {STR("foob"), STR("Zm9vYg=="), STR("Zm9vYg"), STR("666f6f62")},
    {STR("fooba"), STR("Zm9vYmE="), STR("Zm9vYmE"), STR("666f6f6261")},
    {STR("foobar"), STR("Zm9vYmFy"), STR("Zm9vYmFy"), STR("666f6f626172")},
    {STR("\xFB\xFF\xFE"), STR("+//+"), STR("-__-"), STR("fbfffe")},
    {STR("\0"), STR("AA=="), STR("AA"), STR("00")},
};

static void the_vectors_of_rfc_4648_hold_both_ways(void **state)
{
    (void)state;
    struct arena *a = arena_new(10000);
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        assert_true(str_eq(base64url_encode(a, vectors[i].bytes), vectors[i].bare));
        assert_true(str_eq(base64_encode(a, vectors[i].bytes), vectors[i].padded));
        assert_true(str_eq(hex_encode(a, vectors[i].bytes), vectors[i].hex));
        assert_decodes(base64url_decode, vectors[i].bare, vectors[i].bytes);
        assert_decodes(base64_decode, vectors[i].padded, vectors[i].bytes);
        assert_decodes(hex_decode, vectors[i].hex, vectors[i].bytes);
    }
    arena_free(a);
}

static void base64url_has_one_spelling_only(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR("Zg=="), STR("Zg="),  STR("Z"),      STR("Zm9vY"), STR("Zh"),  STR("Zm9"),   STR("Zm-"),
        STR("+//+"), STR("Zm 9"), STR("Zm9v\n"), STR("Zg\0"),  STR(" Zg"), STR("Zm9v="), STR("\xC3\xA4"),
    };
    assert_refused(base64url_decode, bad, sizeof bad / sizeof bad[0]);
}

static void few_last_characters_are_canonical(void **state)
{
    (void)state;
    static const char last[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    int one_byte = 0, two_bytes = 0;
    for (size_t i = 0; i < 64; i++) {
        struct arena *a = arena_new(100);
        struct str out;
        const char text[] = {'A', 'A', last[i]};
        one_byte += base64url_decode(a, (struct str){text + 1, 2}, &out);
        two_bytes += base64url_decode(a, (struct str){text, 3}, &out);
        arena_free(a);
    }
    assert_int_equal(one_byte, 4);
    assert_int_equal(two_bytes, 16);
}

static void base64_needs_its_padding_at_the_end(void **state)
{
    (void)state;
    static const struct str bad[] = {STR("Zg"),   STR("Zg="),      STR("Zm8"),      STR("Zh=="), STR("Zm9="),
                                     STR("===="), STR("Z==="),     STR("=Zg="),     STR("Zg=A"), STR("-__-"),
                                     STR("="),    STR("Zg==Zg=="), STR("Zm9v===="), STR("Zm9\n")};
    assert_refused(base64_decode, bad, sizeof bad / sizeof bad[0]);
}

static void hex_is_lower_case_and_even(void **state)
{
    (void)state;
    static const struct str bad[] = {STR("6"),   STR("6F"), STR("0x66"), STR("6g"),
                                     STR(" 66"), STR("6/"), STR("66 ")};
    assert_refused(hex_decode, bad, sizeof bad / sizeof bad[0]);
}

static void all_but_unreserved_characters_are_escaped_for_a_url(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    url_encode(&b, STR("AZaz09-._~ +&=#/%\r\n\0\"\xE4\xB8\x80"));
    assert_true(str_eq(buf_str(&b), STR("AZaz09-._~%20%2B%26%3D%23%2F%25%0D%0A%00%22%E4%B8%80")));
    buf_free(&b);
}

static void forms_are_decoded(void **state)
{
    (void)state;
    assert_decodes(form_decode, STR(""), STR(""));
    assert_decodes(form_decode, STR("a+b%20c%2B%2b"), STR("a b c++"));
    assert_decodes(form_decode, STR("%e7%8E%8b"), STR("王"));
    assert_decodes(form_decode, STR("%2541"), STR("%41"));
    assert_decodes(form_decode, STR("%FF"), STR("\xFF"));
}

static void bad_escapes_and_nul_are_refused_in_forms(void **state)
{
    (void)state;
    static const struct str bad[] = {STR("%"),        STR("%4"),   STR("a%"),  STR("%4g"),    STR("%g4"),
                                     STR("%%41"),     STR("%+41"), STR("% 4"), STR("%u0041"), STR("%00"),
                                     STR("admin%00"), STR("a\0b"), STR("%4\0")};
    assert_refused(form_decode, bad, sizeof bad / sizeof bad[0]);
}

static void lack_of_memory_refuses(void **state)
{
    (void)state;
    struct arena *a = arena_new(2);
    struct str out;
    assert_false(base64url_decode(a, STR("Zm9vYmFy"), &out));
    assert_null(base64url_encode(a, STR("foobar")).p);
    assert_null(hex_encode(a, STR("foobar")).p);
    assert_false(hex_decode(a, STR("6666"), &out));
    assert_false(form_decode(a, STR("abc"), &out));
    assert_null(base64_encode(a, (struct str){"x", SIZE_MAX}).p);
    assert_true(arena_failed(a));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_4648_hold_both_ways),
        cmocka_unit_test(base64url_has_one_spelling_only),
        cmocka_unit_test(few_last_characters_are_canonical),
        cmocka_unit_test(base64_needs_its_padding_at_the_end),
        cmocka_unit_test(hex_is_lower_case_and_even),
        cmocka_unit_test(all_but_unreserved_characters_are_escaped_for_a_url),
        cmocka_unit_test(forms_are_decoded),
        cmocka_unit_test(bad_escapes_and_nul_are_refused_in_forms),
        cmocka_unit_test(lack_of_memory_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
