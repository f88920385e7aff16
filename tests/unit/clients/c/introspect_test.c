/* What the server says of a token, how long that is believed, and what an outage is. */
#include "issuer.h"

static struct onedoor_client *client;

#define ACTIVE "\"active\":true,\"token_type\":\"Bearer\""

static void answer(const char *start, const char *changes)
{
    char text[8300];
    snprintf(text, sizeof text, "{%s%s%s", start, *start ? "," : "", claims_with(changes) + 1);
    issuer_serve("/introspect", 200, text);
}

static int begin(void **state)
{
    (void)state;
    issuer_start();
    issuer_wall = 1800000000;
    client = issuer_client(NULL);
    answer(ACTIVE, GOOD);
    return 0;
}

static int end(void **state)
{
    (void)state;
    onedoor_close(client);
    issuer_stop();
    return 0;
}

static enum onedoor_error introspect(const char *token)
{
    struct onedoor_claims *claims = (struct onedoor_claims *)&claims;
    enum onedoor_error e = onedoor_introspect(client, token, &claims);
    assert_true((e == ONEDOOR_OK) == (claims != NULL));
    if (e == ONEDOOR_OK)
        assert_string_equal(onedoor_claims_subject(claims), "s-200145");
    onedoor_claims_free(claims);
    return e;
}

static void the_question_bears_the_credentials_and_the_token(void **state)
{
    (void)state;
    assert_int_equal(introspect("a.b-_~+/c=="), ONEDOOR_OK);
    /* records:s%20e%3Acret, as RFC 6749 section 2.3.1 encodes it */
    assert_non_null(strstr(issuer.last, "Authorization: Basic cmVjb3JkczpzJTIwZSUzQWNyZXQ=\r\n"));
    assert_non_null(strstr(issuer.last, "\r\n\r\ntoken=a.b-_%7E%2B%2Fc%3D%3D"));
    assert_non_null(strstr(issuer.last, "Content-Type: application/x-www-form-urlencoded\r\n"));
}

static void a_positive_answer_is_kept_for_the_stated_time_and_no_longer(void **state)
{
    (void)state;
    assert_int_equal(introspect("t1"), ONEDOOR_OK);
    issuer_serve("/introspect", 200, "{\"active\":false}");
    issuer_ms += 999;
    assert_int_equal(introspect("t1"), ONEDOOR_OK);
    assert_int_equal(introspect("t2"), ONEDOOR_TOKEN_INACTIVE);
    issuer_ms += 1;
    assert_int_equal(introspect("t1"), ONEDOOR_TOKEN_INACTIVE);
}

static void never_beyond_exp(void **state)
{
    (void)state;
    answer(ACTIVE, ",\"aud\":\"records\",\"exp\":1800000001");
    assert_int_equal(introspect("t1"), ONEDOOR_OK);
    issuer_serve("/introspect", 200, "{\"active\":false}");
    issuer_wall += 1;
    issuer_ms += 1;
    assert_int_equal(introspect("t1"), ONEDOOR_TOKEN_INACTIVE);
}

static void a_negative_answer_is_not_kept(void **state)
{
    (void)state;
    issuer_serve("/introspect", 200, "{\"active\":false}");
    assert_int_equal(introspect("t1"), ONEDOOR_TOKEN_INACTIVE);
    answer(ACTIVE, GOOD);
    assert_int_equal(introspect("t1"), ONEDOOR_OK);
}

static void an_outage_is_an_error_and_never_inactive(void **state)
{
    (void)state;
    assert_int_equal(introspect("t1"), ONEDOOR_OK);
    issuer_go(true);
    assert_int_equal(introspect("t2"), ONEDOOR_UNAVAILABLE);
    assert_int_equal(introspect("t1"), ONEDOOR_OK); /* still within the second */
    issuer_ms += 1000;
    assert_int_equal(introspect("t1"), ONEDOOR_UNAVAILABLE);
    issuer_go(false);
    assert_int_equal(introspect("t1"), ONEDOOR_OK);
}

static void statuses_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        int status;
        enum onedoor_error error;
    } rows[] = {{401, ONEDOOR_CREDENTIALS}, {403, ONEDOOR_CREDENTIALS}, {404, ONEDOOR_UNSUPPORTED},
                {400, ONEDOOR_PROTOCOL},    {429, ONEDOOR_UNAVAILABLE}, {500, ONEDOOR_UNAVAILABLE},
                {503, ONEDOOR_UNAVAILABLE}, {204, ONEDOOR_PROTOCOL},    {301, ONEDOOR_PROTOCOL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        issuer_serve("/introspect", rows[i].status, "{\"active\":false}");
        assert_int_equal(introspect("t1"), rows[i].error);
        assert_false(onedoor_refused(rows[i].error));
    }
}

static void odd_answers_are_no_answers(void **state)
{
    (void)state;
    static const char *const odd[] = {"",
                                      "{}",
                                      "{\"active\":\"true\"}",
                                      "{\"active\":1}",
                                      "[true]",
                                      "<html>",
                                      "{\"active\":null}",
                                      "{\"active\":false",
                                      "{\"active\":false,\"active\":true}"};
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        issuer_serve("/introspect", 200, odd[i]);
        assert_int_equal(introspect("t1"), ONEDOOR_PROTOCOL);
    }
    issuer_serve("/introspect", 200, "{" ACTIVE "}");
    assert_int_equal(introspect("t1"), ONEDOOR_PROTOCOL);
    answer(ACTIVE, ",\"aud\":\"records\",\"exp\":\"1800000600\"");
    assert_int_equal(introspect("t1"), ONEDOOR_PROTOCOL);
}

