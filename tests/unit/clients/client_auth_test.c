#include "clients/client_auth.h"

#include "clients/snapshot.h"
#include "entry_support.h"
#include "server/base/encode.h"
#include "server/base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The applications of every test, and the request under way. */
struct scene {
    struct arena *a;
    struct applications *all;
    struct str secret, second_secret;
    struct request req;
    const struct application *app;
    enum client_failure failure;
};

static const char *text(struct scene *s, struct str value)
{
    return arena_cstr(s->a, value);
}

static int setup(void **state)
{
    static struct scene scene;
    struct scene *s = &scene;
    struct str hash, second_hash;
    *s = (struct scene){.a = arena_new(1 << 20), .all = applications_new(NULL)};
    if (!client_secret_make(s->a, &s->secret, &hash) ||
        !client_secret_make(s->a, &s->second_secret, &second_hash))
        return -1;
    struct entry v[] = {
        entry_of(s->a, "basic",
                 PAIRS("onedoorRedirectUri", "https://a.example/", "onedoorAuthMethod", "client_secret_basic",
                       "onedoorSecretHash", text(s, hash), "onedoorSecretHash", text(s, second_hash))),
        entry_of(s->a, "post",
                 PAIRS("onedoorRedirectUri", "https://a.example/", "onedoorAuthMethod", "client_secret_post",
                       "onedoorSecretHash", text(s, hash))),
        entry_of(s->a, "public",
                 PAIRS("onedoorRedirectUri", "https://a.example/", "onedoorAuthMethod", "none")),
        entry_of(s->a, "bare", PAIRS("onedoorRedirectUri", "https://a.example/")),
        entry_of(s->a, "off",
                 PAIRS("onedoorRedirectUri", "https://a.example/", "onedoorSecretHash", text(s, hash),
                       "onedoorDisabled", "TRUE")),
    };
    struct entries entries = {v, sizeof v / sizeof v[0]};
    assert_true(applications_install(s->all, snapshot_build(&entries)));
    s->req = (struct request){.arena = s->a, .method = HTTP_POST};
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct scene *s = *state;
    arena_free(s->a);
    applications_free(s->all);
    return 0;
}

static void fresh(struct scene *s)
{
    s->req = (struct request){.arena = s->a, .method = HTTP_POST};
    s->app = NULL;
}

static void form(struct scene *s, const char *name, struct str value)
{
    assert_true(pairs_add(&s->req.form, s->a, str_of(name), value));
}

static void basic(struct scene *s, const char *id, struct str secret)
{
    struct str plain = arena_printf(s->a, "%s:" STR_FMT, id, STR_ARG(secret));
    struct str header = arena_printf(s->a, "Basic " STR_FMT, STR_ARG(base64_encode(s->a, plain)));
    assert_true(pairs_add(&s->req.headers, s->a, STR("Authorization"), header));
}

static enum result authenticate(struct scene *s, bool public_allowed)
{
    s->failure = CLIENT_FAILURE_NONE;
    return client_authenticate(s->all, &s->req, public_allowed, &s->app, &s->failure);
}

static void assert_refused(struct scene *s, bool public_allowed, enum client_failure failure)
{
    assert_int_equal(authenticate(s, public_allowed), RESULT_REFUSED);
    assert_int_equal(s->failure, failure);
    assert_null(s->app);
    fresh(s);
}

static void assert_is(struct scene *s, bool public_allowed, const char *id)
{
    assert_int_equal(authenticate(s, public_allowed), RESULT_OK);
    assert_true(str_eq(s->app->client_id, str_of(id)));
    fresh(s);
}

static void each_method_lets_its_own_application_in(void **state)
{
    struct scene *s = *state;
    basic(s, "basic", s->secret);
    assert_is(s, false, "basic");
    basic(s, "basic", s->second_secret);
    assert_is(s, false, "basic");
    basic(s, "basic", s->secret);
    form(s, "client_id", STR("basic"));
    assert_is(s, false, "basic");
    form(s, "client_id", STR("post"));
    form(s, "client_secret", s->secret);
    assert_is(s, false, "post");
    form(s, "client_id", STR("public"));
    assert_is(s, true, "public");
}

