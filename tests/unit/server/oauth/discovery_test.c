#include "server/oauth/grants/grants.h"
#include "server/token/claims.h"
#include "tests/unit/support/provider.h"

static json_t *document(void)
{
    get(oauth_discovery, "");
    assert_int_equal(status(), 200);
    return json_parse(city->arena, city->resp.body);
}

static bool offers(const char *list, const char *word)
{
    return json_holds(document(), list, str_of(word));
}

static void addresses_come_from_the_issuer(void **state)
{
    (void)state;
    json_t *d = document();
    static const char *const names[] = {
        "authorization_endpoint", "token_endpoint",      "userinfo_endpoint",   "jwks_uri",
        "introspection_endpoint", "revocation_endpoint", "end_session_endpoint"};
    assert_str(json_get_str(d, "issuer"), ISSUER);
    for (size_t i = 0; i < COUNT(names); i++)
        assert_true(str_starts(json_get_str(d, names[i]), STR(ISSUER "/")));
}

static void lists_are_the_tables_that_the_endpoints_work_by(void **state)
{
    (void)state;
    json_t *d = document();
    assert_int_equal(json_array_size(json_object_get(d, "grant_types_supported")), grant_row_count);
    for (size_t i = 0; i < grant_row_count; i++)
        assert_true(offers("grant_types_supported", grant_rows[i].name));
    struct str scopes = claims_scopes_supported(), word;
    while (str_word(&scopes, &word))
        assert_true(json_holds(d, "scopes_supported", word));
    assert_true(offers("token_endpoint_auth_methods_supported", "none"));
    assert_false(offers("introspection_endpoint_auth_methods_supported", "none"));
    assert_true(offers("acr_values_supported", "substantial"));
    assert_false(offers("acr_values_supported", "high"));
    assert_true(offers("code_challenge_methods_supported", "S256"));
    assert_false(offers("code_challenge_methods_supported", "plain"));
    assert_true(offers("id_token_signing_alg_values_supported", "RS256"));
    assert_true(offers("prompt_values_supported", "none"));
}

static void what_would_be_promised_by_silence_is_denied(void **state)
{
    (void)state;
    json_t *d = document();
    assert_true(json_is_false(json_object_get(d, "request_uri_parameter_supported")));
    assert_true(json_is_false(json_object_get(d, "claims_parameter_supported")));
    assert_true(json_is_true(json_object_get(d, "authorization_response_iss_parameter_supported")));
}

static void the_keys_are_served_as_a_set(void **state)
{
    (void)state;
    get(oauth_jwks, "");
    assert_int_equal(status(), 200);
    json_t *key = json_array_get(json_object_get(json_parse(city->arena, city->resp.body), "keys"), 0);
    assert_str(json_get_str(key, "alg"), "ES256");
    assert_null(json_object_get(key, "d"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, city_begin, city_end)
    const struct CMUnitTest tests[] = {
        TEST(addresses_come_from_the_issuer),
        TEST(lists_are_the_tables_that_the_endpoints_work_by),
        TEST(what_would_be_promised_by_silence_is_denied),
        TEST(the_keys_are_served_as_a_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
