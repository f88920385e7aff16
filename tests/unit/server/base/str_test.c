#include "server/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void strings_are_equal_byte_by_byte_and_length_by_length(void **state)
{
    (void)state;
    assert_true(str_eq(STR("abc"), STR("abc")));
    assert_false(str_eq(STR("abc"), STR("abd")));
    assert_false(str_eq(STR("abc"), STR("ab")));
    assert_false(str_eq(STR("a\0b"), STR("a\0c")));
    assert_true(str_eq(STR_EMPTY, STR("")));
    assert_true(str_eq(str_of(NULL), STR_EMPTY));
    assert_true(str_eq(str_of("abc"), STR("abc")));
}

static void case_is_ignored_for_ascii_letters_only(void **state)
{
    (void)state;
    assert_true(str_eq_nocase(STR("Bearer"), STR("bEARER")));
    assert_false(str_eq_nocase(STR("["), STR("{")));
    assert_false(str_eq_nocase(STR("@"), STR("`")));
    assert_false(str_eq_nocase(STR("\xC3\x84"), STR("\xC3\xA4")));
    assert_false(str_eq_nocase(STR("ab"), STR("abc")));
}

static void starts_ends_and_has(void **state)
{
    (void)state;
    assert_true(str_starts(STR("https://a"), STR("https://")));
    assert_false(str_starts(STR("https"), STR("https://")));
    assert_true(str_starts(STR("x"), STR_EMPTY));
    assert_true(str_ends(STR("a.example"), STR(".example")));
    assert_false(str_ends(STR("example"), STR(".example")));
    assert_true(str_ends(STR_EMPTY, STR_EMPTY));
    assert_true(str_has(STR("a\0b"), '\0'));
    assert_false(str_has(STR("ab"), '\0'));
    assert_false(str_has(STR_EMPTY, 'a'));
}

static void trimming_takes_blanks_and_tabs_and_no_other_space(void **state)
{
    (void)state;
    assert_true(str_eq(str_trim(STR(" \t a b \t")), STR("a b")));
    assert_true(str_eq(str_trim(STR(" \t ")), STR_EMPTY));
    assert_true(str_eq(str_trim(STR("\ra\n")), STR("\ra\n")));
}

static void a_part_out_of_range_gives_what_there_is(void **state)
{
    (void)state;
    assert_true(str_eq(str_sub(STR("abcdef"), 2, 3), STR("cde")));
    assert_true(str_eq(str_sub(STR("abc"), 1, SIZE_MAX), STR("bc")));
    assert_true(str_eq(str_sub(STR("abc"), 3, 1), STR_EMPTY));
    assert_true(str_eq(str_sub(STR("abc"), SIZE_MAX, SIZE_MAX), STR_EMPTY));
}

static void cutting_walks_through_all_parts(void **state)
{
    (void)state;
    struct str rest = STR("a,,b"), head;
    assert_true(str_cut(&rest, ',', &head));
    assert_true(str_eq(head, STR("a")));
    assert_true(str_cut(&rest, ',', &head));
    assert_int_equal(head.len, 0);
    assert_true(str_cut(&rest, ',', &head));
    assert_true(str_eq(head, STR("b")));
    assert_int_equal(rest.len, 0);
    assert_false(str_cut(&rest, ',', &head));
}

static void words_are_found_between_any_number_of_spaces(void **state)
{
    (void)state;
    struct str rest = STR("  openid   profile "), word;
    assert_true(str_word(&rest, &word));
    assert_true(str_eq(word, STR("openid")));
    assert_true(str_word(&rest, &word));
    assert_true(str_eq(word, STR("profile")));
    assert_false(str_word(&rest, &word));
}

static void a_word_is_in_a_list_as_a_whole_only(void **state)
{
    (void)state;
    assert_true(str_has_word(STR("openid email"), STR("email")));
    assert_false(str_has_word(STR("openid email"), STR("mail")));
    assert_false(str_has_word(STR("openid email"), STR("emai")));
    assert_false(str_has_word(STR("openid\temail"), STR("email")));
    assert_false(str_has_word(STR("openid email"), STR("openid email")));
    assert_false(str_has_word(STR("openid  email"), STR("")));
}

static void numbers_are_plain_decimal_within_their_limit(void **state)
{
    (void)state;
    uint64_t n = 7;
    assert_true(str_to_u64(STR("0"), 10, &n));
    assert_int_equal(n, 0);
    assert_true(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &n));
    assert_true(n == UINT64_MAX);
    assert_true(str_to_u64(STR("3"), 3, &n));

    static const struct str bad[] = {STR(""),
                                     STR("-1"),
                                     STR("+5"),
                                     STR(" 5"),
                                     STR("5 "),
                                     STR("05"),
                                     STR("00"),
                                     STR("0x1"),
                                     STR("1."),
                                     STR("5\0"),
                                     STR("18446744073709551616")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(str_to_u64(bad[i], UINT64_MAX, &n));
    assert_false(str_to_u64(STR("4"), 3, &n));
    assert_false(str_to_u64(STR("30"), 29, &n));
    assert_int_equal(n, 3);
}

static void a_scope_token_has_no_space_quote_or_backslash(void **state)
{
    (void)state;
    assert_true(str_is_nqchar(STR("!#[]~case:read")));
    static const struct str bad[] = {STR(""),      STR("a b"),      STR("a\""), STR("a\\b"),
                                     STR("a\x7F"), STR("\xC3\xA4"), STR("a\0")};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(str_is_nqchar(bad[i]));
}

/* Eight bytes are looked at together: wherever the one stands, and whatever stands beside it. */
static void a_control_character_is_found_wherever_it_stands(void **state)
{
    (void)state;
    char text[24];
    assert_false(str_has_control(STR_EMPTY));
    for (int c = 0; c < 256; c++) {
        bool control = (c < ' ' && c != '\t') || c == 0x7F;
        for (size_t at = 0; at < sizeof text; at++) {
            memset(text, at % 3 == 0 ? ' ' : at % 3 == 1 ? '\t' : 0xFF, sizeof text);
            text[at] = (char)c;
            assert_int_equal(str_has_control((struct str){text, sizeof text}), control);
            assert_false(str_has_control((struct str){text, at}));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_are_equal_byte_by_byte_and_length_by_length),
        cmocka_unit_test(case_is_ignored_for_ascii_letters_only),
        cmocka_unit_test(starts_ends_and_has),
        cmocka_unit_test(trimming_takes_blanks_and_tabs_and_no_other_space),
        cmocka_unit_test(a_part_out_of_range_gives_what_there_is),
        cmocka_unit_test(cutting_walks_through_all_parts),
        cmocka_unit_test(words_are_found_between_any_number_of_spaces),
        cmocka_unit_test(a_word_is_in_a_list_as_a_whole_only),
        cmocka_unit_test(numbers_are_plain_decimal_within_their_limit),
        cmocka_unit_test(a_scope_token_has_no_space_quote_or_backslash),
        cmocka_unit_test(a_control_character_is_found_wherever_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
