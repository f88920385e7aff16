/* The keyring: made once, shared by all servers, and sealed. */
#include "tests/unit/certs/keyring_world.h"

static void the_first_start_makes_an_active_and_a_next_key_of_each(void **state)
{
    (void)state;
    struct keyring *k = open_keyring();
    assert_int_equal(key_count(k), 4);
    assert_string_equal(state_of("ES256-1"), "active");
    assert_string_equal(state_of("ES256-2"), "next");
    assert_string_equal(state_of("RS256-1"), "active");
    assert_string_equal(state_of("RS256-2"), "next");
    assert_int_equal(verify(k, sign(k)), RESULT_OK);
    keyring_close(k);
}

/* Two servers, or one that starts again: each takes the other's tokens. */
static void a_second_start_reads_the_same_keys(void **state)
{
    (void)state;
    struct keyring *first = open_keyring(), *second = open_keyring();
    assert_true(str_eq(jwks(first), jwks(second)));
    assert_int_equal(verify(second, sign(first)), RESULT_OK);
    assert_int_equal(verify(first, sign(second)), RESULT_OK);
    keyring_close(first);
    keyring_close(second);
}

static void no_private_key_lies_open_in_the_registry(void **state)
{
    (void)state;
    struct entries keys;
    struct str bytes;
    keyring_close(open_keyring());
    list_keys(&keys);
    assert_int_equal(keys.n, 4);
    for (size_t i = 0; i < keys.n; i++) {
        assert_true(base64url_decode(a, entry_value(&keys.v[i], "onedoorKeySealed"), &bytes));
        struct key_pair *parsed = NULL;
        for (size_t at = 0; at < bytes.len; at++)
            assert_int_equal(key_parse(JWS_ES256, str_sub(bytes, at, bytes.len), &parsed), RESULT_REFUSED);
    }
}

static void *open_in_thread(void *out)
{
    struct keyring *k = NULL;
    if (keyring_open(directory, seal, &config, &k) == RESULT_OK)
        *(struct keyring **)out = k;
    return NULL;
}

static void servers_that_start_at_once_end_with_the_same_keys(void **state)
{
    (void)state;
    enum { SERVERS = 4 };
    struct keyring *k[SERVERS] = {NULL};
    pthread_t threads[SERVERS];
    for (int i = 0; i < SERVERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, open_in_thread, &k[i]), 0);
    for (int i = 0; i < SERVERS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < SERVERS; i++) {
        assert_non_null(k[i]);
        assert_true(str_eq(jwks(k[i]), jwks(k[0])));
        assert_int_equal(key_count(k[i]), 4);
        assert_int_equal(verify(k[0], sign(k[i])), RESULT_OK);
    }
    for (int i = 0; i < SERVERS; i++)
        keyring_close(k[i]);
}

static void an_unprepared_registry_is_said_to_lack_its_branch(void **state)
{
    (void)state;
    struct keyring *k = NULL;
    assert_int_equal(registry_delete(directory, STR("ou=keys")), RESULT_OK);
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_NOT_FOUND);
    assert_null(k);
    assert_int_equal(registry_prepare(directory), RESULT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_start_makes_an_active_and_a_next_key_of_each),
        TEST(a_second_start_reads_the_same_keys),
        TEST(no_private_key_lies_open_in_the_registry),
        TEST(servers_that_start_at_once_end_with_the_same_keys),
        TEST(an_unprepared_registry_is_said_to_lack_its_branch),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
