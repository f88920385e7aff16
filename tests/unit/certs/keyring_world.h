/* A keyring's world: a real slapd, and a registry without keys for each test. */
#ifndef ONEDOOR_TESTS_KEYRING_WORLD_H
#define ONEDOOR_TESTS_KEYRING_WORLD_H

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
__attribute__((unused)) static void await_directory(void)
{
    int64_t end = clock_monotonic_ms() + 5000;
    while (directory_ping(directory) != RESULT_OK && clock_monotonic_ms() < end)
        usleep(20000);
}

__attribute__((unused)) static void list_keys(struct entries *keys)
{
    assert_int_equal(registry_list(directory, a, STR("ou=keys"), "(objectClass=onedoorKey)", keys),
                     RESULT_OK);
}

__attribute__((unused)) static struct str rdn_of(const char *name)
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

__attribute__((unused)) static struct keyring *open_keyring(void)
{
    struct keyring *k = NULL;
    assert_int_equal(keyring_open(directory, seal, &config, &k), RESULT_OK);
    return k;
}

/* What the registry says of a key: "active", or "" when there is no such entry. */
__attribute__((unused)) static const char *state_of(const char *name)
{
    struct entry e;
    enum result r = registry_read(directory, a, rdn_of(name), &e);
    if (r == RESULT_NOT_FOUND)
        return "";
    assert_int_equal(r, RESULT_OK);
    return arena_cstr(a, entry_value(&e, "onedoorKeyState"));
}

__attribute__((unused)) static void set_value(const char *name, const char *attribute, struct str value)
{
    struct change change = {CHANGE_REPLACE, {attribute, &value, 1}};
    assert_int_equal(registry_modify(directory, rdn_of(name), &change, 1), RESULT_OK);
}

__attribute__((unused)) static struct str jwks(struct keyring *k)
{
    return keyring_jwks(k, a);
}

__attribute__((unused)) static size_t key_count(struct keyring *k)
{
    return json_array_size(keyring_describe(k, a));
}

__attribute__((unused)) static struct str sign(struct keyring *k)
{
    struct str token;
    json_t *claims = json_new(a);
    json_put_str(claims, "sub", STR("s-200145"));
    assert_int_equal(signer_sign(k, a, JWS_ES256, "at+jwt", claims, &token), RESULT_OK);
    return token;
}

__attribute__((unused)) static enum result verify(struct keyring *k, struct str token)
{
    json_t *claims;
    return jws_verify(k, a, token, "at+jwt", &claims);
}

/* What a thread does with a keyring, and what came of it. */
struct rotation {
    struct keyring *k;
    enum result result;
};

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
