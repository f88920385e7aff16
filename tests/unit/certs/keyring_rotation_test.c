/* Keys grow old and are replaced, once for all servers; what was lost on the way is healed. */
#include "tests/unit/certs/keyring_world.h"

/* attacks.md 28, and on a second server too. */
static void after_a_rotation_the_old_kid_verifies_until_the_overlap_is_over(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *twin = open_keyring();
    struct str old = sign(k);
    assert_int_equal(keyring_rotate(k, JWS_ES256), RESULT_OK);
    struct str new = sign(k);
    assert_int_equal(verify(twin, new), RESULT_OK); /* the next key was published before it signed */
    assert_string_equal(state_of("ES256-1"), "retired");
    assert_string_equal(state_of("ES256-2"), "active");
    assert_string_equal(state_of("ES256-3"), "next");
    assert_string_equal(state_of("RS256-1"), "active");
    assert_int_equal(keyring_refresh(twin), RESULT_OK);
    assert_true(str_eq(jwks(k), jwks(twin)));

    fixture_time += OVERLAP - 1;
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_int_equal(verify(k, old), RESULT_OK);
    assert_int_equal(verify(twin, old), RESULT_OK);
    fixture_time += 1;
    assert_int_equal(verify(twin, old), RESULT_REFUSED); /* without a refresh, too */
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_int_equal(verify(k, old), RESULT_REFUSED);
    assert_int_equal(verify(k, new), RESULT_OK);
    assert_string_equal(state_of("ES256-1"), "");
    keyring_close(k);
    keyring_close(twin);
}

static void age_rotates_at_a_refresh_and_only_once_for_all_servers(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *twin = open_keyring();
    fixture_time += ROTATE - 1;
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_string_equal(state_of("ES256-1"), "active");
    fixture_time += 1;
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_int_equal(keyring_refresh(twin), RESULT_OK);
    assert_string_equal(state_of("ES256-1"), "retired");
    assert_string_equal(state_of("ES256-2"), "active");
    assert_string_equal(state_of("RS256-2"), "active");
    assert_string_equal(state_of("ES256-4"), "");
    assert_true(str_eq(jwks(k), jwks(twin)));
    keyring_close(k);
    keyring_close(twin);
}

static void a_rotation_that_another_server_just_did_is_not_done_again(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *twin = open_keyring();
    assert_int_equal(keyring_rotate(k, JWS_ES256), RESULT_OK);
    assert_int_equal(keyring_rotate(twin, JWS_ES256), RESULT_USED);
    assert_string_equal(state_of("ES256-2"), "active");
    assert_true(str_eq(jwks(k), jwks(twin)));
    assert_int_equal(keyring_rotate(twin, JWS_ES256), RESULT_OK);
    assert_string_equal(state_of("ES256-3"), "active");
    keyring_close(k);
    keyring_close(twin);
}

static void *rotate_in_thread(void *arg)
{
    struct rotation *r = arg;
    r->result = keyring_rotate(r->k, JWS_ES256);
    return NULL;
}

static void servers_that_rotate_at_once_rotate_once(void **state)
{
    (void)state;
    enum { SERVERS = 4 };
    struct rotation r[SERVERS];
    pthread_t threads[SERVERS];
    for (int i = 0; i < SERVERS; i++)
        r[i].k = open_keyring();
    for (int i = 0; i < SERVERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, rotate_in_thread, &r[i]), 0);
    int done = 0;
    for (int i = 0; i < SERVERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(r[i].result == RESULT_OK || r[i].result == RESULT_USED);
        done += r[i].result == RESULT_OK;
    }
    assert_int_equal(done, 1);
    assert_string_equal(state_of("ES256-1"), "retired");
    assert_string_equal(state_of("ES256-2"), "active");
    assert_string_equal(state_of("ES256-3"), "next");
    assert_string_equal(state_of("ES256-4"), "");
    for (int i = 0; i < SERVERS; i++)
        keyring_close(r[i].k);
}

static void half_a_rotation_is_finished_by_the_next_refresh(void **state)
{
    (void)state;
    struct keyring *k = open_keyring();
    set_value("ES256-2", "onedoorKeyState", STR("active")); /* a server died here */
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_string_equal(state_of("ES256-1"), "retired");
    assert_string_equal(state_of("ES256-2"), "active");
    assert_string_equal(state_of("ES256-3"), "next");
    keyring_close(k);
}

static void lost_entries_are_healed_by_the_next_refresh(void **state)
{
    (void)state;
    struct keyring *k = open_keyring();
    assert_int_equal(registry_delete(directory, rdn_of("ES256-1")), RESULT_OK);
    assert_int_equal(registry_delete(directory, rdn_of("RS256-2")), RESULT_OK);
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_string_equal(state_of("ES256-2"), "active");
    assert_string_equal(state_of("ES256-3"), "next");
    assert_string_equal(state_of("RS256-2"), "next");
    assert_int_equal(key_count(k), 4);
    keyring_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(after_a_rotation_the_old_kid_verifies_until_the_overlap_is_over),
        TEST(age_rotates_at_a_refresh_and_only_once_for_all_servers),
        TEST(a_rotation_that_another_server_just_did_is_not_done_again),
        TEST(servers_that_rotate_at_once_rotate_once),
        TEST(half_a_rotation_is_finished_by_the_next_refresh),
        TEST(lost_entries_are_healed_by_the_next_refresh),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
