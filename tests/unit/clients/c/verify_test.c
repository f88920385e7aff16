/* Tokens as attackers write them. Most are signed by the right key, so that each check stands alone. */
#include "issuer.h"

#define HEADER "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"e1\"}"

static EVP_PKEY *es, *rs, *other;
static struct onedoor_client *client;

static int begin(void **state)
{
    (void)state;
    issuer_start();
    es = EVP_EC_gen("P-256");
    other = EVP_EC_gen("P-256");
    rs = EVP_RSA_gen(2048);
    issuer_publish((struct named_key[]){{"e1", es}, {"r1", rs}}, 2);
    client = issuer_client(NULL);
    return 0;
}

static int end(void **state)
{
    (void)state;
    onedoor_close(client);
    issuer_stop();
    EVP_PKEY_free(es);
    EVP_PKEY_free(other);
    EVP_PKEY_free(rs);
    return 0;
}

static enum onedoor_error verify(const char *token)
{
    struct onedoor_claims *claims = (struct onedoor_claims *)&claims;
    enum onedoor_error e = onedoor_verify(client, token, &claims);
    assert_true((e == ONEDOOR_OK) == (claims != NULL));
    onedoor_claims_free(claims);
    return e;
}

/* Takes the token. */
static void expect(enum onedoor_error wanted, char *token)
{
    enum onedoor_error e = verify(token);
    if (e != wanted)
        fail_msg("expected `%s`, got `%s`: %.400s", onedoor_error_text(wanted), onedoor_error_text(e), token);
    free(token);
}

static void expect_header(enum onedoor_error wanted, const char *header)
{
    expect(wanted, token_of(es, header, claims_with(GOOD)));
}

static void expect_claims(enum onedoor_error wanted, const char *changes)
{
    expect(wanted, token_of(es, HEADER, claims_with(changes)));
}

static void good_tokens_are_read(void **state)
{
    (void)state;
    struct onedoor_claims *claims;
    char *token =
        token_of(es, HEADER,
                 claims_with(GOOD ",\"scope\":\"a:b records:read\",\"roles\":[\"approver\"],"
                                  "\"org\":{\"primary\":\"330102/D0412\",\"others\":[\"330102/D0077\"]},"
                                  "\"entitlements\":[\"case:read\"],\"acr\":\"low\","
                                  "\"act\":{\"sub\":\"s-9\"},\"data_scope\":{\"case\":\"self\",\"form\":["
                                  "\"330102/D0077\"]},\"amr\":[\"pwd\",\"otp\"]"));
    assert_int_equal(onedoor_verify(client, token, &claims), ONEDOOR_OK);
    free(token);
    assert_string_equal(onedoor_claims_subject(claims), "s-200145");
    assert_string_equal(onedoor_claims_client_id(claims), "portal");
    assert_string_equal(onedoor_claims_acr(claims), "low");
    assert_string_equal(onedoor_claims_organisation(claims), "330102/D0412");
    assert_string_equal(onedoor_claims_actor(claims), "s-9");
    assert_string_equal(onedoor_claims_item(claims, "amr", 1), "otp");
    assert_null(onedoor_claims_item(claims, "amr", 2));
    assert_int_equal(onedoor_claims_expiry(claims), 1800000600);
    assert_true(onedoor_claims_has_scope(claims, "records:read"));
    assert_false(onedoor_claims_has_scope(claims, "records"));
    assert_false(onedoor_claims_has_scope(claims, "a:b records:read"));
    assert_false(onedoor_claims_has_scope(claims, ""));
    assert_true(onedoor_claims_has_role(claims, "approver"));
    assert_false(onedoor_claims_has_role(claims, "approve"));
    assert_true(onedoor_claims_has_entitlement(claims, "case:read"));
    assert_true(onedoor_claims_has_organisation(claims, "330102/D0077"));
    assert_false(onedoor_claims_has_organisation(claims, "330102"));
    assert_false(onedoor_claims_has_group(claims, "x"));
    assert_string_equal(onedoor_claims_data_scope(claims, "case"), "self");
    assert_null(onedoor_claims_data_scope_item(claims, "case", 0));
    assert_null(onedoor_claims_data_scope(claims, "form"));
    assert_string_equal(onedoor_claims_data_scope_item(claims, "form", 0), "330102/D0077");
    assert_null(onedoor_claims_data_scope_item(claims, "form", 1));
    assert_null(onedoor_claims_data_scope(claims, "permit"));
    assert_null(onedoor_claims_data_scope(claims, NULL));
    assert_null(onedoor_claims_string(claims, "roles"));
    assert_non_null(strstr(onedoor_claims_json(claims), "\"sub\":\"s-200145\""));
    onedoor_claims_free(claims);
    expect(ONEDOOR_OK,
           token_of(rs, "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"r1\"}", claims_with(GOOD)));
    expect_claims(ONEDOOR_OK, ",\"aud\":[\"x\",\"records\"],\"exp\":1800000600,\"nbf\":1800000000");
}

