#include "directory/dn.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static bool below(const char *dn, const char *base)
{
    struct arena *a = arena_new(1 << 16);
    bool is = dn_is_below(a, str_of(dn), str_of(base));
    arena_free(a);
    return is;
}

static void an_entry_stands_below_its_branch_however_it_is_written(void **state)
{
    (void)state;
    assert_true(below("uid=a,ou=staff,dc=city", "ou=staff,dc=city"));
    assert_true(below("uid=a, OU=Staff , DC=City", "ou=staff,dc=city"));
    assert_true(below("uid=a,ou=x,ou=staff,dc=city", "ou=staff,dc=city"));
}

static void a_neighbour_and_the_branch_itself_do_not(void **state)
{
    (void)state;
    assert_false(below("uid=a,ou=citizens,dc=city", "ou=staff,dc=city"));
    assert_false(below("ou=staff,dc=city", "ou=staff,dc=city"));
    assert_false(below("uid=a,xou=staff,dc=city", "ou=staff,dc=city"));
    assert_false(below("uid=a\\,ou=staff,dc=city", "ou=staff,dc=city"));
    assert_false(below("uid=a\\2Cou\\3Dstaff,dc=city", "ou=staff,dc=city"));
    assert_false(below("no dn", "dc=city"));
    assert_false(below("uid=a,dc=city", ""));
}

static void an_empty_relative_name_is_the_base(void **state)
{
    (void)state;
    struct arena *a = arena_new(1024);
    assert_true(str_eq(dn_join(a, STR_EMPTY, "dc=city"), STR("dc=city")));
    assert_true(str_eq(dn_join(a, STR("cn=a"), "dc=city"), STR("cn=a,dc=city")));
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_stands_below_its_branch_however_it_is_written),
        cmocka_unit_test(a_neighbour_and_the_branch_itself_do_not),
        cmocka_unit_test(an_empty_relative_name_is_the_base),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
