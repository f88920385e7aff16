/* Opening a handle: what is accepted, and what is left of it. */
#include "issuer.h"

static enum onedoor_error try(const char *name, const char *id, const char *secret,
                              const struct onedoor_options *options)
{
    struct onedoor_client *client = (struct onedoor_client *)&client;
    enum onedoor_error e = onedoor_open(name, id, secret, options, &client);
    assert_true((e == ONEDOOR_OK) == (client != NULL));
    onedoor_close(client);
    return e;
}

static void issuers_are_https_or_loopback(void **state)
{
    (void)state;
    static const char *const good[] = {
        "https://sso.city.example", "https://sso.city.example/", "https://sso.city.example:8443/one",
        "http://127.0.0.1:8080",    "http://localhost:8080",     "http://[::1]:8080"};
    static const char *const bad[] = {"",
                                      "sso.city.example",
                                      "http://sso.city.example",
                                      "http://127.0.0.1.evil.example",
                                      "ftp://localhost",
                                      "https://u@sso.city.example",
                                      "https://sso.city.example?x",
                                      "https://sso.city.example#x",
                                      "https://"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_int_equal(try(good[i], "a", "b", NULL), ONEDOOR_OK);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(try(bad[i], "a", "b", NULL), ONEDOOR_ARGUMENT);
    assert_int_equal(try(NULL, "a", "b", NULL), ONEDOOR_ARGUMENT);
    assert_int_equal(try(good[0], NULL, "b", NULL), ONEDOOR_ARGUMENT);
    assert_int_equal(try(good[0], "", "b", NULL), ONEDOOR_ARGUMENT);
    assert_int_equal(try(good[0], "a", "", NULL), ONEDOOR_ARGUMENT);
    assert_int_equal(try(good[0], "a", NULL, NULL), ONEDOOR_OK);
    assert_int_equal(onedoor_open(good[0], "a", "b", NULL, NULL), ONEDOOR_ARGUMENT);
    onedoor_close(NULL);
}

static void options_are_ranges(void **state)
{
    (void)state;
    struct onedoor_options o;
    const size_t members[] = {offsetof(struct onedoor_options, connect_timeout_ms),
                              offsetof(struct onedoor_options, timeout_ms),
                              offsetof(struct onedoor_options, leeway_seconds),
                              offsetof(struct onedoor_options, cache_ms),
                              offsetof(struct onedoor_options, cache_entries),
                              offsetof(struct onedoor_options, keys_fresh_seconds),
                              offsetof(struct onedoor_options, keys_pause_seconds),
                              offsetof(struct onedoor_options, keys_keep_seconds)};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const int values[] = {-1, INT32_MAX};
        for (size_t v = 0; v < 2; v++) {
            onedoor_options_init(&o, sizeof o);
            memcpy((char *)&o + members[i], &values[v], sizeof values[v]);
            assert_int_equal(try("https://sso.city.example", "a", "b", &o), ONEDOOR_ARGUMENT);
        }
    }
    memset(&o, 0, sizeof o);
    assert_int_equal(try("https://sso.city.example", "a", "b", &o), ONEDOOR_ARGUMENT);
}

/* What an application has that was built when there were only three options. */
static void an_older_header_gets_the_defaults_for_the_rest(void **state)
{
    (void)state;
    struct {
        size_t size;
        const char *ca_file, *audience;
    } old = {0};
    char audience[] = "records";
    struct onedoor_client *client;
    onedoor_options_init((struct onedoor_options *)(void *)&old, sizeof old);
    assert_int_equal(old.size, sizeof old);
    old.audience = audience;
    assert_int_equal(onedoor_open("https://sso.city.example", "a", "b", (void *)&old, &client), ONEDOOR_OK);
    memset(audience, 'x', sizeof audience - 1);
    assert_string_equal(client->settings.options.audience, "records");
    assert_int_equal(client->settings.options.timeout_ms, 5000);
    assert_int_equal(client->settings.options.cache_ms, 1000);
    onedoor_close(client);
}

static void every_error_has_its_text(void **state)
{
    (void)state;
    for (int e = ONEDOOR_OK; e <= ONEDOOR_UNSUPPORTED; e++) {
        assert_string_not_equal(onedoor_error_text((enum onedoor_error)e), "unknown error");
        assert_false(onedoor_refused((enum onedoor_error)e));
    }
    for (int e = ONEDOOR_TOKEN_MALFORMED; e <= ONEDOOR_TOKEN_INACTIVE; e++) {
        assert_string_not_equal(onedoor_error_text((enum onedoor_error)e), "unknown error");
        assert_true(onedoor_refused((enum onedoor_error)e));
    }
    assert_string_equal(onedoor_error_text((enum onedoor_error)20), "unknown error");
    assert_string_equal(onedoor_error_text((enum onedoor_error)1000), "unknown error");
}

static char told[512];

static void listen_to(void *context, const char *event, const char *detail)
{
    snprintf(told, sizeof told, "%s %s %s", (const char *)context, event, detail);
}

static void a_certificate_that_nobody_vouches_for_is_told_apart(void **state)
{
    (void)state;
    struct onedoor_options o;
    struct onedoor_client *client;
    struct onedoor_claims *claims;
    onedoor_options_init(&o, sizeof o);
    o.ca_file = "/nonexistent/ca.pem";
    o.log = listen_to;
    o.log_context = (void *)(uintptr_t) "test";
    issuer_start();
    char name[80] = "https";
    strcat(name, issuer.name + 4);
    assert_int_equal(onedoor_open(name, "a", "top-secret", &o, &client), ONEDOOR_OK);
    assert_int_equal(onedoor_introspect(client, "the-token", &claims), ONEDOOR_UNTRUSTED);
    assert_non_null(strstr(told, "test http_failed https://127.0.0.1"));
    assert_null(strstr(told, "top-secret"));
    assert_null(strstr(told, "the-token"));
    onedoor_close(client);
    issuer_stop();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(issuers_are_https_or_loopback),
        cmocka_unit_test(options_are_ranges),
        cmocka_unit_test(an_older_header_gets_the_defaults_for_the_rest),
        cmocka_unit_test(every_error_has_its_text),
        cmocka_unit_test(a_certificate_that_nobody_vouches_for_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
