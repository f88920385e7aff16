#include "clients/snapshot.h"

#include "entry_support.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct entry web(struct arena *a, const char *id, const char *attribute, const char *value)
{
    return entry_of(a, id, PAIRS("onedoorRedirectUri", "https://a.example/cb", attribute, value));
}

static void applications_are_found_by_id_and_by_resource(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct entry v[] = {web(a, "zoo", "onedoorResource", "urn:zoo:1"),
                        web(a, "api", "onedoorResource", "urn:api:1"),
                        web(a, "mid", "onedoorResource", "urn:mid:1")};
    entry_put(a, &v[0], "onedoorResource", "urn:zoo:2");
    struct entries entries = {v, 3};
    struct snapshot *s = snapshot_build(&entries);
    const struct application *const *list;

    assert_int_equal(snapshot_list(s, &list), 3);
    assert_true(str_eq(list[0]->client_id, STR("api")));
    assert_true(str_eq(list[2]->client_id, STR("zoo")));
    assert_ptr_equal(snapshot_find(s, STR("zoo")), list[2]);
    assert_ptr_equal(snapshot_of_resource(s, STR("urn:zoo:2")), list[2]);
    assert_ptr_equal(snapshot_of_resource(s, STR("urn:api:1")), list[0]);
    assert_null(snapshot_find(s, STR("ZOO")));
    assert_null(snapshot_find(s, STR("zo")));
    assert_null(snapshot_find(s, STR_EMPTY));
    assert_null(snapshot_of_resource(s, STR("urn:zoo:")));
    snapshot_free(s);
    arena_free(a);
}

static void an_invalid_or_disabled_entry_is_left_out_and_the_rest_stays(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct entry v[] = {web(a, "good", "onedoorScope", "openid"), web(a, "bad", "onedoorScope", "a b"),
                        web(a, "off", "onedoorDisabled", "TRUE")};
    struct entries entries = {v, 3};
    struct snapshot *s = snapshot_build(&entries);
    assert_non_null(snapshot_find(s, STR("good")));
    assert_null(snapshot_find(s, STR("bad")));
    assert_null(snapshot_find(s, STR("off")));
    snapshot_free(s);
    arena_free(a);
}

static void one_resource_is_never_of_two_applications(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct entry v[] = {web(a, "second", "onedoorResource", "urn:x:1"),
                        web(a, "first", "onedoorResource", "urn:x:1")};
    struct entries entries = {v, 2};
    struct snapshot *s = snapshot_build(&entries);
    assert_true(str_eq(snapshot_of_resource(s, STR("urn:x:1"))->client_id, STR("first")));
    assert_null(snapshot_find(s, STR("second")));
    snapshot_free(s);
    arena_free(a);
}

static void a_snapshot_knows_what_it_was_built_from(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct entry one = web(a, "a", "onedoorScope", "openid"), two = web(a, "a", "onedoorScope", "openi");
    struct entries first = {&one, 1}, second = {&two, 1}, none = {NULL, 0};
    struct snapshot *s = snapshot_build(&first);
    assert_true(snapshot_is_of(s, &first));
    assert_false(snapshot_is_of(s, &second));
    assert_false(snapshot_is_of(s, &none));
    entry_put(a, &one, "entryUUID", "7c5a3f5e-0000-4000-8000-000000000000");
    assert_true(snapshot_is_of(s, &first));
    snapshot_free(s);
    arena_free(a);
}

static void an_application_lives_as_long_as_the_request_that_found_it(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20), *request = arena_new(1 << 20);
    struct entry one = web(a, "app", "displayName", "Before"), two = web(a, "app", "displayName", "After");
    struct entries first = {&one, 1}, second = {&two, 1};
    struct applications *all = applications_new(NULL);
    assert_false(applications_loaded(all));
    assert_null(applications_find(all, request, STR("app")));

    assert_true(applications_install(all, snapshot_build(&first)));
    assert_true(applications_loaded(all));
    const struct application *before = applications_find(all, request, STR("app"));
    assert_true(applications_install(all, snapshot_build(&second)));
    assert_true(str_eq(before->name, STR("Before")));
    assert_true(str_eq(applications_find(all, request, STR("app"))->name, STR("After")));
    arena_free(request);
    applications_free(all);
    arena_free(a);
}

enum { READERS = 4, ROUNDS = 2000 };

static void *look_up(void *all)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct arena *a = arena_new(1 << 16);
        const struct application **list;
        const struct application *app = applications_find(all, a, STR("app"));
        if (!app || app->name.len == 0 || applications_list(all, a, &list) != 1)
            return all;
        arena_free(a);
    }
    return NULL;
}

static void readers_and_a_writer_do_not_disturb_each_other(void **state)
{
    (void)state;
    struct arena *a = arena_new(1 << 20);
    struct entry one = web(a, "app", "displayName", "Before"), two = web(a, "app", "displayName", "After");
    struct entries entries[] = {{&one, 1}, {&two, 1}};
    struct applications *all = applications_new(NULL);
    pthread_t readers[READERS];
    assert_true(applications_install(all, snapshot_build(&entries[0])));
    for (int i = 0; i < READERS; i++)
        assert_int_equal(pthread_create(&readers[i], NULL, look_up, all), 0);
    for (int i = 0; i < 200; i++)
        assert_true(applications_install(all, snapshot_build(&entries[i % 2])));
    for (int i = 0; i < READERS; i++) {
        void *failed;
        pthread_join(readers[i], &failed);
        assert_null(failed);
    }
    applications_free(all);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(applications_are_found_by_id_and_by_resource),
        cmocka_unit_test(an_invalid_or_disabled_entry_is_left_out_and_the_rest_stays),
        cmocka_unit_test(one_resource_is_never_of_two_applications),
        cmocka_unit_test(a_snapshot_knows_what_it_was_built_from),
        cmocka_unit_test(an_application_lives_as_long_as_the_request_that_found_it),
        cmocka_unit_test(readers_and_a_writer_do_not_disturb_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
