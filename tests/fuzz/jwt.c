/*
 * jws_verify over any bytes. Those that begin with '{' are taken as "header|claims" and truly signed, so that
 * what lies behind the signature is reached too; all others must be refused.
 */
#include "certs/jws.h"
#include "certs/keyring_internal.h"
#include "certs/signature.h"
#include "server/base/encode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct key_pair *key;

static struct keyring *make_keyring(void)
{
    static const struct keyring_config config = {.overlap_seconds = 60};
    struct key_set *set = key_set_new(1);
    key = key_generate(JWS_ES256);
    if (!set || !key || !key_set_add(set, (struct key_record){.pair = key, .serial = 1, .state = KEY_ACTIVE}))
        abort();
    return keyring_from_keys(set, &config);
}

/* An '@' in the header stands for our kid. */
static struct str sign(struct arena *a, struct str text)
{
    struct str header, before = STR_EMPTY;
    struct signature s;
    if (!str_cut(&text, '|', &header))
        return STR_EMPTY;
    if (str_has(header, '@') && str_cut(&header, '@', &before))
        header = arena_join(a, (struct str[]){before, key_id(key), header}, 3);
    const struct str parts[] = {base64url_encode(a, header), STR("."), base64url_encode(a, text)};
    struct str input = arena_join(a, parts, 3);
    if (signature_make(key, input, &s) != RESULT_OK)
        abort();
    struct str last = base64url_encode(a, (struct str){(char *)s.bytes, s.len});
    return arena_join(a, (struct str[]){input, STR("."), last}, 3);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct keyring *k;
    if (!k)
        k = make_keyring();
    struct arena *a = arena_new(1 << 20);
    struct str token = {(const char *)data, size};
    bool ours = size > 0 && data[0] == '{';
    if (ours)
        token = sign(a, token);
    json_t *claims = NULL;
    enum result r = jws_verify(k, a, token, "JWT", &claims);
    if ((r == RESULT_OK) != (claims != NULL) || (r == RESULT_OK && !ours))
        abort();
    arena_free(a);
    return 0;
}
