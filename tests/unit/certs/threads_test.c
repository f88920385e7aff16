/* Many threads sign and verify while keys change under them; worth most under ThreadSanitizer. */
#include "certs/jws.h"
#include "certs/signer.h"
#include "tests/unit/certs/fixture.h"

#include <pthread.h>

enum { THREADS = 4, SWAPS = 300 };

static struct keyring *k;
static atomic_bool over;
static atomic_uint verified, signed_only, failures;

/* Whether the key that the token names has left since. */
static bool key_has_left(struct arena *a, struct str token)
{
    struct str header, text;
    if (!str_cut(&token, '.', &header) || !base64url_decode(a, header, &text))
        return false;
    struct held_keys keys = keyring_hold(k);
    struct str kid = json_get_str(json_parse(a, text), "kid");
    bool left = kid.len > 0 && !key_set_verifier(keys.set, kid, clock_now(), k->config.overlap_seconds);
    keyring_let_go(&keys);
    return left;
}

/* What was signed a moment ago verifies, unless three rotations have passed since. */
static void sign_and_verify(void)
{
    struct arena *a = arena_new(FIXTURE_ARENA);
    struct str token;
    json_t *claims = json_new(a), *back = NULL;
    json_put_str(claims, "sub", STR("s-200145"));
    bool fine = signer_sign(k, a, JWS_ES256, "at+jwt", claims, &token) == RESULT_OK &&
                keyring_jwks(k, a).len > 0 && keyring_describe(k, a);
    enum result r = fine ? jws_verify(k, a, token, "at+jwt", &back) : RESULT_INTERNAL;
    fine = r == RESULT_OK ? json_equal(claims, back) : r == RESULT_REFUSED && key_has_left(a, token);
    atomic_fetch_add(!fine ? &failures : r == RESULT_OK ? &verified : &signed_only, 1);
    arena_free(a);
}

static void *work(void *unused)
{
    while (!atomic_load(&over))
        sign_and_verify();
    return unused;
}

/* One rotation: a new set that shares the older pairs, as a refresh makes it. */
static struct key_set *rotated(const struct key_set *before, uint64_t serial)
{
    struct key_set *set = key_set_new(before->n + 1);
    for (size_t i = 0; i < before->n; i++) {
        struct key_record r = before->v[i];
        if (r.serial + 3 < serial && r.pair->alg == JWS_ES256)
            continue;
        r.state = r.state == KEY_NEXT ? KEY_ACTIVE : r.pair->alg == JWS_ES256 ? KEY_RETIRED : r.state;
        r.changed = clock_now();
        key_ref(r.pair);
        assert_true(key_set_add(set, r));
    }
    add_key(set, JWS_ES256, serial, KEY_NEXT, clock_now());
    return set;
}

static void signing_goes_on_while_keys_are_swapped(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    k = new_keyring(new_set());
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, NULL), 0);
    for (uint64_t serial = 3; serial < 3 + SWAPS || atomic_load(&verified) < 200; serial++) {
        struct held_keys keys = keyring_hold(k);
        keyring_install(k, rotated(keys.set, serial));
        keyring_let_go(&keys);
    }
    atomic_store(&over, true);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    keyring_close(k);
    assert_int_equal(atomic_load(&failures), 0);
    assert_true(atomic_load(&verified) >= 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signing_goes_on_while_keys_are_swapped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
