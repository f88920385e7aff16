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
    struct store_puts puts = {0};
    assert_int_equal(access_token_issue(&city->provider, city->arena, app("robot"), NULL, &t, &puts),
                     RESULT_OK);
    assert_int_equal(store_put_all(city->provider.store, city->arena, &puts), RESULT_OK);
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
    json_t *claims = json_parse(city->arena, access_token_claims(&city->provider, city->arena, &t, NULL));
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
    json_t *claims = json_parse(city->arena, access_token_claims(&city->provider, city->arena, &t, NULL));
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
    struct store_puts puts = {0};
    assert_int_equal(access_token_issue(&city->provider, city->arena, app("robot"), NULL, &t, &puts),
                     RESULT_INTERNAL);
    assert_int_equal(find((struct str){many, sizeof many}), RESULT_NOT_FOUND);
    assert_int_equal(find(STR_EMPTY), RESULT_NOT_FOUND);
}

/* As one of a person: what its grant says is not in it again. */
static struct access_token of_a_grant(void)
{
    return (struct access_token){
        .jti = STR("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGA.8oKXrYVrQh6PCqYO7k8kiA"),
        .gid = STR("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGA"),
        .sid = STR("CDEFGHIJKLMNOPQRSTUVWA"),
        .audience = STR("https://records.city.example/api"),
        .scope = STR("openid profile records:read"),
        .issued = fixture_time,
        .expires = fixture_time + 600};
}

static void a_record_is_small_and_comes_back(void **state)
{
    (void)state;
    struct access_token t = of_a_grant();
    struct str record = access_token_text(city->arena, &t);
    assert_in_range(record.len, 1, 160);
    struct access_token *back = access_token_parse(city->arena, STR("value"), record);
    assert_non_null(back);
    assert_true(str_eq(back->value, STR("value")) && str_eq(back->jti, t.jti) && str_eq(back->gid, t.gid));
    assert_true(str_eq(back->sid, t.sid) && str_eq(back->audience, t.audience) &&
                str_eq(back->scope, t.scope));
    assert_true(back->issued == t.issued && back->expires == t.expires);
    for (size_t len = 0; len < record.len; len++)
        assert_null(access_token_parse(city->arena, t.value, str_sub(record, 0, len)));
    const struct str more[] = {record, STR("x")};
    assert_null(access_token_parse(city->arena, t.value, arena_join(city->arena, more, 2)));
}

static void a_record_takes_of_its_own_grant_alone(void **state)
{
    (void)state;
    struct access_token t = of_a_grant();
    struct grant g = {.gid = t.gid,
                      .sid = t.sid,
                      .client_id = STR("portal"),
                      .subject = STR("them"),
                      .mandate = STR("m"),
                      .person = {.subject = STR("me")}};
    assert_true(access_token_of_grant(&t, &g));
    assert_true(str_eq(t.client_id, g.client_id) && str_eq(t.subject, g.subject));
    assert_true(str_eq(t.mandate, g.mandate) && str_eq(t.actor, g.person.subject));
    g.sid = STR("another");
    assert_false(access_token_of_grant(&t, &g));
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
        TEST(a_record_is_small_and_comes_back),
        TEST(a_record_takes_of_its_own_grant_alone),
        TEST(a_record_that_cannot_be_read_is_our_failure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
