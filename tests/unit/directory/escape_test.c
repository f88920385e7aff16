#include "directory/directory.h"

#include <ldap.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct pair {
    struct str in, out;
};

static void assert_escaped(struct str (*escape)(struct arena *, struct str), const struct pair *pairs,
                           size_t n)
{
    struct arena *a = arena_new(1 << 16);
    for (size_t i = 0; i < n; i++) {
        struct str out = escape(a, pairs[i].in);
        assert_int_equal(out.len, pairs[i].out.len);
        assert_memory_equal(out.p, pairs[i].out.p, out.len);
    }
    arena_free(a);
}

static void a_filter_value_cannot_leave_its_place(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {STR("li.na"), STR("li.na")},
        {STR("*"), STR("\\2a")},
        {STR("*)(uid=*"), STR("\\2a\\29\\28uid=\\2a")},
        {STR("a\\2a"), STR("a\\5c2a")},
        {STR("a\0b"), STR("a\\00b")},
        {STR("\xe6\x98\x9f"), STR("\\e6\\98\\9f")},
        {STR("\x7f\n"), STR("\\7f\\0a")},
        {STR(",=+\"<>;# |&!"), STR(",=+\"<>;# |&!")},
    };
    assert_escaped(filter_escape, pairs, sizeof pairs / sizeof *pairs);
}

static void a_name_cannot_become_two_names(void **state)
{
    (void)state;
    static const struct pair pairs[] = {
        {STR("portal"), STR("portal")},
        {STR("a,ou=b"), STR("a\\2cou\\3db")},
        {STR("a+b"), STR("a\\2bb")},
        {STR("\"<>;\\"), STR("\\22\\3c\\3e\\3b\\5c")},
        {STR("#a#"), STR("\\23a#")},
        {STR(" a b "), STR("\\20a b\\20")},
        {STR(" "), STR("\\20")},
        {STR("a\0b"), STR("a\\00b")},
        {STR("\xe6\x98\x9f"), STR("\xe6\x98\x9f")},
    };
    assert_escaped(dn_escape, pairs, sizeof pairs / sizeof *pairs);
}

/* libldap reads an escaped name back as one RDN with the value that went in. */
static void libldap_reads_an_escaped_name_as_it_was(void **state)
{
    (void)state;
    static const struct str values[] = {STR("*)(uid=*"), STR(",=+\"\\<>;#"),  STR(" edge "),
                                        STR("#"),        STR("\xe6\x98\x9f"), STR("a\nb")};
    struct arena *a = arena_new(1 << 16);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct str escaped = dn_escape(a, values[i]);
        struct str dn = arena_printf(a, "cn=" STR_FMT ",dc=city", STR_ARG(escaped));
        LDAPDN parsed = NULL;
        assert_int_equal(ldap_str2dn(dn.p, &parsed, LDAP_DN_FORMAT_LDAPV3), LDAP_SUCCESS);
        assert_non_null(parsed[0]);
        assert_non_null(parsed[1]);
        assert_null(parsed[2]);
        assert_int_equal(parsed[0][0]->la_value.bv_len, values[i].len);
        assert_memory_equal(parsed[0][0]->la_value.bv_val, values[i].p, values[i].len);
        ldap_dnfree(parsed);
    }
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_filter_value_cannot_leave_its_place),
        cmocka_unit_test(a_name_cannot_become_two_names),
        cmocka_unit_test(libldap_reads_an_escaped_name_as_it_was),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
