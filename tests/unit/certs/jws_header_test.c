#include "certs/jws_header.h"

#include "tests/unit/certs/fixture.h"

static json_t *read_header(struct arena *a, struct str encoded)
{
    struct str text;
    assert_true(base64url_decode(a, encoded, &text));
    return json_parse(a, text);
}

static void it_names_algorithm_type_and_key(void **state)
{
    (void)state;
    struct arena *a = arena_new(FIXTURE_ARENA);
    struct key_pair *key = new_pair(JWS_ES256);
    const json_t *header = read_header(a, jws_header_of(key, "at+jwt"));
    assert_int_equal(json_object_size(header), 3);
    assert_true(str_eq(json_get_str(header, "alg"), STR("ES256")));
    assert_true(str_eq(json_get_str(header, "typ"), STR("at+jwt")));
    assert_true(str_eq(json_get_str(header, "kid"), key_id(key)));
    key_unref(key);
    arena_free(a);
}

static void it_is_made_once_for_each_type(void **state)
{
    (void)state;
    struct key_pair *key = new_pair(JWS_ES256);
    struct str access = jws_header_of(key, "at+jwt"), id = jws_header_of(key, "JWT");
    assert_false(str_eq(access, id));
    assert_ptr_equal(jws_header_of(key, "at+jwt").p, access.p);
    assert_ptr_equal(jws_header_of(key, "JWT").p, id.p);
    key_unref(key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_names_algorithm_type_and_key),
        cmocka_unit_test(it_is_made_once_for_each_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
