#include "server/oauth/target.h"

#include "tests/unit/support/provider.h"

static void a_resource_is_an_absolute_uri_without_fragment(void **state)
{
    (void)state;
    assert_true(target_is_uri(STR("https://records.example/")));
    assert_true(target_is_uri(STR("urn:city:records")));
    static const char *const wrong[] = {
        "",           "records",      "/records",     ":x",           "https:",
        "1https://x", "https://x/#y", "https://x/ y", "https://x/\"", "ht tp://x"};
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_false(target_is_uri(str_of(wrong[i])));
}

static bool allowed(const char *client_id, const char *resource)
{
    struct applications *all = city->provider.applications;
    const struct application *app = applications_find(all, city->arena, str_of(client_id));
    assert_non_null(app);
    return target_is_allowed(all, city->arena, app, str_of(resource));
}

static void only_named_and_known_resources_are_allowed(void **state)
{
    (void)state;
    assert_true(allowed("portal", RECORDS));
    assert_true(allowed("records", RECORDS));
    assert_false(allowed("office", RECORDS));
    assert_false(allowed("portal", "https://records.example"));
    assert_false(allowed("portal", "https://else.example/"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resource_is_an_absolute_uri_without_fragment),
        cmocka_unit_test_setup_teardown(only_named_and_known_resources_are_allowed, city_begin, city_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
