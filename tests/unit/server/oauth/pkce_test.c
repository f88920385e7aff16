#include "server/oauth/pkce.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define VERIFIER  STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
#define CHALLENGE STR("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")

static struct arena *a;

static int begin(void **state)
{
    (void)state;
    a = arena_new(1 << 20);
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static void rfc_7636_appendix_b_fits(void **state)
{
    (void)state;
    assert_true(pkce_fits(a, VERIFIER, CHALLENGE));
}

static void another_verifier_or_none_does_not_fit(void **state)
{
    (void)state;
    assert_false(pkce_fits(a, STR("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK"), CHALLENGE));
    assert_false(pkce_fits(a, STR_EMPTY, CHALLENGE));
    assert_false(pkce_fits(a, VERIFIER, STR_EMPTY));
    assert_false(pkce_fits(a, CHALLENGE, CHALLENGE));
}

static void verifiers_are_43_to_128_unreserved_characters(void **state)
{
    (void)state;
    char long_enough[129];
    memset(long_enough, 'a', sizeof long_enough);
    struct str least = {long_enough, 43}, most = {long_enough, 128};
    assert_true(pkce_fits(a, least, STR("ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA")));
    assert_true(pkce_fits(a, most, STR("aDbPE7rEAOkQUHHNavRwhN-srU5eMCyUv-0k4BOvtz4")));
    assert_false(
        pkce_fits(a, (struct str){long_enough, 42}, STR("elOGB_2quSlplZKfRRVlu7gULhhEEXMiqv0rPXawGv8")));
    assert_false(
        pkce_fits(a, (struct str){long_enough, 129}, STR("wSywJKLlVRzKDgj86PHF4xRVXMP-9jKe6ZSj23UhZq4")));
    long_enough[0] = ' ';
    assert_false(pkce_fits(a, most, STR("DnwuIw5D1C2rbSh-E0rPB-5nqHGtYvanJ33U5GrRMVI")));
}

static void challenges_are_32_bytes_in_their_one_spelling(void **state)
{
    (void)state;
    assert_true(pkce_is_challenge(a, CHALLENGE));
    static const char *const wrong[] = {
        "",
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c",   /* 42 */
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMA", /* 44 */
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", /* padded */
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM",  /* base64 */
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN",  /* unused bits set */
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw cM",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(pkce_is_challenge(a, str_of(wrong[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rfc_7636_appendix_b_fits, begin, end),
        cmocka_unit_test_setup_teardown(another_verifier_or_none_does_not_fit, begin, end),
        cmocka_unit_test_setup_teardown(verifiers_are_43_to_128_unreserved_characters, begin, end),
        cmocka_unit_test_setup_teardown(challenges_are_32_bytes_in_their_one_spelling, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
