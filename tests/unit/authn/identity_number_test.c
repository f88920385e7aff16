#include "authn/identity_number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { NOW = 1800000000 }; /* January 2027 */

static const char *read_it(enum identity_kind kind, const char *text)
{
    char out[IDENTITY_NUMBER_LENGTH];
    return identity_number_read(kind, str_of(text), NOW, out);
}

static void the_standards_own_numbers_are_taken(void **state)
{
    (void)state;
    assert_null(read_it(IDENTITY_CITIZEN, "11010519491231002X"));
    assert_null(read_it(IDENTITY_CITIZEN, "440524188001010014"));
    assert_null(read_it(IDENTITY_COMPANY, "91350100M000100Y43"));
    assert_non_null(read_it(IDENTITY_COMPANY, "91350100M000100Y4Z"));
}

static void small_letters_are_taken_and_written_large(void **state)
{
    (void)state;
    char out[IDENTITY_NUMBER_LENGTH];
    assert_null(identity_number_read(IDENTITY_CITIZEN, STR("11010519491231002x"), NOW, out));
    assert_memory_equal(out, "11010519491231002X", sizeof out);
    assert_null(identity_number_read(IDENTITY_COMPANY, STR("91350100m000100y43"), NOW, out));
    assert_memory_equal(out, "91350100M000100Y43", sizeof out);
}

/* What a slip of the finger does: one digit another, or two neighbours exchanged, never passes. */
static void one_mistyped_character_is_noticed(void **state)
{
    (void)state;
    static const struct {
        enum identity_kind kind;
        const char *number, *alphabet;
    } good[] = {{IDENTITY_CITIZEN, "11010519491231002X", "0123456789"},
                {IDENTITY_CITIZEN, "440524188001010014", "0123456789X"},
                {IDENTITY_COMPANY, "91350100M000100Y43", "0123456789ABCDEFGHJKLMNPQRTUWXY"}};
    for (size_t g = 0; g < sizeof good / sizeof good[0]; g++)
        for (size_t at = 0; at < IDENTITY_NUMBER_LENGTH; at++) {
            char text[IDENTITY_NUMBER_LENGTH + 1];
            for (const char *c = good[g].alphabet; *c; c++) {
                strcpy(text, good[g].number);
                if (text[at] == *c)
                    continue;
                text[at] = *c;
                assert_non_null(read_it(good[g].kind, text));
            }
            strcpy(text, good[g].number);
            if (at == 0 || text[at] == text[at - 1])
                continue;
            char c = text[at];
            text[at] = text[at - 1];
            text[at - 1] = c;
            assert_non_null(read_it(good[g].kind, text));
        }
}

static void what_has_another_form_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "1",
                                      "11010519491231002",
                                      "11010519491231002X0",
                                      " 1010519491231002X",
                                      "1101051949123100-X",
                                      "X10105194912310021",
                                      "1101051949123100\xef\xbc\x92"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_non_null(read_it(IDENTITY_CITIZEN, bad[i]));
        assert_non_null(read_it(IDENTITY_COMPANY, bad[i]));
    }
    assert_non_null(read_it(IDENTITY_COMPANY, "9135010IM000100Y43"));
    assert_non_null(read_it(IDENTITY_COMPANY, "91350A00M000100Y43"));
    char out[IDENTITY_NUMBER_LENGTH];
    assert_non_null(identity_number_read(IDENTITY_COMPANY, STR("91350100M000100\0Y4"), NOW, out));
}

/* The check character as the standard computes it, so that only the rest of the number can be at fault. */
static const char *with_check(const char *seventeen)
{
    static char text[IDENTITY_NUMBER_LENGTH + 1];
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    strcpy(text, seventeen);
    for (size_t i = 0; i < 17; i++)
        sum += weights[i] * (text[i] - '0');
    text[17] = "10X98765432"[sum % 11];
    text[18] = '\0';
    return text;
}

static void a_day_that_never_was_is_no_birthday(void **state)
{
    (void)state;
    static const char *const bad[] = {"11010520230229001", "11010519000229001", "11010519991301001",
                                      "11010519990001001", "11010519990100001", "11010519990431001",
                                      "11010517991231001", "11010520270801001", "11010599991231001",
                                      "01010519990101001"};
    assert_null(read_it(IDENTITY_CITIZEN, with_check("11010520240229001")));
    assert_null(read_it(IDENTITY_CITIZEN, with_check("11010520000229001")));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_non_null(read_it(IDENTITY_CITIZEN, with_check(bad[i])));
}

static void what_is_wrong_is_said_without_the_number(void **state)
{
    (void)state;
    static const char *const bad[] = {"110105194912310021", "11010519491331002X", "123456789012345678"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const char *why = read_it(IDENTITY_CITIZEN, bad[i]);
        assert_non_null(why);
        assert_null(strstr(why, bad[i]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standards_own_numbers_are_taken),
        cmocka_unit_test(small_letters_are_taken_and_written_large),
        cmocka_unit_test(one_mistyped_character_is_noticed),
        cmocka_unit_test(what_has_another_form_is_refused),
        cmocka_unit_test(a_day_that_never_was_is_no_birthday),
        cmocka_unit_test(what_is_wrong_is_said_without_the_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