static void missing_things_have_nothing(void **state)
{
    (void)state;
    struct onedoor_claims *claims = NULL;
    assert_null(onedoor_claims_subject(NULL));
    assert_false(onedoor_claims_has_role(NULL, "approver"));
    assert_false(onedoor_claims_has_scope(NULL, "a"));
    assert_int_equal(onedoor_claims_expiry(NULL), 0);
    assert_string_equal(onedoor_claims_json(NULL), "{}");
    onedoor_claims_free(NULL);
    assert_int_equal(onedoor_verify(client, NULL, &claims), ONEDOOR_ARGUMENT);
    assert_int_equal(onedoor_verify(NULL, "a.b.c", &claims), ONEDOOR_ARGUMENT);
}

static void algorithms_are_the_keys_own(void **state)
{
    (void)state;
    static const char *const names[] = {"none",  "None",  "NONE",  "nOnE", "HS256",
                                        "ES384", "PS256", "es256", "EdDSA"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char header[128];
        snprintf(header, sizeof header, "{\"alg\":\"%s\",\"typ\":\"at+jwt\",\"kid\":\"e1\"}", names[i]);
        expect_header(ONEDOOR_TOKEN_ALGORITHM, header);
    }
    expect_header(ONEDOOR_TOKEN_ALGORITHM, "{\"alg\":\"RS256\",\"typ\":\"at+jwt\",\"kid\":\"e1\"}");
    expect(ONEDOOR_TOKEN_ALGORITHM,
           token_of(rs, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"r1\"}", claims_with(GOOD)));
    expect_header(ONEDOOR_TOKEN_MALFORMED, "{\"alg\":[\"ES256\"],\"typ\":\"at+jwt\",\"kid\":\"e1\"}");
    expect_header(ONEDOOR_TOKEN_MALFORMED, "{\"alg\":\"\",\"typ\":\"at+jwt\",\"kid\":\"e1\"}");
}

static void headers_ask_for_nothing_more(void **state)
{
    (void)state;
    static const char *const members[] = {"\"jwk\":{\"kty\":\"EC\"}",
                                          "\"jku\":\"https://evil.example/jwks\"",
                                          "\"x5u\":\"https://evil.example/\"",
                                          "\"x5c\":[\"MIIB\"]",
                                          "\"crit\":[\"exp\"]",
                                          "\"crit\":[]",
                                          "\"b64\":false",
                                          "\"zip\":\"DEF\"",
                                          "\"kid\":\"e1\"",
                                          "\"alg\":\"none\""};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        char header[256];
        snprintf(header, sizeof header, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"e1\",%s}",
                 members[i]);
        expect_header(ONEDOOR_TOKEN_MALFORMED, header);
    }
    expect_header(ONEDOOR_TOKEN_MALFORMED, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\"}");
    expect_header(ONEDOOR_TOKEN_MALFORMED, "[\"ES256\",\"at+jwt\",\"e1\"]");
    expect_header(ONEDOOR_TOKEN_MALFORMED, HEADER "x");
}

static void types_are_not_exchanged(void **state)
{
    (void)state;
    static const char *const types[] = {"JWT", "logout+jwt", "AT+JWT", "at+jwt ", "application/at+jwt"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char header[128];
        snprintf(header, sizeof header, "{\"alg\":\"ES256\",\"typ\":\"%s\",\"kid\":\"e1\"}", types[i]);
        expect_header(ONEDOOR_TOKEN_TYPE, header);
    }
}

static void kids_are_names_and_nothing_else(void **state)
{
    (void)state;
    char header[1400], kid[1200];
    memset(kid, 'k', sizeof kid);
    kid[sizeof kid - 1] = '\0';
    snprintf(header, sizeof header, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"%s\"}", kid);
    expect_header(ONEDOOR_TOKEN_MALFORMED, header);
    expect_header(ONEDOOR_TOKEN_KEY, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"../../etc/passwd\"}");
    expect_header(ONEDOOR_TOKEN_KEY, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"' OR 1\"}");
    expect_header(ONEDOOR_TOKEN_MALFORMED, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"e1\\u0000\"}");
}

