#include "directory/model/grammar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void names_are_short_words_without_separators(void **state)
{
    (void)state;
    static const char *const right[] = {"case", "a", "9", "_x", "case-file.v2", "A_b"};
    static const char *const wrong[] = {
        "",    "-a",  ".a",   "a b", "a:b",
        "a/b", "a=b", "案件", "a\n", "x234567890123456789012345678901234567890123456789012345678901234x"};
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++)
        assert_true(is_model_name(str_of(right[i])));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (is_model_name(str_of(wrong[i])))
            fail_msg("'%s' passes for a name", wrong[i]);
}

static void a_permission_says_what_it_needs(void **state)
{
    (void)state;
    struct permission p;
    assert_null(permission_read(STR("case:approve"), &p));
    assert_true(str_eq(p.resource_type, STR("case")) && str_eq(p.action, STR("approve")));
    assert_int_equal(p.level, AUTHN_NONE);
    assert_int_equal(p.identity_level, 0);
    assert_null(permission_read(STR("case:approve  identity=3 acr=high"), &p));
    assert_int_equal(p.level, AUTHN_HIGH);
    assert_int_equal(p.identity_level, 3);
}

static void a_permission_that_is_written_otherwise_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "case",
                                        "case:",
                                        ":approve",
                                        "case approve",
                                        "case:a:b",
                                        "case:a acr=mighty",
                                        "case:a acr=",
                                        "case:a identity=0",
                                        "case:a identity=6",
                                        "case:a identity=03",
                                        "case:a acr=low acr=high",
                                        "case:a identity=1 identity=2",
                                        "case:a level=2",
                                        "case:a extra"};
    struct permission p;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (!permission_read(str_of(wrong[i]), &p))
            fail_msg("'%s' passes for a permission", wrong[i]);
}

static void a_resource_type_says_where_owner_and_organisation_stand(void **state)
{
    (void)state;
    struct resource_type t;
    assert_null(resource_type_read(STR("case"), &t));
    assert_true(str_eq(t.owner_property, STR("owner")));
    assert_true(str_eq(t.organisation_property, STR("organisation")));
    assert_false(t.owner_is_mail);
    assert_null(resource_type_read(STR("case organisation=dept owner-is=mail owner=applicant"), &t));
    assert_true(str_eq(t.owner_property, STR("applicant")));
    assert_true(str_eq(t.organisation_property, STR("dept")));
    assert_true(t.owner_is_mail);
    static const char *const wrong[] = {"",
                                        "a:b",
                                        "case owner=",
                                        "case owner=a owner=b",
                                        "case x=y",
                                        "case owner-is=id",
                                        "case owner-is=sub owner-is=sub",
                                        "case organisation=a b"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (!resource_type_read(str_of(wrong[i]), &t))
            fail_msg("'%s' passes for a type", wrong[i]);
}

static void times_are_those_of_ldap(void **state)
{
    (void)state;
    int64_t t;
    assert_true(time_read(STR("19700101000000Z"), &t) && t == 0);
    assert_true(time_read(STR("20261125023000Z"), &t) && t == 1795573800);
    assert_true(time_read(STR("202611250230Z"), &t) && t == 1795573800);
    assert_true(time_read(STR("2026112502Z"), &t) && t == 1795572000);
    assert_true(time_read(STR("20280229120000Z"), &t));
    static const char *const wrong[] = {"",
                                        "20261125",
                                        "20261125023000",
                                        "20261125023000+0800",
                                        "20260229000000Z",
                                        "20261301000000Z",
                                        "20261125240000Z",
                                        "20261125023060Z",
                                        "2026112502300Z",
                                        "20261125023000.5Z",
                                        " 20261125023000Z",
                                        "20261125023000Zz",
                                        "Z"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (time_read(str_of(wrong[i]), &t))
            fail_msg("'%s' passes for a time", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_short_words_without_separators),
        cmocka_unit_test(a_permission_says_what_it_needs),
        cmocka_unit_test(a_permission_that_is_written_otherwise_is_refused),
        cmocka_unit_test(a_resource_type_says_where_owner_and_organisation_stand),
        cmocka_unit_test(times_are_those_of_ldap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
