#include "certs/signer.h"

#include "certs/jws.h"
#include "tests/unit/certs/fixture.h"

static struct arena *a;
static struct keyring *k;

static int begin(void **state)
{
    (void)state;
    a = arena_new(FIXTURE_ARENA);
    k = new_keyring(new_set());
    return a && k ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    keyring_close(k);
    arena_free(a);
    return 0;
}

static void the_header_names_algorithm_type_and_the_active_key(void **state)
{
    (void)state;
    struct str token, rest, header, text;
    const json_t *claims = json_parse(a, STR("{\"z\":1,\"sub\":\"s-200145\",\"aud\":[\"a\",\"b\"]}"));
    for (unsigned alg = 0; alg < JWS_ALG_COUNT; alg++) {
        assert_int_equal(signer_sign(k, a, (enum jws_alg)alg, "at+jwt", claims, &token), RESULT_OK);
        rest = token;
        assert_true(str_cut(&rest, '.', &header));
        assert_true(base64url_decode(a, header, &text));
        const char *kid = key_set_active(k->set, (enum jws_alg)alg)->pair->kid;
        const char *expected = arena_printf(a, "{\"alg\":\"%s\",\"kid\":\"%s\",\"typ\":\"at+jwt\"}",
                                            jws_alg_name((enum jws_alg)alg), kid)
                                   .p;
        assert_str(text, expected);
        assert_true(str_cut(&rest, '.', &header));
        assert_true(base64url_decode(a, header, &text));
        assert_str(text, "{\"aud\":[\"a\",\"b\"],\"sub\":\"s-200145\",\"z\":1}");
    }
}

static void what_is_signed_verifies_with_the_same_claims(void **state)
{
    (void)state;
    json_t *back = NULL;
    struct str token;
    const json_t *claims =
        json_parse(a, STR("{\"name\":\"\\u674e\\u660e \\\"\\\\ "
                          "\\u0001\",\"n\":-9007199254740993,\"o\":{\"x\":[1.5,true,null]}}"));
    assert_int_equal(signer_sign(k, a, JWS_ES256, "JWT", claims, &token), RESULT_OK);
    assert_int_equal(jws_verify(k, a, token, "JWT", &back), RESULT_OK);
    assert_true(json_equal(back, claims));
}

/* We must not hand out what we would not take back. */
static void a_token_too_long_to_be_verified_is_not_made(void **state)
{
    (void)state;
    struct str token;
    static char filler[JWS_MAX];
    memset(filler, 'x', sizeof filler);
    json_t *claims = json_new(a), *back = NULL;
    size_t most = 0;
    for (size_t len = 5800; len < 6200; len++) {
        json_put_str(claims, "f", (struct str){filler, len});
        enum result r = signer_sign(k, a, JWS_ES256, "JWT", claims, &token);
        if (r == RESULT_OK) {
            most = len;
            assert_int_equal(jws_verify(k, a, token, "JWT", &back), RESULT_OK);
        } else {
            assert_int_equal(r, RESULT_REFUSED);
        }
        arena_free(a);
        a = arena_new(FIXTURE_ARENA);
        claims = json_new(a);
    }
    assert_in_range(most, 5801, 6198);
}

static void claims_that_are_no_object_are_not_signed(void **state)
{
    (void)state;
    struct str token;
    json_t *list = json_array();
    assert_int_equal(signer_sign(k, a, JWS_ES256, "JWT", list, &token), RESULT_INTERNAL);
    assert_int_equal(signer_sign(k, a, JWS_ES256, "JWT", NULL, &token), RESULT_INTERNAL);
    json_decref(list);
}

static void a_full_arena_is_an_error_and_no_token(void **state)
{
    (void)state;
    struct arena *small = arena_new(200);
    struct str token;
    const json_t *claims = json_parse(a, STR("{\"iss\":\"https://sso.city.example\",\"sub\":\"s-200145\"}"));
    assert_int_equal(signer_sign(k, small, JWS_ES256, "JWT", claims, &token), RESULT_INTERNAL);
    arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_header_names_algorithm_type_and_the_active_key, begin, end),
        cmocka_unit_test_setup_teardown(what_is_signed_verifies_with_the_same_claims, begin, end),
        cmocka_unit_test_setup_teardown(a_token_too_long_to_be_verified_is_not_made, begin, end),
        cmocka_unit_test_setup_teardown(claims_that_are_no_object_are_not_signed, begin, end),
        cmocka_unit_test_setup_teardown(a_full_arena_is_an_error_and_no_token, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
