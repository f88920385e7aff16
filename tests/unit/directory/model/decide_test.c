#include "tests/unit/directory/model/city.h"

static enum decision_reason may(const char *uid, const char *organisations, const char *action)
{
    struct subject s = city_person(uid, organisations);
    return city_answer(city_question(&s, action));
}

static void the_holder_of_a_role_may_what_it_holds(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    assert_int_equal(may("clara", "330102/D0077", "file"), REASON_ALLOWED);
    assert_int_equal(may("clara", "330102/D0077", "approve"), REASON_NO_ROLE);
    assert_int_equal(may("nobody", "", "read"), REASON_NO_ROLE);
}

static void a_group_within_a_group_hands_its_roles_down(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    assert_int_equal(may("heidi", "330102", "approve"), REASON_ALLOWED);
    struct subject heidi = city_person("heidi", "330102");
    struct evaluation q = city_question(&heidi, "approve");
    struct decision d;
    model_decide(city_model, &q, &d);
    assert_true(str_eq(d.holder, STR("posts/approver")));
    assert_true(str_eq(d.role, STR("approver")));
    assert_int_equal(d.scope, SCOPE_DEPARTMENT_AND_BELOW);
}

static void circles_of_groups_are_harmless(void **state)
{
    (void)state;
    city_furnish();
    city_put("cn=head,ou=posts\nobjectClass: groupOfNames\nmember: uid=heidi,ou=staff,@\n"
             "member: cn=approver,ou=posts,@\nmember: cn=head,ou=posts,@\n");
    city_compile();
    assert_int_equal(may("heidi", "330102", "approve"), REASON_ALLOWED);
    assert_int_equal(may("anna", "330102", "approve"), REASON_ALLOWED);
    assert_int_equal(may("clara", "330102", "approve"), REASON_NO_ROLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(the_holder_of_a_role_may_what_it_holds),
        CITY_TEST(a_group_within_a_group_hands_its_roles_down),
        CITY_TEST(circles_of_groups_are_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
