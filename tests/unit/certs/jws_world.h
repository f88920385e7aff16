/* Tokens as attackers write them. Most are signed by the right key, so that each check stands alone. */
#ifndef ONEDOOR_TESTS_JWS_WORLD_H
#define ONEDOOR_TESTS_JWS_WORLD_H

#include "certs/jws.h"

#include "certs/signature.h"
#include "certs/signer.h"
#include "server/base/buf.h"
#include "server/base/digest.h"
#include "tests/unit/certs/fixture.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#define CLAIMS "{\"iss\":\"https://sso.city.example\",\"exp\":1800000600}"

static struct arena *a;
static struct keyring *k;
static const struct key_pair *es, *rs;

static int begin(void **state)
{
    (void)state;
    fixture_time = 1800000000;
    clock_replace(fixture_clock);
    a = arena_new(64 * FIXTURE_ARENA);
    k = new_keyring(new_set());
    es = key_set_active(k->set, JWS_ES256)->pair;
    rs = key_set_active(k->set, JWS_RS256)->pair;
    return 0;
}

static int end(void **state)
{
    (void)state;
    clock_replace(NULL);
    keyring_close(k);
    arena_free(a);
    return 0;
}

__attribute__((unused)) static enum result verify_as(struct str token, const char *typ)
{
    json_t *claims = (json_t *)&claims;
    enum result r = jws_verify(k, a, token, typ, &claims);
    assert_true((r == RESULT_OK) == (claims != NULL));
    return r;
}

__attribute__((unused)) static enum result verify(struct str token)
{
    return verify_as(token, "JWT");
}

__attribute__((unused)) static struct str join(struct str head, struct str tail)
{
    return arena_join(a, (struct str[]){head, STR("."), tail}, 3);
}

__attribute__((unused)) static struct str input_of(const char *header, struct str claims)
{
    return join(base64url_encode(a, str_of(header)), base64url_encode(a, claims));
}

__attribute__((unused)) static struct str sign_with(const struct key_pair *key, struct str input)
{
    struct signature s;
    assert_int_equal(signature_make(key, input, &s), RESULT_OK);
    return base64url_encode(a, (struct str){(char *)s.bytes, s.len});
}

/* A token with this header, in which %s stands for the kid, truly signed by that key. */
__attribute__((unused)) static struct str craft(const struct key_pair *key, const char *header,
                                                const char *claims)
{
    struct str text = str_of(header), before;
    struct buf b;
    buf_init(&b, 1 << 22);
    while (str_cut(&text, '%', &before)) {
        buf_add(&b, before);
        if (text.len > 0)
            buf_add(&b, key_id(key));
    }
    struct str input = input_of(arena_cstr(a, buf_str(&b)), str_of(claims));
    buf_free(&b);
    return join(input, sign_with(key, input));
}

__attribute__((unused)) static struct str good(void)
{
    return craft(es, "{\"alg\":\"ES256\",\"kid\":\"%\",\"typ\":\"JWT\"}", CLAIMS);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

#endif
