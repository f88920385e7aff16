/* The keyring over a real slapd: made once, shared, rotated, healed, and kept while the directory is away. */
#include "certs/keyring.h"

#include "certs/jws.h"
#include "certs/signer.h"
#include "directory/directory.h"
#include "server/base/log.h"
#include "tests/unit/certs/fixture.h"
#include "tests/unit/support/slapd.h"

#include <openssl/rsa.h>
#include <pthread.h>

enum { START = 1800000000, ROTATE = 86400, OVERLAP = 3600 };

static const struct keyring_config config = {.rotate_seconds = ROTATE, .overlap_seconds = OVERLAP};
static struct slapd slapd;
static struct directory *directory;
static struct seal *seal;
static struct arena *a;

static struct seal *new_seal(char fill)
{
    char bytes[32];
    memset(bytes, fill, sizeof bytes);
    struct secret *key = secret_copy(bytes, sizeof bytes);
    struct seal *s = seal_new(key);
    secret_free(key);
    return s;
}

static int begin_all(void **state)
{
    (void)state;
    log_setup(LOG_LEVEL_ERROR, LOG_FORMAT_LOGFMT);
    clock_replace(fixture_clock);
    seal = new_seal('m');
    slapd_start(&slapd);
    struct directory_config c = slapd_config(&slapd);
    directory = directory_new(&c);
    return seal && directory && registry_prepare(directory) == RESULT_OK ? 0 : -1;
}

static int end_all(void **state)
{
    (void)state;
    clock_replace(NULL);
    directory_free(directory);
    seal_free(seal);
    slapd_remove(&slapd);
    return 0;
}

/* All works again within five seconds of the directory's return. */
static void await_directory(void)
{
    int64_t end = clock_monotonic_ms() + 5000;
    while (directory_ping(directory) != RESULT_OK && clock_monotonic_ms() < end)
        usleep(20000);
}

static void list_keys(struct entries *keys)
{
    assert_int_equal(registry_list(directory, a, STR("ou=keys"), "(objectClass=onedoorKey)", keys),
                     RESULT_OK);
}

static struct str rdn_of(const char *name)
{
    return arena_printf(a, "cn=%s,ou=keys", name);
}

/* Each test begins at the same moment with a registry that has no keys. */
static int begin(void **state)
{
    (void)state;
    struct entries keys;
    fixture_time = START;
    a = arena_new(4 * FIXTURE_ARENA);
    list_keys(&keys);
    for (size_t i = 0; i < keys.n; i++) {
        struct str name = entry_value(&keys.v[i], "cn");
        assert_int_equal(registry_delete(directory, rdn_of(arena_cstr(a, name))), RESULT_OK);
    }
    return 0;
}

static int end(void **state)
{
    (void)state;
    arena_free(a);
    return 0;
}

static struct keyring *open_keyring(void)
{
    struct keyring *k = NULL;
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_OK);
    return k;
}

/* What the registry says of a key: "active", or "" when there is no such entry. */
static const char *state_of(const char *name)
{
    struct entry e;
    enum result r = registry_read(directory, a, rdn_of(name), &e);
    if (r == RESULT_NOT_FOUND)
        return "";
    assert_int_equal(r, RESULT_OK);
    return arena_cstr(a, entry_value(&e, "onedoorKeyState"));
}

static void set_value(const char *name, const char *attribute, struct str value)
{
    struct change change = {CHANGE_REPLACE, {attribute, &value, 1}};
    assert_int_equal(registry_modify(directory, rdn_of(name), &change, 1), RESULT_OK);
}

static struct str jwks(struct keyring *k)
{
    return keyring_jwks(k, a);
}

static size_t key_count(struct keyring *k)
{
    return json_array_size(keyring_describe(k, a));
}

static struct str sign(struct keyring *k)
{
    struct str token;
    json_t *claims = json_new(a);
    json_put_str(claims, "sub", STR("s-200145"));
    assert_int_equal(signer_sign(k, a, JWS_ES256, "at+jwt", claims, &token), RESULT_OK);
    return token;
}

static enum result verify(struct keyring *k, struct str token)
{
    json_t *claims;
    return jws_verify(k, a, token, "at+jwt", &claims);
}

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

struct rotation {
    struct keyring *k;
    enum result result;
};

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

static void another_master_key_opens_nothing_and_makes_nothing(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *other = NULL;
    struct seal *wrong = new_seal('w');
    struct str published = jwks(k);
    assert_int_equal(keyring_open(directory, wrong, &config, &other), RESULT_INTERNAL);
    assert_null(other);
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_true(str_eq(jwks(k), published));
    seal_free(wrong);
    keyring_close(k);
}