static void other_tokens_are_refused_although_active(void **state)
{
    (void)state;
    answer("\"active\":true", GOOD); /* a refresh token: nothing says Bearer */
    assert_int_equal(introspect("t1"), ONEDOOR_TOKEN_TYPE);
    answer(ACTIVE, ",\"aud\":\"portal\",\"exp\":1800000600");
    assert_int_equal(introspect("t1"), ONEDOOR_TOKEN_AUDIENCE);
    answer(ACTIVE, ",\"aud\":\"records\",\"exp\":1799999990");
    assert_int_equal(introspect("t1"), ONEDOOR_TOKEN_EXPIRED);
}

static void what_no_token_can_be_is_not_asked(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "a b", "a\r\nX: y", "a&b=c", "=", "a=b", "é"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(introspect(bad[i]), ONEDOOR_TOKEN_MALFORMED);
    char *longest = calloc(1, 20000);
    memset(longest, 'a', 16385);
    assert_int_equal(introspect(longest), ONEDOOR_TOKEN_MALFORMED);
    free(longest);
    assert_int_equal(issuer_hits("/introspect"), 0);
}

static void without_a_secret_nothing_is_asked(void **state)
{
    (void)state;
    struct onedoor_client *bare;
    struct onedoor_claims *claims;
    assert_int_equal(onedoor_open(issuer.name, "records", NULL, NULL, &bare), ONEDOOR_OK);
    assert_int_equal(onedoor_introspect(bare, "t1", &claims), ONEDOOR_ARGUMENT);
    assert_null(claims);
    onedoor_close(bare);
}

static void few_entries(struct onedoor_options *options)
{
    options->cache_entries = 8;
}

static void no_entries(struct onedoor_options *options)
{
    options->cache_ms = 0;
}

static void the_cache_is_bounded(void **state)
{
    (void)state;
    onedoor_close(client);
    client = issuer_client(few_entries);
    char token[16];
    for (int i = 0; i < 100; i++) {
        snprintf(token, sizeof token, "t%d", i);
        assert_int_equal(introspect(token), ONEDOOR_OK);
        issuer_ms++;
    }
    unsigned before = issuer_hits("/introspect");
    for (int i = 0; i < 100; i++) {
        snprintf(token, sizeof token, "t%d", i);
        struct odc_cache_key key;
        assert_true(odc_cache_key_of(client->cache, token, &key));
        onedoor_claims_free(odc_cache_get(client->cache, &key, issuer_ms));
    }
    assert_int_equal(before, 100);
    assert_int_equal(introspect("t99"), ONEDOOR_OK);
    assert_int_equal(issuer_hits("/introspect"), before);
    assert_int_equal(introspect("t0"), ONEDOOR_OK);
    assert_int_equal(issuer_hits("/introspect"), before + 1);
}

static void without_a_cache_every_question_is_asked(void **state)
{
    (void)state;
    onedoor_close(client);
    client = issuer_client(no_entries);
    for (unsigned i = 1; i <= 3; i++) {
        assert_int_equal(introspect("t1"), ONEDOOR_OK);
        assert_int_equal(issuer_hits("/introspect"), i);
    }
}

static void claims_outlive_the_handle(void **state)
{
    (void)state;
    struct onedoor_claims *claims, *again;
    assert_int_equal(onedoor_introspect(client, "t1", &claims), ONEDOOR_OK);
    assert_int_equal(onedoor_introspect(client, "t1", &again), ONEDOOR_OK);
    onedoor_close(client);
    client = NULL;
    assert_string_equal(onedoor_claims_subject(claims), onedoor_claims_subject(again));
    onedoor_claims_free(claims);
    onedoor_claims_free(again);
}

static void *introspect_often(void *unused)
{
    (void)unused;
    struct onedoor_claims *claims;
    for (int i = 0; i < 50; i++) {
        enum onedoor_error e = onedoor_introspect(client, i % 2 ? "t1" : "t2", &claims);
        bool good = e == ONEDOOR_OK && onedoor_claims_has_scope(claims, "a");
        onedoor_claims_free(claims);
        if (!good)
            return client;
    }
    return NULL;
}

static void threads_share_the_handle(void **state)
{
    (void)state;
    enum { THREADS = 8 };
    pthread_t threads[THREADS];
    void *failed;
    answer(ACTIVE, GOOD ",\"scope\":\"a b\"");
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, introspect_often, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
    assert_true(issuer_hits("/introspect") <= 2 * THREADS);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_question_bears_the_credentials_and_the_token),
        TEST(a_positive_answer_is_kept_for_the_stated_time_and_no_longer),
        TEST(never_beyond_exp),
        TEST(a_negative_answer_is_not_kept),
        TEST(an_outage_is_an_error_and_never_inactive),
        TEST(statuses_are_told_apart),
        TEST(odd_answers_are_no_answers),
        TEST(other_tokens_are_refused_although_active),
        TEST(what_no_token_can_be_is_not_asked),
        TEST(without_a_secret_nothing_is_asked),
        TEST(the_cache_is_bounded),
        TEST(without_a_cache_every_question_is_asked),
        TEST(claims_outlive_the_handle),
        TEST(threads_share_the_handle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
