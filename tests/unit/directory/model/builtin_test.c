#include "directory/model/builtin.h"

#include "directory/model/grammar.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void permissions_are_written_as_the_registry_writes_them(void **state)
{
    (void)state;
    for (size_t i = 0; builtin_permissions[i]; i++) {
        struct permission p;
        assert_null(permission_read(str_of(builtin_permissions[i]), &p));
        assert_int_equal(p.level, AUTHN_SUBSTANTIAL);
    }
}

static bool is_declared(struct str permission)
{
    bool found = false;
    for (size_t i = 0; builtin_permissions[i]; i++) {
        struct permission p;
        assert_null(permission_read(str_of(builtin_permissions[i]), &p));
        struct str name = {p.resource_type.p, p.resource_type.len + 1 + p.action.len};
        found |= str_eq(permission, name);
    }
    return found;
}

static void roles_consist_of_declared_permissions(void **state)
{
    (void)state;
    for (size_t i = 0; i < builtin_role_count; i++) {
        struct str list = str_of(builtin_roles[i].permissions), word;
        assert_true(is_model_name(str_of(builtin_roles[i].name)));
        while (str_word(&list, &word))
            assert_true(is_declared(word));
    }
}

static void exclusions_name_roles_and_are_mutual(void **state)
{
    (void)state;
    for (size_t i = 0; i < builtin_role_count; i++) {
        struct str list = str_of(builtin_roles[i].excludes), word;
        while (str_word(&list, &word)) {
            assert_non_null(builtin_role(word));
            assert_true(str_has_word(str_of(builtin_role(word)->excludes), str_of(builtin_roles[i].name)));
        }
    }
}

static void the_three_powers_are_apart(void **state)
{
    (void)state;
    static const char *const three[] = {"system-administrator", "security-administrator",
                                        "audit-administrator"};
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) {
            const struct builtin_role *role = builtin_role(str_of(three[i]));
            assert_non_null(role);
            assert_true(i == j || str_has_word(str_of(role->excludes), str_of(three[j])));
        }
    assert_false(
        str_has_word(str_of(builtin_role(STR("system-administrator"))->permissions), STR("role:assign")));
    assert_false(str_has_word(str_of(builtin_role(STR("security-administrator"))->permissions),
                              STR("application:write")));
    assert_string_equal(builtin_role(STR("audit-administrator"))->permissions, "audit:read change:read");
}

static void only_its_own_name_is_taken(void **state)
{
    (void)state;
    assert_true(is_builtin_application(STR("onedoor")) && is_builtin_application(STR("OneDoor")));
    assert_false(is_builtin_application(STR("onedoor2")));
    assert_false(is_builtin_application(STR_EMPTY));
    assert_null(builtin_role(STR("root")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(permissions_are_written_as_the_registry_writes_them),
        cmocka_unit_test(roles_consist_of_declared_permissions),
        cmocka_unit_test(exclusions_name_roles_and_are_mutual),
        cmocka_unit_test(the_three_powers_are_apart),
        cmocka_unit_test(only_its_own_name_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