/* Whoever may write the registry but has no master key cannot exchange or alter a key. */
static void an_entry_that_was_tampered_with_stops_the_start_and_changes_no_running_server(void **state)
{
    (void)state;
    struct keyring *k = open_keyring(), *other = NULL;
    struct entry first, second;
    assert_int_equal(registry_read(directory, a, rdn_of("ES256-1"), &first), RESULT_OK);
    assert_int_equal(registry_read(directory, a, rdn_of("ES256-2"), &second), RESULT_OK);
    struct str published = jwks(k), good = entry_value(&first, "onedoorKeySealed");
    struct {
        const char *attribute;
        struct str value, before;
    } rows[] = {
        {"onedoorKeySealed", entry_value(&second, "onedoorKeySealed"), good},
        {"onedoorKeySealed", arena_join(a, (struct str[]){STR("B"), str_sub(good, 1, good.len)}, 2), good},
        {"onedoorKeySealed", STR("="), good},
        {"onedoorKeyId", entry_value(&second, "onedoorKeyId"), entry_value(&first, "onedoorKeyId")},
        {"onedoorKeyAlgorithm", STR("RS256"), STR("ES256")},
        {"onedoorKeyAlgorithm", STR("none"), STR("ES256")},
        {"onedoorKeyState", STR("signing"), STR("active")},
        {"onedoorKeyCreated", STR("yesterday"), entry_value(&first, "onedoorKeyCreated")},
        {"onedoorKeyChanged", STR("-1"), entry_value(&first, "onedoorKeyChanged")},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        set_value("ES256-1", rows[i].attribute, rows[i].value);
        assert_int_equal(keyring_open(directory, seal, &config, &other), RESULT_INTERNAL);
        (void)!keyring_refresh(k);
        assert_true(str_eq(jwks(k), published));
        set_value("ES256-1", rows[i].attribute, rows[i].before);
    }
    assert_int_equal(keyring_refresh(k), RESULT_OK);
    assert_true(str_eq(jwks(k), published));
    keyring_close(k);
}

/* attacks.md 27: even one that was sealed rightly. */
static void a_weak_rsa_key_stops_the_start(void **state)
{
    (void)state;
    struct keyring *k = NULL;
    keyring_close(open_keyring());
    EVP_PKEY *weak = EVP_RSA_gen(1024);
    struct key_pair pair = {.pkey = weak};
    struct str der, sealed;
    assert_int_equal(key_pkcs8(&pair, a, &der), RESULT_OK);
    assert_int_equal(seal_close(seal, a, STR("key:RS256-1"), der, &sealed), RESULT_OK);
    set_value("RS256-1", "onedoorKeySealed", base64url_encode(a, sealed));
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_REFUSED);
    assert_null(k);
    EVP_PKEY_free(weak);
}

/* Sealed rightly, named rightly, but its private half belongs to another public key. */
static void a_key_whose_halves_do_not_belong_together_stops_the_start(void **state)
{
    (void)state;
    struct keyring *k = NULL;
    struct key_pair *pair = NULL;
    struct str der, sealed;
    keyring_close(open_keyring());
    EVP_PKEY *pkey = pkey_from_jwk(a, "{\"kty\":\"EC\",\"crv\":\"P-256\","
                                      "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                                      "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\","
                                      "\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM\"}");
    assert_int_equal(key_adopt(JWS_ES256, pkey, &pair), RESULT_OK);
    assert_int_equal(key_pkcs8(pair, a, &der), RESULT_OK);
    assert_int_equal(seal_close(seal, a, STR("key:ES256-1"), der, &sealed), RESULT_OK);
    set_value("ES256-1", "onedoorKeySealed", base64url_encode(a, sealed));
    set_value("ES256-1", "onedoorKeyId", key_id(pair));
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_INTERNAL);
    assert_null(k);
    key_unref(pair);
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

static void an_unprepared_registry_is_said_to_lack_its_branch(void **state)
{
    (void)state;
    struct keyring *k = NULL;
    assert_int_equal(registry_delete(directory, STR("ou=keys")), RESULT_OK);
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_NOT_FOUND);
    assert_null(k);
    assert_int_equal(registry_prepare(directory), RESULT_OK);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_start_makes_an_active_and_a_next_key_of_each),
        TEST(a_second_start_reads_the_same_keys),
        TEST(no_private_key_lies_open_in_the_registry),
        TEST(servers_that_start_at_once_end_with_the_same_keys),
        TEST(after_a_rotation_the_old_kid_verifies_until_the_overlap_is_over),
        TEST(age_rotates_at_a_refresh_and_only_once_for_all_servers),
        TEST(a_rotation_that_another_server_just_did_is_not_done_again),
        TEST(servers_that_rotate_at_once_rotate_once),
        TEST(half_a_rotation_is_finished_by_the_next_refresh),
        TEST(lost_entries_are_healed_by_the_next_refresh),
        TEST(keys_stay_while_the_directory_is_away),
        TEST(signing_does_not_wait_for_a_refresh_that_hangs),
        TEST(another_master_key_opens_nothing_and_makes_nothing),
        TEST(an_entry_that_was_tampered_with_stops_the_start_and_changes_no_running_server),
        TEST(a_weak_rsa_key_stops_the_start),
        TEST(a_key_whose_halves_do_not_belong_together_stops_the_start),
        TEST(keys_that_vanish_and_cannot_be_made_anew_stay_in_memory),
        TEST(a_server_that_may_not_write_still_follows),
        TEST(an_unprepared_registry_is_said_to_lack_its_branch),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
