#include "directory/model/scope.h"

#include "directory/model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void words_and_scopes_belong_together(void **state)
{
    (void)state;
    for (int s = SCOPE_SELF; s <= SCOPE_ALL; s++)
        assert_int_equal(scope_of_word(str_of(scope_word((enum data_scope)s))), s);
    assert_int_equal(scope_of_word(STR("everything")), SCOPE_NONE);
    assert_int_equal(scope_of_word(STR("")), SCOPE_NONE);
    assert_string_equal(scope_word(SCOPE_NONE), "");
    assert_true(SCOPE_SELF < SCOPE_DEPARTMENT && SCOPE_LISTED_AND_BELOW < SCOPE_ALL);
}

static void every_reason_has_a_code_of_its_own_and_words(void **state)
{
    (void)state;
    for (int i = 0; i < REASON_COUNT; i++) {
        assert_true(reason_text((enum decision_reason)i)[0] != 0);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(reason_code((enum decision_reason)i),
                                    reason_code((enum decision_reason)j));
    }
    assert_string_equal(reason_code(REASON_ALLOWED), "P-00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_scopes_belong_together),
        cmocka_unit_test(every_reason_has_a_code_of_its_own_and_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
