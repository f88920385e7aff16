#include "authn/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* RFC 6238, appendix B (SHA-1): the last six of its eight digits. */
static const struct {
    int64_t time;
    const char *code;
} vectors[] = {
    {59, "287082"},         {1111111109, "081804"}, {1111111111, "050471"},
    {1234567890, "005924"}, {2000000000, "279037"}, {20000000000, "353130"},
};
static const struct str rfc_seed = {"12345678901234567890", 20};

static void the_vectors_of_rfc_6238(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        uint64_t step = 0;
        assert_true(totp_match(rfc_seed, str_of(vectors[i].code), vectors[i].time, &step));
        assert_int_equal(step, vectors[i].time / 30);
    }
}

static void one_step_either_side_and_no_more(void **state)
{
    (void)state;
    uint64_t step = 0;
    int64_t at = 1234567890 / 30 * 30;
    struct str code = STR("005924");
    assert_false(totp_match(rfc_seed, code, at - 31, &step));
    assert_true(totp_match(rfc_seed, code, at - 30, &step));
    assert_int_equal(step, at / 30);
    assert_true(totp_match(rfc_seed, code, at + 29, &step));
    assert_true(totp_match(rfc_seed, code, at + 59, &step));
    assert_int_equal(step, at / 30);
    assert_false(totp_match(rfc_seed, code, at + 60, &step));
}

static void spaces_and_dashes_are_taken_and_nothing_else(void **state)
{
    (void)state;
    uint64_t step;
    static const char *const good[] = {"287082", "287 082", "287-082", " 2 8 7 0 8 2 "};
    static const char *const bad[] = {"",        "28708",    "2870820", "287082x",  "28708a", "+87082",
                                      "287.082", "94287082", "      ",  "287082\n", "-28708"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(totp_match(rfc_seed, str_of(good[i]), 59, &step));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(totp_match(rfc_seed, str_of(bad[i]), 59, &step));
    assert_false(totp_match(rfc_seed, STR("287082\0"), 59, &step));
    assert_false(totp_match(STR_EMPTY, STR("287082"), 59, &step));
}

static void base32_as_people_type_it(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct str seed;
    assert_true(str_eq(totp_base32(a, rfc_seed), STR("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")));
    assert_true(totp_from_base32(a, STR("gezd gnbv gy3t qojq gezd gnbv gy3t qojq"), &seed));
    assert_true(str_eq(seed, rfc_seed));
    assert_false(totp_from_base32(a, STR_EMPTY, &seed));
    assert_false(totp_from_base32(a, STR("GEZDGNBV"), &seed));
    assert_false(totp_from_base32(a, STR("1EZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), &seed));
    assert_true(totp_base32(a, STR_EMPTY).len == 0);
    arena_free(a);
}

static void a_new_seed_is_twenty_random_bytes(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct str one, two, back;
    assert_true(totp_seed_make(a, &one));
    assert_true(totp_seed_make(a, &two));
    assert_int_equal(one.len, TOTP_SEED_SIZE);
    assert_false(str_eq(one, two));
    assert_true(totp_from_base32(a, totp_base32(a, one), &back));
    assert_true(str_eq(one, back));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_vectors_of_rfc_6238),
        cmocka_unit_test(one_step_either_side_and_no_more),
        cmocka_unit_test(spaces_and_dashes_are_taken_and_nothing_else),
        cmocka_unit_test(base32_as_people_type_it),
        cmocka_unit_test(a_new_seed_is_twenty_random_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
