#include "tests/unit/certs/fixture.h"

static void names_are_exactly_those_of_rfc_7518(void **state)
{
    (void)state;
    enum jws_alg alg;
    assert_true(jws_alg_parse(STR("ES256"), &alg) && alg == JWS_ES256);
    assert_true(jws_alg_parse(STR("RS256"), &alg) && alg == JWS_RS256);
    assert_string_equal(jws_alg_name(JWS_ES256), "ES256");
    assert_string_equal(jws_alg_name(JWS_RS256), "RS256");
}

static void no_other_spelling_is_an_algorithm(void **state)
{
    (void)state;
    enum jws_alg alg;
    static const char *const others[] = {"",       "none",  "None",  "nOnE", "es256",
                                         "ES256 ", "ES384", "HS256", "PS256"};
    for (size_t i = 0; i < COUNT(others); i++)
        assert_false(jws_alg_parse(str_of(others[i]), &alg));
    assert_false(jws_alg_parse((struct str){"ES256\0", 6}, &alg));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_exactly_those_of_rfc_7518),
        cmocka_unit_test(no_other_spelling_is_an_algorithm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