static void unknown_wrong_disabled_and_secretless_are_one_answer(void **state)
{
    struct scene *s = *state;
    static const char *const ids[] = {"nobody", "off", "bare", "basic"};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        basic(s, ids[i], STR("wrong"));
        assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    }
    basic(s, "off", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    basic(s, "basic", STR_EMPTY);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    basic(s, "basic", STR("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    form(s, "client_id", STR("nobody"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
}

static void another_method_than_registered_is_refused(void **state)
{
    struct scene *s = *state;
    basic(s, "post", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    form(s, "client_id", STR("basic"));
    form(s, "client_secret", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    form(s, "client_id", STR("basic"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    form(s, "client_id", STR("bare"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    form(s, "client_id", STR("public"));
    form(s, "client_secret", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    basic(s, "public", STR_EMPTY);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
    assert_true(pairs_add(&s->req.headers, s->a, STR("authorization"), STR("Bearer x")));
    form(s, "client_id", STR("public"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
}

static void two_methods_at_once_are_an_invalid_request(void **state)
{
    struct scene *s = *state;
    basic(s, "basic", s->secret);
    form(s, "client_secret", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
    basic(s, "basic", s->secret);
    form(s, "client_assertion", STR("x.y.z"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
    basic(s, "basic", s->secret);
    form(s, "client_id", STR("post"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
    basic(s, "basic", s->secret);
    basic(s, "basic", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
    form(s, "client_id", STR("post"));
    form(s, "client_secret", s->secret);
    form(s, "client_secret", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
    form(s, "client_id", STR("public"));
    form(s, "client_id", STR("public"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
}

static void malformed_credentials_are_an_invalid_request(void **state)
{
    struct scene *s = *state;
    assert_true(pairs_add(&s->req.headers, s->a, STR("Authorization"), STR("Basic !!!!")));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
    form(s, "client_secret", s->secret);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
    assert_true(pairs_add(&s->req.query, s->a, STR("client_secret"), s->secret));
    form(s, "client_id", STR("post"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_REQUEST);
}

static void an_assertion_is_no_method_of_ours(void **state)
{
    struct scene *s = *state;
    form(s, "client_id", STR("public"));
    form(s, "client_assertion_type", STR("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    form(s, "client_assertion", STR("x.y.z"));
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
}

static void where_authentication_is_a_must_a_public_application_is_refused(void **state)
{
    struct scene *s = *state;
    form(s, "client_id", STR("public"));
    assert_refused(s, false, CLIENT_FAILURE_INVALID_CLIENT);
    assert_refused(s, false, CLIENT_FAILURE_INVALID_CLIENT);
    assert_refused(s, true, CLIENT_FAILURE_INVALID_CLIENT);
}

static void before_the_registry_was_read_nobody_is_refused_for_good(void **state)
{
    struct scene *s = *state;
    struct applications *empty = applications_new(NULL);
    basic(s, "basic", s->secret);
    assert_int_equal(client_authenticate(empty, &s->req, true, &s->app, &s->failure), RESULT_UNAVAILABLE);
    applications_free(empty);
}

static bool no_randomness(void *p, size_t len)
{
    (void)p;
    (void)len;
    return false;
}

static void a_secret_is_random_or_there_is_none(void **state)
{
    struct scene *s = *state;
    struct str secret, hash;
    assert_int_equal(s->secret.len, 43);
    assert_false(str_eq(s->secret, s->second_secret));
    random_replace(no_randomness);
    assert_false(client_secret_make(s->a, &secret, &hash));
    random_replace(NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_method_lets_its_own_application_in),
        TEST(unknown_wrong_disabled_and_secretless_are_one_answer),
        TEST(another_method_than_registered_is_refused),
        TEST(two_methods_at_once_are_an_invalid_request),
        TEST(malformed_credentials_are_an_invalid_request),
        TEST(an_assertion_is_no_method_of_ours),
        TEST(where_authentication_is_a_must_a_public_application_is_refused),
        TEST(before_the_registry_was_read_nobody_is_refused_for_good),
        TEST(a_secret_is_random_or_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