static void signatures_are_checked(void **state)
{
    (void)state;
    expect(ONEDOOR_TOKEN_SIGNATURE, token_of(other, HEADER, claims_with(GOOD)));
    char *token = token_of(es, HEADER, claims_with(GOOD));
    char *at = strchr(token, '.') + 5;
    *at = *at == 'A' ? 'B' : 'A';
    expect(ONEDOOR_TOKEN_SIGNATURE, token);
}

/* The token's first two parts with another third. */
static char *with_signature(const void *bytes, size_t len)
{
    char *token = token_of(es, HEADER, claims_with(GOOD)), *out = NULL, *s = b64(bytes, len);
    *strrchr(token, '.') = '\0';
    assert_true(asprintf(&out, "%s.%s", token, s) > 0);
    free(token);
    free(s);
    return out;
}

static void odd_signatures_are_refused_in_bounded_time(void **state)
{
    (void)state;
    unsigned char bytes[15000] = {0};
    expect(ONEDOOR_TOKEN_SIGNATURE, with_signature(bytes, 64));
    expect(ONEDOOR_TOKEN_SIGNATURE, with_signature(bytes, 63));
    expect(ONEDOOR_TOKEN_SIGNATURE, with_signature(bytes, 65));
    expect(ONEDOOR_TOKEN_SIGNATURE, with_signature(bytes, 1));
    expect(ONEDOOR_TOKEN_MALFORMED, with_signature(bytes, sizeof bytes));
    memset(bytes, 0xff, 64);
    expect(ONEDOOR_TOKEN_SIGNATURE, with_signature(bytes, 64));
    memset(bytes, 0, 32); /* r zero, s not */
    expect(ONEDOOR_TOKEN_SIGNATURE, with_signature(bytes, 64));
    expect(ONEDOOR_TOKEN_MALFORMED, with_signature(bytes, 0));
}

/* Signed for RS256 with the public key as a password, as libraries fell to. */
static void the_public_key_is_no_password(void **state)
{
    (void)state;
    expect(ONEDOOR_TOKEN_ALGORITHM,
           token_of(es, "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"r1\"}", claims_with(GOOD)));
}

static char *changed(const char *(*how)(char *token))
{
    char *token = token_of(es, HEADER, claims_with(GOOD)), *out = strdup(how(token));
    free(token);
    return out;
}

static char scratch[20000];

#define CHANGE(name, ...)                                                                                    \
    static const char *name(char *token)                                                                     \
    {                                                                                                        \
        snprintf(scratch, sizeof scratch, __VA_ARGS__);                                                      \
        return scratch;                                                                                      \
    }
CHANGE(with_padding, "%s=", token)
CHANGE(with_space, " %s", token)
CHANGE(with_newline, "%s\n", token)
CHANGE(with_fourth, "%s.x", token)
CHANGE(with_point, "%s.", token)
CHANGE(with_first_point, ".%s", token)
CHANGE(with_nothing, "%.0s", token)
CHANGE(with_points_only, "..%.0s", token)
CHANGE(with_brace, "{\"payload\":\"%s\"}", token)
CHANGE(with_plus, "+%s", token + 1)
CHANGE(with_tab_within, "%.20s\t%s", token, token + 20)
CHANGE(with_two_parts, "%.40s.x", token + strcspn(token, ".") + 1)

/* The last character of 64 bytes holds four unused bits: another one of the same bytes. */
static const char *with_other_last(char *token)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char *last = token + strlen(token) - 1;
    *last = alphabet[(strchr(alphabet, *last) - alphabet) | 1];
    snprintf(scratch, sizeof scratch, "%s", token);
    return scratch;
}

static void there_is_one_way_to_write_a_token(void **state)
{
    (void)state;
    static const char *(*const ways[])(char *) = {
        with_padding,     with_space,     with_newline,     with_fourth, with_point,
        with_first_point, with_nothing,   with_points_only, with_brace,  with_plus,
        with_tab_within,  with_two_parts, with_other_last};
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        expect(ONEDOOR_TOKEN_MALFORMED, changed(ways[i]));
    memset(scratch, 'a', sizeof scratch);
    scratch[sizeof scratch - 1] = '\0';
    scratch[5] = scratch[10] = '.';
    assert_int_equal(verify(scratch), ONEDOOR_TOKEN_MALFORMED);
}

