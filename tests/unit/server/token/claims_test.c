#include "server/token/claims.h"

#include "tests/unit/support/provider.h"

static json_t *released(const char *scope)
{
    struct person p = {.display_name = STR("Li Wei"),
                       .given_name = STR("Wei"),
                       .family_name = STR("Li"),
                       .mail = STR("li@city.example"),
                       .mobile = STR("+8613800000000")};
    json_t *out = json_new(city->arena);
    claims_for_scope(&p, str_of(scope), out);
    return out;
}

static void each_scope_releases_its_own_and_no_more(void **state)
{
    (void)state;
    static const struct {
        const char *scope;
        size_t claims;
        const char *one;
    } rows[] = {
        {"openid", 0, NULL},
        {"profile", 3, "name"},
        {"email", 1, "email"},
        {"phone", 1, "phone_number"},
        {"organisation groups roles", 0, NULL}, /* the permission model's: see rights_test.c */
        {"", 0, NULL},
        {"offline_access", 0, NULL},
        {"profiles email2", 0, NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        json_t *out = released(rows[i].scope);
        assert_int_equal(json_object_size(out), rows[i].claims);
        if (rows[i].one)
            assert_non_null(json_object_get(out, rows[i].one));
    }
}

static void what_discovery_names_is_what_is_released(void **state)
{
    (void)state;
    json_t *named = json_array(), *all = released(claims_scopes_supported().p), *value;
    const char *name;
    claims_supported(named);
    json_t *object = json_new(city->arena);
    json_object_set_new(object, "named", named);
    json_object_foreach(all, name, value)
    {
        assert_true(json_holds(object, "named", str_of(name)));
    }
}

static void levels_come_from_the_settings(void **state)
{
    (void)state;
    assert_int_equal(identity_level(&city->provider, STR("staff")), 4);
    assert_int_equal(identity_level(&city->provider, STR("citizen")), 3);
    assert_int_equal(identity_level(&city->provider, STR("guest")), 0);
    assert_int_equal(identity_level(&city->provider, STR_EMPTY), 0);
    assert_int_equal(identity_level_of(&city->provider, STR("staff"), 2), 2);
    assert_int_equal(identity_level_of(&city->provider, STR("staff"), 0), 4);
    city->provider.config.identity_levels = STR("staff= staff=x =5 staff=2");
    assert_int_equal(identity_level(&city->provider, STR("staff")), 2);
    assert_int_equal(identity_level(&city->provider, STR_EMPTY), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(each_scope_releases_its_own_and_no_more),
        TEST(what_discovery_names_is_what_is_released),
        TEST(levels_come_from_the_settings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
