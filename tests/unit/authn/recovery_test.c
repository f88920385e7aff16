#include "authn/account_parts.h"
#include "server/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct authn au;

static int setup(void **state)
{
    (void)state;
    au.recovery_key = secret_copy("0123456789abcdef0123456789abcdef", 32);
    return au.recovery_key ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    secret_free(au.recovery_key);
    return 0;
}

static void a_code_is_two_groups_of_five_unmistakable_characters(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    for (int i = 0; i < 200; i++) {
        struct str code = recovery_code_make(a);
        assert_int_equal(code.len, 11);
        assert_int_equal(code.p[5], '-');
        for (size_t c = 0; c < code.len; c++)
            assert_true(c == 5 || strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", code.p[c]));
    }
    arena_free(a);
}

static bool ascending(void *p, size_t len)
{
    for (size_t i = 0; i < len; i++)
        ((unsigned char *)p)[i] = (unsigned char)(i + 16);
    return true;
}

static bool failing(void *p, size_t len)
{
    (void)p;
    (void)len;
    return false;
}

static void it_comes_from_the_random_source_alone(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    random_replace(ascending);
    assert_true(str_eq(recovery_code_make(a), STR("GHJKM-NPQRS")));
    random_replace(failing);
    assert_int_equal(recovery_code_make(a).len, 0);
    random_replace(NULL);
    arena_free(a);
}

static void however_it_is_typed_it_is_the_same_code(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct str hash, same, uuid = STR("u-1");
    static const char *const spellings[] = {"01ABC-DEFGH", "01abcdefgh", " 0 1 a b c - d e f g h ",
                                            "OIABC-DEFGH", "oLabc-defgh"};
    assert_true(recovery_code_hash(&au, a, uuid, STR("01ABC-DEFGH"), &hash));
    assert_int_equal(hash.len, 43);
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
        assert_true(recovery_code_hash(&au, a, uuid, str_of(spellings[i]), &same));
        assert_true(str_eq(hash, same));
    }
    assert_true(recovery_code_hash(&au, a, STR("u-2"), STR("01ABC-DEFGH"), &same));
    assert_false(str_eq(hash, same));
    arena_free(a);
}

static void what_is_no_code_has_no_hash(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    struct str hash;
    static const char *const bad[] = {"",          "01ABC-DEFG", "01ABC-DEFGHJ", "01ABC-DEFGU", "01ABC_DEFGH",
                                      "----------"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(recovery_code_hash(&au, a, STR("u-1"), str_of(bad[i]), &hash));
    assert_false(recovery_code_hash(&au, a, STR("u-1"), STR("01ABC-DEF\0H"), &hash));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_two_groups_of_five_unmistakable_characters),
        cmocka_unit_test(it_comes_from_the_random_source_alone),
        cmocka_unit_test(however_it_is_typed_it_is_the_same_code),
        cmocka_unit_test(what_is_no_code_has_no_hash),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
