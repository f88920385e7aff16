#include "directory/model/dn_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct dn_key key(const char *dn)
{
    struct dn_key k;
    if (!dn_key_of(str_of(dn), &k))
        fail_msg("'%s' gives no key", dn);
    return k;
}

static bool same(const char *a, const char *b)
{
    struct dn_key ka = key(a), kb = key(b);
    return dn_key_eq(&ka, &kb);
}

static void all_ways_of_writing_a_name_give_one_key(void **state)
{
    (void)state;
    static const char *const ways[] = {
        "uid=li lei,ou=staff,dc=city",          "UID=Li Lei,OU=Staff,DC=CITY",
        " uid = li  lei , ou=staff , dc=city ", "uid=li\\20lei,ou=staff,dc=city",
        "uid=\\6Ci lei,ou=\\73taff,dc=city",
    };
    for (size_t i = 1; i < sizeof ways / sizeof ways[0]; i++)
        assert_true(same(ways[0], ways[i]));
    assert_true(same("cn=a\\,b,dc=city", "cn=a\\2Cb,dc=city"));
    assert_true(same("cn=a+uid=b,dc=city", "UID=b+cn=a,dc=city"));
    assert_true(same("cn=审批人,dc=city", "cn=\\E5\\AE\\A1\\E6\\89\\B9\\E4\\BA\\BA,dc=city"));
}

static void other_names_give_other_keys(void **state)
{
    (void)state;
    static const char *const others[][2] = {
        {"cn=a,dc=city", "cn=b,dc=city"},
        {"cn=a,dc=city", "uid=a,dc=city"},
        {"cn=a,dc=city", "cn=a,dc=town"},
        {"cn=a,dc=city", "cn=a,ou=x,dc=city"},
        {"cn=a\\,ou=x,dc=city", "cn=a,ou=x,dc=city"},
        {"cn=a\\+ou=x,dc=city", "cn=a+ou=x,dc=city"},
        {"cn=a\\=b,dc=city", "cn=ab,dc=city"},
        {"cn=\\#04024869,dc=city", "cn=#04024869,dc=city"},
        {"cn=a\\\\,dc=city", "cn=a,dc=city"},
        {"cn=ab,dc=city", "cn=a b,dc=city"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (same(others[i][0], others[i][1]))
            fail_msg("'%s' and '%s' give one key", others[i][0], others[i][1]);
}

static void what_is_no_name_gives_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",   "no dn", "=a,dc=city", "cn=a,", "cn=a,,dc=city",
                                        "cn", ",",     "cn=a,b"};
    struct dn_key k;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (dn_key_of(str_of(wrong[i]), &k))
            fail_msg("'%s' gives a key", wrong[i]);
    assert_false(dn_key_of((struct str){"cn=a\0b", 6}, &k));
}

static void a_long_name_has_a_key_as_well(void **state)
{
    (void)state;
    char a[2100] = "cn=", b[2100] = "CN=";
    memset(a + 3, 'x', 2000);
    memset(b + 3, 'X', 2000);
    assert_true(same(a, b));
    b[1999] = 'y';
    assert_false(same(a, b));
}

static void the_parent_is_what_stands_above(void **state)
{
    (void)state;
    struct dn_key parent, above = key("cn=approver,ou=roles,dc=city");
    assert_true(dn_key_of_parent(STR("cn=posts,cn=Approver,ou=roles,dc=city"), &parent));
    assert_true(dn_key_eq(&parent, &above));
    assert_true(dn_key_of_parent(STR("cn=a\\,b,cn=Approver,ou=roles,dc=city"), &parent));
    assert_true(dn_key_eq(&parent, &above));
    assert_false(dn_key_of_parent(STR("dc=city"), &parent));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_of_writing_a_name_give_one_key),
        cmocka_unit_test(other_names_give_other_keys),
        cmocka_unit_test(what_is_no_name_gives_none),
        cmocka_unit_test(a_long_name_has_a_key_as_well),
        cmocka_unit_test(the_parent_is_what_stands_above),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
