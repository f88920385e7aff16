#include "tests/unit/certs/fixture.h"

enum { OVERLAP = 3600 };

static struct key_set *set;

static int begin(void **state)
{
    (void)state;
    set = key_set_new(4);
    return set ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    key_set_unref(set);
    return 0;
}

static void of_two_active_keys_the_newer_signs(void **state)
{
    (void)state;
    struct key_pair *newer = add_key(set, JWS_ES256, 3, KEY_ACTIVE, 100);
    add_key(set, JWS_ES256, 2, KEY_ACTIVE, 50);
    add_key(set, JWS_ES256, 4, KEY_NEXT, 100);
    assert_ptr_equal(key_set_active(set, JWS_ES256)->pair, newer);
    assert_null(key_set_active(set, JWS_RS256));
    assert_false(key_set_can_sign(set));
    add_key(set, JWS_RS256, 1, KEY_ACTIVE, 50);
    assert_true(key_set_can_sign(set));
}

static void a_next_and_an_active_key_verify_at_any_time(void **state)
{
    (void)state;
    struct key_pair *next = add_key(set, JWS_ES256, 2, KEY_NEXT, 100);
    struct key_pair *active = add_key(set, JWS_ES256, 1, KEY_ACTIVE, 100);
    assert_ptr_equal(key_set_verifier(set, key_id(next), 100 + 100 * OVERLAP, OVERLAP)->pair, next);
    assert_ptr_equal(key_set_verifier(set, key_id(active), 100 + 100 * OVERLAP, OVERLAP)->pair, active);
}

static void a_retired_key_verifies_to_the_last_second_of_the_overlap(void **state)
{
    (void)state;
    struct str kid = key_id(add_key(set, JWS_ES256, 1, KEY_RETIRED, 100));
    assert_non_null(key_set_verifier(set, kid, 100, OVERLAP));
    assert_non_null(key_set_verifier(set, kid, 100 + OVERLAP - 1, OVERLAP));
    assert_null(key_set_verifier(set, kid, 100 + OVERLAP, OVERLAP));
}

static void an_unknown_or_strange_kid_finds_nothing(void **state)
{
    (void)state;
    struct str kid = key_id(add_key(set, JWS_ES256, 1, KEY_ACTIVE, 100));
    assert_null(key_set_verifier(set, STR_EMPTY, 100, OVERLAP));
    assert_null(key_set_verifier(set, str_sub(kid, 0, kid.len - 1), 100, OVERLAP));
    assert_null(key_set_verifier(set, STR("../../etc/passwd"), 100, OVERLAP));
}

static void a_full_set_takes_no_more(void **state)
{
    (void)state;
    for (uint64_t serial = 1; serial <= 4; serial++)
        add_key(set, JWS_ES256, serial, KEY_NEXT, 0);
    struct key_record fifth = {.pair = new_pair(JWS_ES256), .serial = 5, .state = KEY_NEXT};
    assert_false(key_set_add(set, fifth));
    assert_int_equal(set->n, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(of_two_active_keys_the_newer_signs, begin, end),
        cmocka_unit_test_setup_teardown(a_next_and_an_active_key_verify_at_any_time, begin, end),
        cmocka_unit_test_setup_teardown(a_retired_key_verifies_to_the_last_second_of_the_overlap, begin, end),
        cmocka_unit_test_setup_teardown(an_unknown_or_strange_kid_finds_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_full_set_takes_no_more, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
