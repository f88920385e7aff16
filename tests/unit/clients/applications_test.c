/* Applications out of somebody else's reading of the registry, over a real slapd. */
#include "clients/applications.h"

#include "tests/unit/authn/world.h"
#include "tests/unit/clients/entry_support.h"

#define BRANCH "ou=applications,ou=registry,dc=city,dc=example"

static struct applications *all;

static int begin(void **state)
{
    if (setup(state) != 0)
        return -1;
    all = applications_new(world.directory);
    return 0;
}

static int end(void **state)
{
    applications_free(all);
    return teardown(state);
}

static struct entry at(const char *dn, const char *id, const char *name)
{
    struct entry e = entry_of(world.a, id,
                              PAIRS("onedoorRedirectUri", "https://a.example/cb", "displayName", name,
                                    "entryUUID", "7c5a3f5e-0000-4000-8000-000000000000"));
    e.dn = str_of(dn);
    return e;
}

static void hand_over(const struct entry *v, size_t n)
{
    assert_int_equal(applications_read_begin(all), RESULT_OK);
    for (size_t i = 0; i < n; i++)
        applications_read_entry(all, &v[i]);
}

static bool is_there(const char *id)
{
    struct arena *a = arena_new(1 << 16);
    bool there = applications_find(all, a, str_of(id)) != NULL;
    arena_free(a);
    return there;
}

static void what_was_handed_over_is_there_at_the_end(void **state)
{
    (void)state;
    const struct entry v[] = {
        at("onedoorClientId=one,ou=Applications, ou=registry,dc=city,dc=example", "one", "One"),
        at("onedoorClientId=two," BRANCH, "two", "Two"),
        at("onedoorClientId=below,onedoorClientId=one," BRANCH, "below", "Below"),
        at("onedoorClientId=elsewhere,ou=roles,ou=registry,dc=city,dc=example", "elsewhere", "Elsewhere")};
    hand_over(v, 4);
    assert_false(applications_loaded(all));
    assert_false(is_there("one"));
    assert_int_equal(applications_read_end(all), RESULT_OK);
    assert_true(applications_loaded(all));
    assert_true(is_there("one") && is_there("two"));
    assert_false(is_there("below") || is_there("elsewhere"));
}

static void a_reading_that_broke_off_leaves_nothing(void **state)
{
    (void)state;
    const struct entry v[] = {at("onedoorClientId=one," BRANCH, "one", "One"),
                              at("onedoorClientId=two," BRANCH, "two", "Two")};
    hand_over(&v[0], 1);
    hand_over(&v[1], 1);
    assert_int_equal(applications_read_end(all), RESULT_OK);
    assert_false(is_there("one"));
    assert_true(is_there("two"));
    hand_over(&v[0], 1);
}

static void a_broken_entry_takes_no_other_down(void **state)
{
    (void)state;
    struct entry v[] = {at("onedoorClientId=broken," BRANCH, "broken", "Broken"),
                        at("onedoorClientId=two," BRANCH, "two", "Two")};
    entry_put(world.a, &v[0], "onedoorRedirectUri", "https://*.example/");
    hand_over(v, 2);
    assert_int_equal(applications_read_end(all), RESULT_OK);
    assert_false(is_there("broken"));
    assert_true(is_there("two"));
}

/* No entry may mean that there is no branch; then the directory is asked. */
static void nothing_handed_over_is_looked_at_twice(void **state)
{
    (void)state;
    hand_over(NULL, 0);
    assert_int_equal(applications_read_end(all), RESULT_OK);
    assert_true(applications_loaded(all));
    struct directory_config c = *directory_config(world.directory);
    c.registry_base = "ou=nowhere,dc=city,dc=example";
    struct directory *d = directory_new(&c);
    struct applications *none = applications_new(d);
    assert_int_equal(applications_read_begin(none), RESULT_OK);
    assert_int_equal(applications_read_end(none), RESULT_NOT_FOUND);
    assert_false(applications_loaded(none));
    applications_free(none);
    directory_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_handed_over_is_there_at_the_end, begin, end),
        cmocka_unit_test_setup_teardown(a_reading_that_broke_off_leaves_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_broken_entry_takes_no_other_down, begin, end),
        cmocka_unit_test_setup_teardown(nothing_handed_over_is_looked_at_twice, begin, end),
    };
    return cmocka_run_group_tests(tests, world_begin, world_end);
}
