#include "server/base/result.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_result_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = RESULT_OK; i <= RESULT_INTERNAL; i++) {
        assert_string_not_equal(result_name((enum result)i), "unknown");
        for (int j = RESULT_OK; j < i; j++)
            assert_string_not_equal(result_name((enum result)i), result_name((enum result)j));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_result_has_a_name_of_its_own)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
