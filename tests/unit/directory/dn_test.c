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
    assert_true(below("uid=a b,ou=Staff,dc=city", "ou=staff , dc=city"));
    assert_true(below("2.5.4.3=a,ou=staff,dc=city", "ou=staff,dc=city"));
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
    assert_false(below("uid=,dc=city", "dc=city,"));
    assert_false(below("uid=a,,dc=city", "dc=city"));
    assert_false(below("1=a,dc=city,", "dc=city"));
    assert_false(below("uid=a=b\"c,dc=city", "dc=city"));
    struct arena *a = arena_new(1024);
    assert_false(dn_is_below(a, (struct str){"uid=a\0,dc=city", 15}, STR("dc=city")));
    arena_free(a);
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

static void assert_path(const char *dn, const char *base, const char *path)
{
    struct arena *a = arena_new(1 << 16);
    struct str is = dn_path(a, str_of(dn), str_of(base));
    if (!str_eq(is, str_of(path)))
        fail_msg("the path of '%s' is '" STR_FMT "'", dn, STR_ARG(is));
    arena_free(a);
}

static void a_path_names_what_lies_between_from_the_top(void **state)
{
    (void)state;
    assert_path("ou=D0412,ou=330102,ou=orgs,dc=city", "ou=orgs,dc=city", "330102/D0412");
    assert_path("OU=D0412, ou=330102,ou=Orgs,dc=city", "ou=orgs,DC=city", "330102/D0412");
    assert_path("ou=a\\,b,ou=orgs,dc=city", "ou=orgs,dc=city", "a,b");
    assert_path("ou=orgs,dc=city", "ou=orgs,dc=city", "");
    assert_path("ou=330102,ou=units,dc=city", "ou=orgs,dc=city", "");
    assert_path("ou=a/b,ou=orgs,dc=city", "ou=orgs,dc=city", "");
    assert_path("no dn", "ou=orgs,dc=city", "");
}

static void the_first_value_is_the_entrys_own_name(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    assert_true(str_eq(dn_first_value(a, STR("cn=a\\,b,ou=posts,dc=city")), STR("a,b")));
    assert_int_equal(dn_first_value(a, STR("no dn")).len, 0);
    assert_int_equal(dn_first_value(a, STR("")).len, 0);
    arena_free(a);
}

static void the_same_entry_is_written_in_many_ways(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 16);
    assert_true(dn_is_same(a, STR("OU=Staff, DC=City"), STR("ou=staff,dc=city")));
    assert_false(dn_is_same(a, STR("ou=staff,dc=city"), STR("dc=city")));
    assert_false(dn_is_same(a, STR("no dn"), STR("no dn")));
    assert_false(dn_is_same(a, STR_EMPTY, STR_EMPTY));
    arena_free(a);
}

static void two_entries_share_the_nearest_above(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"ou=groups,dc=city", "ou=orgs,dc=city", "dc=city"},
        {"dc=city", "ou=orgs,dc=city", "dc=city"},
        {"ou=orgs,dc=city", "DC=City", "dc=city"},
        {"cn=a\\,b,ou=x,dc=city", "ou=y,ou=x,dc=city", "ou=x,dc=city"},
        {"ou=x,dc=city", "ou=x,dc=city", "ou=x,dc=city"},
        {"dc=city", "dc=town", ""},
    };
    struct arena *a = arena_new(1 << 16);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str common = dn_common(a, str_of(rows[i][0]), str_of(rows[i][1]));
        if (!str_eq_nocase(common, str_of(rows[i][2])))
            fail_msg("%s and %s share " STR_FMT, rows[i][0], rows[i][1], STR_ARG(common));
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_stands_below_its_branch_however_it_is_written),
        cmocka_unit_test(a_neighbour_and_the_branch_itself_do_not),
        cmocka_unit_test(an_empty_relative_name_is_the_base),
        cmocka_unit_test(a_path_names_what_lies_between_from_the_top),
        cmocka_unit_test(the_first_value_is_the_entrys_own_name),
        cmocka_unit_test(the_same_entry_is_written_in_many_ways),
        cmocka_unit_test(two_entries_share_the_nearest_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
