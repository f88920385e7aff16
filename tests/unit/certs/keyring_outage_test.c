/* The keyring while the directory is away, hangs, or takes no writes. */
#include "tests/unit/certs/keyring_world.h"

/* design.md section 7: directory away, and tokens go on. */
static void keys_stay_while_the_directory_is_away(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *none = NULL;
    struct str token = sign(k), published = jwks(k);
    slapd_kill(&slapd);
    assert_int_equal(keyring_refresh(k), RESULT_UNAVAILABLE);
    assert_int_equal(keyring_rotate(k, JWS_ES256), RESULT_UNAVAILABLE);
    assert_int_equal(keyring_open(directory, seal, &config, &none), RESULT_UNAVAILABLE);
    assert_null(none);
    assert_int_equal(verify(k, token), RESULT_OK);
    assert_int_equal(verify(k, sign(k)), RESULT_OK);
    assert_true(str_eq(jwks(k), published));
    slapd_run(&slapd, false);
    await_directory();
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_true(str_eq(jwks(k), published));
    keyring_close(k);
}

static void *refresh_in_thread(void *arg)
{
    struct rotation *r = arg;
    r->result = keyring_refresh(r->k);
    return NULL;
}

/* A directory that hangs holds the refresh up until its deadline, and nobody else. */
static void signing_does_not_wait_for_a_refresh_that_hangs(void **state)
{
    (void)state;
    struct rotation r = {.k = open_keyring(), .result = RESULT_INTERNAL};
    pthread_t thread;
    slapd_freeze(&slapd);
    assert_int_equal(pthread_create(&thread, NULL, refresh_in_thread, &r), 0);
    usleep(200000);
    int64_t start = clock_monotonic_ms();
    for (int i = 0; i < 50; i++)
        assert_int_equal(verify(r.k, sign(r.k)), RESULT_OK);
    assert_true(jwks(r.k).len > 0);
    assert_in_range(clock_monotonic_ms() - start, 0, 500);
    pthread_join(thread, NULL);
    slapd_thaw(&slapd);
    await_directory();
    assert_int_equal(r.result, RESULT_UNAVAILABLE);
    keyring_close(r.k);
}

/* Starts slapd again with the database read-only, as a replica is, or writable. */
static void make_read_only(bool yes)
{
    slapd_kill(&slapd);
    slapd_shell("printf 'dn: olcDatabase={1}mdb,cn=config\\nchangetype: modify\\nreplace: olcReadOnly\\n"
                "olcReadOnly: %s\\n' | PATH=$PATH:/usr/sbin slapmodify -n 0 -F %s/slapd.d",
                yes ? "TRUE" : "FALSE", slapd.folder);
    slapd_run(&slapd, false);
    await_directory();
}

static void keys_that_vanish_and_cannot_be_made_anew_stay_in_memory(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *late = NULL;
    struct str published = jwks(k);
    assert_int_equal(registry_delete(directory, rdn_of("ES256-1")), RESULT_OK);
    assert_int_equal(registry_delete(directory, rdn_of("ES256-2")), RESULT_OK);
    make_read_only(true);
    assert_int_not_equal(keyring_refresh(k), RESULT_OK);
    assert_true(str_eq(jwks(k), published));
    assert_int_equal(verify(k, sign(k)), RESULT_OK);
    assert_int_not_equal(keyring_open(directory, seal, &config, &late), RESULT_OK);
    assert_null(late);
    make_read_only(false);
    keyring_close(k);
}

/* A server that may only read follows the others' rotations nevertheless. */
static void a_server_that_may_not_write_still_follows(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *reader = open_keyring(), *late = NULL;
    assert_int_equal(keyring_rotate(k, JWS_ES256), RESULT_OK);
    struct str token = sign(k);
    fixture_time += OVERLAP; /* so that there is something to write: ES256-1 is to be removed */
    make_read_only(true);
    assert_int_not_equal(keyring_refresh(reader), RESULT_OK);
    assert_int_equal(verify(k, sign(reader)), RESULT_OK);
    assert_true(str_eq(jwks(reader), jwks(k)));
    assert_int_equal(keyring_open(directory, seal, &config, &late), RESULT_OK);
    assert_int_equal(verify(late, token), RESULT_OK);
    make_read_only(false);
    keyring_close(k);
    keyring_close(reader);
    keyring_close(late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_stay_while_the_directory_is_away),
        TEST(signing_does_not_wait_for_a_refresh_that_hangs),
        TEST(keys_that_vanish_and_cannot_be_made_anew_stay_in_memory),
        TEST(a_server_that_may_not_write_still_follows),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
