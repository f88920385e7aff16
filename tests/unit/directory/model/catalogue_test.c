#include "tests/unit/directory/model/city.h"

static void organisations_form_a_tree(void **state)
{
    (void)state;
    const struct organisation *const *list;
    size_t n;
    city_furnish();
    city_compile();
    const struct organisation *o = model_organisation(city_model, STR("330102/D0412"));
    assert_true(str_eq(o->parent, STR("330102")));
    assert_true(str_eq(o->name, STR("住建局")) && str_eq(o->name_en, STR("住建局")));
    assert_true(str_eq(model_organisation(city_model, STR("330102"))->name_en, STR("Upper Town")));
    assert_ptr_equal(model_organisation_of_dn(city_model, STR("OU=d0412, ou=330102,ou=orgs," CITY_DN)), o);
    assert_null(model_organisation_of_dn(city_model, STR("cn=clerk,ou=posts," CITY_DN)));
    assert_true(model_organisations_below(city_model, city_arena, STR_EMPTY, &list, &n));
    assert_int_equal(n, 2);
    assert_true(str_eq(list[0]->path, STR("330102")) && str_eq(list[1]->path, STR("330106")));
    assert_true(model_organisations_below(city_model, city_arena, STR("330102"), &list, &n));
    assert_int_equal(n, 2);
    assert_true(model_organisations_below(city_model, city_arena, STR("330106"), &list, &n));
    assert_int_equal(n, 0);
}

static void below_is_told_by_whole_names(void **state)
{
    (void)state;
    city_compile();
    assert_true(model_is_below(city_model, STR("330102"), STR("330102")));
    assert_true(model_is_below(city_model, STR("330102/D0412/X"), STR("330102")));
    assert_false(model_is_below(city_model, STR("3301020"), STR("330102")));
    assert_false(model_is_below(city_model, STR("330102"), STR("330102/D0412")));
    assert_false(model_is_below(city_model, STR("330102"), STR_EMPTY));
}

static void roles_and_permissions_come_by_name(void **state)
{
    (void)state;
    const struct role *const *roles;
    const struct permission *permissions;
    city_furnish();
    city_compile();
    assert_int_equal(model_roles(city_model, STR("permits"), &roles), 2);
    assert_true(str_eq(roles[0]->name, STR("approver")) && str_eq(roles[1]->name, STR("clerk")));
    assert_true(str_eq(roles[0]->excludes.v[0], STR("permits/clerk")));
    assert_int_equal(roles[0]->assignment_count, 1);
    assert_true(str_eq(roles[0]->assignments[0].name, STR("posts")));
    assert_int_equal(roles[1]->assignments[0].name.len, 0);
    assert_int_equal(model_roles(city_model, STR("other"), &roles), 0);
    assert_int_equal(model_roles(city_model, STR_EMPTY, &roles), 6);
    assert_true(str_eq(roles[0]->client_id, STR("onedoor")));
    assert_int_equal(model_permissions(city_model, STR("permits"), &permissions), 3);
    assert_true(str_eq(permissions[0].action, STR("approve")));
    assert_int_equal(model_permissions(city_model, STR("other"), &permissions), 0);
    assert_null(model_role(city_model, STR("permits"), STR("chief")));
    assert_true(str_eq(model_resource_type(city_model, STR("permits"), STR("case"))->owner_property,
                       STR("applicant")));
    assert_null(model_resource_type(city_model, STR("permits"), STR("file")));
}

static void resources_come_by_id_and_type(void **state)
{
    (void)state;
    static const char *const items[][2] = {{"2", "case"}, {"1", "case"}, {"1", "file"}, {"3", "case"}};
    const struct resource_item *const *list;
    city_furnish();
    for (size_t i = 0; i < 4; i++)
        city_put(arena_printf(city_arena,
                              "cn=%s,ou=%s,ou=resources,ou=registry\nobjectClass: onedoorResourceItem\n"
                              "onedoorClientId: permits\nonedoorResourceType: %s\nonedoorOwner: o%s\n",
                              items[i][0], items[i][1], items[i][1], items[i][0])
                     .p);
    city_compile();
    assert_int_equal(model_resources(city_model, STR("permits"), STR("case"), &list), 3);
    assert_true(str_eq(list[0]->id, STR("1")) && str_eq(list[2]->owner, STR("o3")));
    assert_int_equal(model_resources(city_model, STR("permits"), STR("file"), &list), 1);
    assert_int_equal(model_resources(city_model, STR("permits"), STR("desk"), &list), 0);
    assert_int_equal(model_resources(city_model, STR("other"), STR("case"), &list), 0);
}

static void groups_come_by_path(void **state)
{
    (void)state;
    const struct group *const *list;
    city_furnish();
    city_compile();
    assert_int_equal(model_group_list(city_model, &list), 3);
    assert_true(str_eq(list[0]->path, STR("posts/approver")));
    assert_ptr_equal(model_group(city_model, STR("CN=approver,OU=posts," CITY_DN)), list[0]);
    assert_int_equal(list[0]->members.n, 2);
    assert_null(model_group(city_model, STR("cn=nobody,ou=posts," CITY_DN)));
}

static void the_size_is_stated(void **state)
{
    (void)state;
    city_furnish();
    city_compile();
    struct model_size s = model_size(city_model);
    assert_int_equal(s.organisations, 4);
    assert_int_equal(s.memberships, 4);
    assert_int_equal(s.assignments, 2);
    assert_int_equal(s.applications, 2);
    assert_true(s.bytes > 1000 && s.bytes < 1 << 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CITY_TEST(organisations_form_a_tree),
        CITY_TEST(below_is_told_by_whole_names),
        CITY_TEST(roles_and_permissions_come_by_name),
        CITY_TEST(resources_come_by_id_and_type),
        CITY_TEST(groups_come_by_path),
        CITY_TEST(the_size_is_stated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
