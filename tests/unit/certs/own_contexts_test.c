#include "certs/own_contexts.h"

#include "certs/signature.h"
#include "tests/unit/certs/fixture.h"

#include <pthread.h>

enum { MANY = 20 };

static void one_is_begun_for_each_key_and_use(void **state)
{
    (void)state;
    struct key_pair *key = new_pair(JWS_ES256);
    EVP_PKEY_CTX *signing = own_context(key, OWN_SIGNING), *verifying = own_context(key, OWN_VERIFYING);
    assert_non_null(signing);
    assert_non_null(verifying);
    assert_ptr_not_equal(signing, verifying);
    assert_ptr_equal(own_context(key, OWN_SIGNING), signing);
    assert_ptr_equal(own_context(key, OWN_VERIFYING), verifying);
    key_unref(key);
}

static void *context_of_thread(void *key)
{
    return own_context(key, OWN_SIGNING);
}

static void another_thread_has_another(void **state)
{
    (void)state;
    struct key_pair *key = new_pair(JWS_ES256);
    pthread_t thread;
    void *theirs;
    EVP_PKEY_CTX *ours = own_context(key, OWN_SIGNING);
    assert_int_equal(pthread_create(&thread, NULL, context_of_thread, key), 0);
    pthread_join(thread, &theirs);
    assert_non_null(theirs);
    assert_ptr_not_equal(theirs, ours);
    key_unref(key);
}

/* More keys than are kept, by turns, and a new key where an old one lay: each signs for itself alone. */
static void keys_are_never_taken_for_one_another(void **state)
{
    (void)state;
    struct key_pair *before = new_pair(JWS_ES256);
    for (int i = 0; i < MANY; i++) {
        struct key_pair *key = new_pair(JWS_ES256);
        struct signature s;
        assert_int_equal(signature_make(key, STR("input"), &s), RESULT_OK);
        struct str bytes = {(char *)s.bytes, s.len};
        assert_int_equal(signature_check(key, STR("input"), bytes), RESULT_OK);
        assert_int_equal(signature_check(before, STR("input"), bytes), RESULT_REFUSED);
        key_unref(before);
        before = key;
    }
    key_unref(before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_is_begun_for_each_key_and_use),
        cmocka_unit_test(another_thread_has_another),
        cmocka_unit_test(keys_are_never_taken_for_one_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
