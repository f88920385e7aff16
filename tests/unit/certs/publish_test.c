#include "tests/unit/certs/fixture.h"

static struct arena *a;
static struct keyring *k;

static int begin(void **state)
{
    (void)state;
    fixture_time = 1800000000;
    clock_replace(fixture_clock);
    a = arena_new(FIXTURE_ARENA);
    struct key_set *set = key_set_new(8);
    add_key(set, JWS_ES256, 1, KEY_RETIRED, fixture_time);
    add_key(set, JWS_ES256, 3, KEY_NEXT, fixture_time);
    add_key(set, JWS_ES256, 2, KEY_ACTIVE, fixture_time);
    add_key(set, JWS_RS256, 1, KEY_ACTIVE, fixture_time);
    k = new_keyring(set);
    return 0;
}

static int end(void **state)
{
    (void)state;
    clock_replace(NULL);
    keyring_close(k);
    arena_free(a);
    return 0;
}

static const json_t *published(void)
{
    return json_object_get(json_parse(a, keyring_jwks(k, a)), "keys");
}

static void the_set_holds_all_that_verify_the_active_first(void **state)
{
    (void)state;
    const json_t *keys = published();
    const size_t order[] = {2, 3, 1, 0};
    assert_int_equal(json_array_size(keys), 4);
    for (size_t i = 0; i < COUNT(order); i++) {
        const json_t *jwk = json_array_get(keys, i);
        const struct key_pair *pair = k->set->v[order[i]].pair;
        assert_str(json_get_str(jwk, "kid"), pair->kid);
        assert_str(json_get_str(jwk, "alg"), jws_alg_name(pair->alg));
        assert_str(json_get_str(jwk, "use"), "sig");
    }
}

static void no_private_member_is_ever_published(void **state)
{
    (void)state;
    static const char *const private_members[] = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"};
    const json_t *keys = published();
    for (size_t i = 0; i < json_array_size(keys); i++) {
        for (size_t j = 0; j < COUNT(private_members); j++)
            assert_null(json_object_get(json_array_get(keys, i), private_members[j]));
        assert_in_range(json_object_size(json_array_get(keys, i)), 6, 7);
    }
}

static void a_retired_key_is_published_until_the_overlap_is_over(void **state)
{
    (void)state;
    fixture_time += 3599;
    assert_int_equal(json_array_size(published()), 4);
    fixture_time += 1;
    assert_int_equal(json_array_size(published()), 3);
}

static void the_description_names_each_key_and_its_state(void **state)
{
    (void)state;
    static const char *const states[] = {"retired", "next", "active", "active"};
    json_t *list = keyring_describe(k, a);
    assert_int_equal(json_array_size(list), 4);
    for (size_t i = 0; i < COUNT(states); i++) {
        const json_t *row = json_array_get(list, i);
        int64_t created = 0;
        assert_int_equal(json_object_size(row), 4);
        assert_str(json_get_str(row, "kid"), k->set->v[i].pair->kid);
        assert_str(json_get_str(row, "state"), states[i]);
        assert_str(json_get_str(row, "alg"), i == 3 ? "RS256" : "ES256");
        assert_true(json_get_int(row, "created", &created) && created == 1800000000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_set_holds_all_that_verify_the_active_first, begin, end),
        cmocka_unit_test_setup_teardown(no_private_member_is_ever_published, begin, end),
        cmocka_unit_test_setup_teardown(a_retired_key_is_published_until_the_overlap_is_over, begin, end),
        cmocka_unit_test_setup_teardown(the_description_names_each_key_and_its_state, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