static void claims_must_be_there_and_of_their_type(void **state)
{
    (void)state;
    static const char *const bad[] = {
        ",\"aud\":\"records\"",
        ",\"exp\":1800000600",
        ",\"aud\":\"records\",\"exp\":\"1800000600\"",
        ",\"aud\":\"records\",\"exp\":-1",
        ",\"aud\":\"records\",\"exp\":0",
        ",\"aud\":\"records\",\"exp\":1e300",
        ",\"aud\":\"records\",\"exp\":1800000600.5",
        ",\"aud\":\"records\",\"exp\":99999999999999999999999",
        ",\"aud\":\"records\",\"exp\":null",
        ",\"aud\":\"records\",\"exp\":[1800000600]",
        ",\"aud\":{\"records\":1},\"exp\":1800000600",
        GOOD ",\"nbf\":\"1\"",
        GOOD ",\"nbf\":1e300",
        GOOD ",\"exp\":1900000000",
        GOOD ",\"sub\":\"admin\"",
        GOOD "}{",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        expect_claims(ONEDOOR_TOKEN_MALFORMED, bad[i]);
    expect(ONEDOOR_TOKEN_MALFORMED, token_of(es, HEADER, "[1]"));
    expect(ONEDOOR_TOKEN_MALFORMED, token_of(es, HEADER, "null"));
    expect(ONEDOOR_TOKEN_MALFORMED, token_of(es, HEADER, "\xff\xfe"));
}

static void deep_nesting_is_bounded(void **state)
{
    (void)state;
    char deep[10000];
    memset(deep, '[', sizeof deep);
    deep[sizeof deep - 1] = '\0';
    expect(ONEDOOR_TOKEN_MALFORMED, token_of(es, HEADER, deep));
}

static void issuer_and_audience_are_compared_to_the_byte(void **state)
{
    (void)state;
    char text[512];
    const char *const ends[] = {"/", "x", "\",\"iss2\":\"", "#"};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(text, sizeof text,
                 "{\"sub\":\"s\",\"client_id\":\"p\",\"jti\":\"j\",\"iat\":1800000000" GOOD
                 ",\"iss\":\"%.*s%s\"}",
                 (int)strlen(issuer.name) - (i == 2), issuer.name, ends[i]);
        expect(ONEDOOR_TOKEN_ISSUER, token_of(es, HEADER, text));
    }
    expect_claims(ONEDOOR_TOKEN_AUDIENCE, ",\"aud\":\"records/\",\"exp\":1800000600");
    expect_claims(ONEDOOR_TOKEN_AUDIENCE, ",\"aud\":\"Records\",\"exp\":1800000600");
    expect_claims(ONEDOOR_TOKEN_AUDIENCE, ",\"aud\":[],\"exp\":1800000600");
    expect_claims(ONEDOOR_TOKEN_AUDIENCE, ",\"aud\":[\"x\",1,null],\"exp\":1800000600");
}

static void times_are_checked_with_the_leeway(void **state)
{
    (void)state;
    expect_claims(ONEDOOR_OK, ",\"aud\":\"records\",\"exp\":1799999996");
    expect_claims(ONEDOOR_TOKEN_EXPIRED, ",\"aud\":\"records\",\"exp\":1799999995");
    expect_claims(ONEDOOR_OK, GOOD ",\"nbf\":1800000005");
    expect_claims(ONEDOOR_TOKEN_EARLY, GOOD ",\"nbf\":1800000006");
    expect_claims(ONEDOOR_OK, ",\"aud\":\"records\",\"exp\":9223372036854775807");
}

/* Nothing that is wrong with a token makes the server be asked, unless its kid is unknown. */
static void refusals_cost_the_server_nothing(void **state)
{
    (void)state;
    assert_int_equal(verify("a.b.c"), ONEDOOR_TOKEN_MALFORMED);
    expect_header(ONEDOOR_TOKEN_ALGORITHM, "{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"e9\"}");
    assert_int_equal(issuer_hits("/jwks"), 0);
    for (int i = 0; i < 50; i++)
        expect_header(ONEDOOR_TOKEN_KEY, "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"e9\"}");
    assert_int_equal(issuer_hits("/jwks"), 1);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(good_tokens_are_read),
        TEST(missing_things_have_nothing),
        TEST(algorithms_are_the_keys_own),
        TEST(headers_ask_for_nothing_more),
        TEST(types_are_not_exchanged),
        TEST(kids_are_names_and_nothing_else),
        TEST(signatures_are_checked),
        TEST(odd_signatures_are_refused_in_bounded_time),
        TEST(the_public_key_is_no_password),
        TEST(there_is_one_way_to_write_a_token),
        TEST(claims_must_be_there_and_of_their_type),
        TEST(deep_nesting_is_bounded),
        TEST(issuer_and_audience_are_compared_to_the_byte),
        TEST(times_are_checked_with_the_leeway),
        TEST(refusals_cost_the_server_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
