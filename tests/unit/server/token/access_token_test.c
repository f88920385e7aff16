/* What an access token needs besides a signature of ours. */
#include "server/token/access_token.h"

#include "certs/signer.h"
#include "server/token/access_token_json.h"
#include "server/token/id_token.h"
#include "server/token/purpose.h"
#include "tests/unit/support/provider.h"

static const struct application *app(const char *client_id)
{
    return applications_find(city->provider.applications, city->arena, str_of(client_id));
}

static struct access_token issued(void)
{
    struct access_token t = {.client_id = STR("robot"), .subject = STR("robot"), .audience = STR("robot")};
    assert_int_equal(access_token_issue(&city->provider, city->arena, app("robot"), NULL, &t), RESULT_OK);
    return t;
}

static enum result find(struct str value)
{
    struct access_token *t;
    return access_token_find(&city->provider, city->arena, value, &t);
}

/* A token of our own key with these claims, and the record that a real one would have. */
static struct str forged(const char *member, json_t *value, const char *typ)
{
    struct access_token t = issued();
    struct str jwt;
    json_t *claims = access_token_claims(&city->provider, city->arena, &t, NULL);
    json_object_set_new(claims, member, value);
    assert_int_equal(signer_sign(city->provider.keyring, city->arena, JWS_ES256, typ, claims, &jwt),
                     RESULT_OK);
    assert_int_equal(
        store_put(&city->store, city->arena, STORE_ACCESS, jwt, access_token_text(city->arena, &t), 600),
        RESULT_OK);
    return jwt;
}

static void what_was_issued_is_found(void **state)
{
    (void)state;
    assert_int_equal(find(issued().value), RESULT_OK);
    assert_int_equal(find(forged("x", json_integer(1), "at+jwt")), RESULT_OK);
}

static void a_signature_without_a_record_is_worth_nothing(void **state)
{
    (void)state;
    struct access_token t = issued();
    assert_int_equal(access_token_revoke(&city->provider, city->arena, t.value), RESULT_OK);
    assert_int_equal(find(t.value), RESULT_NOT_FOUND);
}

static void claims_are_strict_even_if_signed(void **state)
{
    (void)state;
    assert_int_equal(find(forged("iss", json_string(ISSUER "/"), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("exp", json_integer(fixture_time), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("exp", json_integer(-1), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("exp", json_real(1e300), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("exp", json_string("9999999999"), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("nbf", json_integer(fixture_time + 60), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("nbf", json_string("x"), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("jti", json_string("another"), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("sid", json_string("another"), "at+jwt")), RESULT_NOT_FOUND);
    assert_int_equal(find(forged("x", json_integer(1), "JWT")), RESULT_NOT_FOUND);
}

static void an_access_token_is_no_hint(void **state)
{
    (void)state;
    struct id_token_hint hint;
    assert_int_equal(id_token_read_hint(&city->provider, city->arena, issued().value, &hint), RESULT_REFUSED);
    assert_int_equal(
        id_token_read_hint(&city->provider, city->arena, forged("iss", json_string("x"), "JWT"), &hint),
        RESULT_REFUSED);
}

static void a_token_that_lacks_a_claim_is_never_signed(void **state)
{
    (void)state;
    struct access_token t = issued();
    struct str out;
    json_t *claims = access_token_claims(&city->provider, city->arena, &t, NULL);
    json_object_del(claims, "exp");
    assert_int_equal(token_sign(&city->provider, city->arena, TOKEN_ACCESS, JWS_ES256, claims, &out),
                     RESULT_INTERNAL);
}

static void a_token_has_a_size_that_verifiers_take(void **state)
{
    (void)state;
    static char many[9000];
    memset(many, 'x', sizeof many);
    struct access_token t = {.client_id = STR("robot"),
                             .subject = STR("robot"),
                             .audience = STR("robot"),
                             .scope = {many, sizeof many}};
    assert_int_equal(access_token_issue(&city->provider, city->arena, app("robot"), NULL, &t),
                     RESULT_INTERNAL);
    assert_int_equal(find((struct str){many, sizeof many}), RESULT_NOT_FOUND);
    assert_int_equal(find(STR_EMPTY), RESULT_NOT_FOUND);
}

static void a_record_that_cannot_be_read_is_our_failure(void **state)
{
    (void)state;
    struct access_token t = issued();
    assert_int_equal(store_put(&city->store, city->arena, STORE_ACCESS, t.value, STR("{}"), 600), RESULT_OK);
    assert_int_equal(find(t.value), RESULT_INTERNAL);
    assert_int_equal(store_put(&city->store, city->arena, STORE_ACCESS, STR("oda_x"), STR("{}"), 600),
                     RESULT_OK);
    assert_int_equal(find(STR("oda_x")), RESULT_INTERNAL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(what_was_issued_is_found),
        TEST(a_signature_without_a_record_is_worth_nothing),
        TEST(claims_are_strict_even_if_signed),
        TEST(an_access_token_is_no_hint),
        TEST(a_token_that_lacks_a_claim_is_never_signed),
        TEST(a_token_has_a_size_that_verifiers_take),
        TEST(a_record_that_cannot_be_read_is_our_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
