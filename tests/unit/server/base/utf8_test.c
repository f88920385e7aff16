#include "server/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void code_points_of_every_length_are_read(void **state)
{
    (void)state;
    static const struct {
        struct str s;
        uint32_t cp;
    } good[] = {{STR("A"), 'A'},
                {STR("\0"), 0},
                {STR("\x7F"), 0x7F},
                {STR("\xC2\x80"), 0x80},
                {STR("\xDF\xBF"), 0x7FF},
                {STR("\xE0\xA0\x80"), 0x800},
                {STR("\xE4\xB8\x80"), 0x4E00},
                {STR("\xED\x9F\xBF"), 0xD7FF},
                {STR("\xEE\x80\x80"), 0xE000},
                {STR("\xF0\x90\x80\x80"), 0x10000},
                {STR("\xF4\x8F\xBF\xBF"), 0x10FFFF}};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        uint32_t cp = 0xBAD;
        assert_int_equal(str_code_point(good[i].s, &cp), good[i].s.len);
        assert_int_equal(cp, good[i].cp);
        assert_true(str_is_utf8(good[i].s));
    }
}

static void malformed_utf8_is_no_text(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR("\x80"),             /* continuation alone */
        STR("\xC0\x80"),         /* overlong NUL */
        STR("\xC1\xBF"),         /* overlong */
        STR("\xE0\x9F\xBF"),     /* overlong */
        STR("\xF0\x8F\xBF\xBF"), /* overlong */
        STR("\xED\xA0\x80"),     /* surrogate */
        STR("\xED\xBF\xBF"),     /* surrogate */
        STR("\xF4\x90\x80\x80"), /* behind U+10FFFF */
        STR("\xF8\x88\x80\x80\x80"),
        STR("\xFF"),
        STR("\xC3"), /* cut short */
        STR("\xE4\xB8"),
        STR("\xF0\x9F\x98"),
        STR("\xC3("),
        STR("abc\xE4\xB8"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(str_is_utf8(bad[i]));
        assert_false(str_is_plain_text(bad[i]));
    }
    uint32_t cp;
    assert_int_equal(str_code_point(STR_EMPTY, &cp), 0);
}

static void a_sequence_is_not_read_behind_the_end(void **state)
{
    (void)state;
    assert_false(str_is_utf8(str_sub(STR("\xE4\xB8\x80"), 0, 2)));
}

static void names_that_people_have_are_plain_text(void **state)
{
    (void)state;
    static const struct str good[] = {STR(""),          STR("王小明"),        STR("José María"),
                                      STR("O'Neill-Ó"), STR("阿卜杜·热合曼"), STR("𠮷野家"),
                                      STR("محمد"),      STR("市民 <b>&\"")};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(str_is_plain_text(good[i]));
}

static void what_cannot_be_seen_is_no_plain_text(void **state)
{
    (void)state;
    static const struct str bad[] = {
        STR("a\0"),
        STR("a\nb"),
        STR("\t"),
        STR("\x1B[2J"),
        STR("\x7F"),
        STR("\xC2\x85"),         /* next line */
        STR("ad\xC2\xADmin"),    /* soft hyphen */
        STR("\xE2\x80\x8B"),     /* zero-width space */
        STR("a\xE2\x80\x8D"),    /* zero-width joiner */
        STR("\xE2\x80\xAE"),     /* right-to-left override */
        STR("\xE2\x81\xA6"),     /* left-to-right isolate */
        STR("\xE2\x80\x8F"),     /* right-to-left mark */
        STR("\xE2\x80\xA8"),     /* line separator */
        STR("\xE2\x80\xA9"),     /* paragraph separator */
        STR("\xE2\x81\xA0"),     /* word joiner */
        STR("\xD8\x9C"),         /* Arabic letter mark */
        STR("\xEF\xBB\xBF"),     /* byte order mark */
        STR("\xEF\xB8\x8F"),     /* variation selector */
        STR("\xE3\x85\xA4"),     /* Hangul filler */
        STR("\xF3\xA0\x81\x81"), /* a tag */
        STR("\xEF\xBF\xBF"),     /* no character */
        STR("\xF0\x9F\xBF\xBE"), /* no character */
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (str_is_plain_text(bad[i]))
            print_error("case %zu\n", i);
        assert_false(str_is_plain_text(bad[i]));
        assert_true(str_is_utf8(bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(code_points_of_every_length_are_read),
        cmocka_unit_test(malformed_utf8_is_no_text),
        cmocka_unit_test(a_sequence_is_not_read_behind_the_end),
        cmocka_unit_test(names_that_people_have_are_plain_text),
        cmocka_unit_test(what_cannot_be_seen_is_no_plain_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
