/* When keys are fetched, and what holds while they cannot be. */
#include "issuer.h"

static EVP_PKEY *first, *second;
static struct onedoor_client *client;

static int begin(void **state)
{
    (void)state;
    issuer_start();
    first = EVP_EC_gen("P-256");
    second = EVP_EC_gen("P-256");
    issuer_publish((struct named_key[]){{"k1", first}}, 1);
    client = issuer_client(NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    onedoor_close(client);
    issuer_stop();
    EVP_PKEY_free(first);
    EVP_PKEY_free(second);
    return 0;
}

static enum onedoor_error verify(EVP_PKEY *key, const char *kid)
{
    char header[128];
    struct onedoor_claims *claims;
    snprintf(header, sizeof header, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", kid);
    char *token = token_of(key, header, claims_with(GOOD));
    enum onedoor_error e = onedoor_verify(client, token, &claims);
    onedoor_claims_free(claims);
    free(token);
    return e;
}

static void fetched_once_while_fresh(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    assert_int_equal(issuer_hits("/jwks"), 1);
    issuer_ms += 299999;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    assert_int_equal(issuer_hits("/jwks"), 1);
    issuer_ms += 1;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    assert_int_equal(issuer_hits("/jwks"), 2);
}

static void a_new_key_is_found_and_an_old_one_ends(void **state)
{
    (void)state;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    issuer_publish((struct named_key[]){{"k1", first}, {"k2", second}}, 2);
    assert_int_equal(verify(second, "k2"), ONEDOOR_TOKEN_KEY); /* asked a moment ago */
    issuer_ms += 10000;
    assert_int_equal(verify(second, "k2"), ONEDOOR_OK);
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    issuer_publish((struct named_key[]){{"k2", second}}, 1);
    issuer_ms += 300000;
    assert_int_equal(verify(second, "k2"), ONEDOOR_OK);
    assert_int_equal(verify(first, "k1"), ONEDOOR_TOKEN_KEY);
}

static void a_key_of_the_same_name_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    issuer_publish((struct named_key[]){{"k1", second}}, 1);
    issuer_ms += 300000;
    assert_int_equal(verify(second, "k1"), ONEDOOR_OK);
    assert_int_equal(verify(first, "k1"), ONEDOOR_TOKEN_SIGNATURE);
}

static void an_outage_is_no_refusal(void **state)
{
    (void)state;
    issuer_go(true);
    assert_int_equal(verify(first, "k1"), ONEDOOR_UNAVAILABLE);
    assert_false(onedoor_refused(ONEDOOR_UNAVAILABLE));
    issuer_go(false);
    assert_int_equal(verify(first, "k1"), ONEDOOR_UNAVAILABLE); /* not asked again at once */
    issuer_ms += 10000;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    issuer_go(true);
    issuer_ms += 10000;
    assert_int_equal(verify(second, "k2"), ONEDOOR_UNAVAILABLE); /* nobody can say that there is no k2 */
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
}

static void known_keys_serve_through_an_outage_up_to_the_limit(void **state)
{
    (void)state;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    issuer_go(true);
    issuer_ms += 3599999;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    issuer_ms += 1;
    assert_int_equal(verify(first, "k1"), ONEDOOR_UNAVAILABLE);
    issuer_go(false);
    issuer_ms += 10000;
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
}

static void bad_answers_leave_the_known_keys(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "[]", "{}", "{\"keys\":{}}", "<html>", "{\"keys\":[],\"keys\":[]}"};
    assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        issuer_serve("/jwks", 200, bad[i]);
        issuer_ms += 300000;
        assert_int_equal(verify(first, "k1"), ONEDOOR_OK);
        assert_int_equal(verify(second, "k2"), ONEDOOR_PROTOCOL);
    }
    issuer_serve("/jwks", 500, "");
    issuer_ms += 10000;
    assert_int_equal(verify(second, "k2"), ONEDOOR_UNAVAILABLE);
}

static void metadata_of_another_issuer_is_refused(void **state)
{
    (void)state;
    char text[512];
    snprintf(text, sizeof text, "{\"issuer\":\"%s/\",\"jwks_uri\":\"%s/jwks\"}", issuer.name, issuer.name);
    issuer_serve("/.well-known/openid-configuration", 200, text);
    assert_int_equal(verify(first, "k1"), ONEDOOR_PROTOCOL);
    static const char *const addresses[] = {"http://sso.city.example/jwks", "file:///etc/passwd",
                                            "http://u:p@127.0.0.1/jwks", "gopher://127.0.0.1/", "/jwks"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        snprintf(text, sizeof text, "{\"issuer\":\"%s\",\"jwks_uri\":\"%s\"}", issuer.name, addresses[i]);
        issuer_serve("/.well-known/openid-configuration", 200, text);
        issuer_ms += 10000;
        assert_int_equal(verify(first, "k1"), ONEDOOR_PROTOCOL);
    }
    snprintf(text, sizeof text, "{\"issuer\":\"%s\"}", issuer.name);
    issuer_serve("/.well-known/openid-configuration", 200, text);
    issuer_ms += 10000;
    assert_int_equal(verify(first, "k1"), ONEDOOR_UNSUPPORTED);
}

static void redirects_are_not_followed(void **state)
{
    (void)state;
    issuer_serve("/jwks", 302, "");
    assert_int_equal(verify(first, "k1"), ONEDOOR_PROTOCOL);
}

static void an_endless_answer_is_cut(void **state)
{
    (void)state;
    char *text = malloc(300001);
    memset(text, ' ', 300000);
    text[300000] = '\0';
    issuer_serve("/jwks", 200, text);
    free(text);
    assert_int_equal(verify(first, "k1"), ONEDOOR_PROTOCOL);
}

static void *verify_often(void *unused)
{
    (void)unused;
    for (int i = 0; i < 20; i++)
        if (verify(first, "k1") != ONEDOOR_OK)
            return client;
    return NULL;
}

static void threads_share_one_fetch(void **state)
{
    (void)state;
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    void *failed;
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, verify_often, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_int_equal(issuer_hits("/jwks"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fetched_once_while_fresh),
        TEST(a_new_key_is_found_and_an_old_one_ends),
        TEST(a_key_of_the_same_name_is_replaced),
        TEST(an_outage_is_no_refusal),
        TEST(known_keys_serve_through_an_outage_up_to_the_limit),
        TEST(bad_answers_leave_the_known_keys),
        TEST(metadata_of_another_issuer_is_refused),
        TEST(redirects_are_not_followed),
        TEST(an_endless_answer_is_cut),
        TEST(threads_share_one_fetch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
