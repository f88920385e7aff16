#include "certs/signer.h"

#include "certs/jws.h"
#include "certs/keyring_internal.h"
#include "certs/signature.h"
#include "server/base/encode.h"
#include "server/base/secret.h"

#include <jwt.h>
#include <stdlib.h>
#include <string.h>

/* Copies what libjwt allocated, base64url-encoded, and gives it back wiped. */
static struct str encode_and_free(struct arena *a, char *text)
{
    if (!text)
        return STR_EMPTY;
    struct str encoded = base64url_encode(a, str_of(text));
    wipe(text, strlen(text));
    free(text);
    return encoded;
}

/* The header by libjwt, sorted and compact. */
static struct str encoded_header(struct arena *a, const struct key_pair *key, const char *typ)
{
    struct str header = STR_EMPTY;
    jwt_t *jwt = NULL;
    if (jwt_new(&jwt) != 0)
        return STR_EMPTY;
    if (jwt_add_header(jwt, "alg", jws_alg_name(key->alg)) == 0 && jwt_add_header(jwt, "typ", typ) == 0 &&
        jwt_add_header(jwt, "kid", key->kid) == 0)
        header = encode_and_free(a, jwt_get_headers_json(jwt, NULL));
    jwt_free(jwt);
    return header;
}

/*
 * base64url(header) "." base64url(claims). libjwt would parse the claims' text and write the very same text again,
 * for as much time as a fourth of the signature takes.
 */
static struct str signing_input(struct arena *a, const struct key_pair *key, const char *typ, struct str claims)
{
    struct str parts[] = {encoded_header(a, key, typ), STR("."), base64url_encode(a, claims)};
    return parts[0].len > 0 && parts[2].len > 0 ? arena_join(a, parts, 3) : STR_EMPTY;
}

static enum result sign(const struct key_pair *key, struct arena *a, const char *typ, const json_t *claims,
                        struct str *jwt)
{
    struct signature signature;
    struct str text = json_is_object(claims) ? json_text(a, claims) : STR_EMPTY;
    struct str input = text.len > 0 ? signing_input(a, key, typ, text) : STR_EMPTY;
    if (input.len == 0)
        return RESULT_INTERNAL;
    if (input.len > JWS_MAX)
        return RESULT_REFUSED;
    enum result r = signature_make(key, input, &signature);
    if (r != RESULT_OK)
        return r;
    struct str last = base64url_encode(a, (struct str){(char *)signature.bytes, signature.len});
    *jwt = arena_join(a, (struct str[]){input, STR("."), last}, 3);
    if (arena_failed(a))
        return RESULT_INTERNAL;
    return jwt->len <= JWS_MAX ? RESULT_OK : RESULT_REFUSED;
}

enum result signer_sign(struct keyring *k, struct arena *a, enum jws_alg alg, const char *typ,
                        const json_t *claims, struct str *jwt)
{
    struct key_set *set = keyring_hold(k);
    const struct key_record *active = key_set_active(set, alg);
    enum result r = active ? sign(active->pair, a, typ, claims, jwt) : RESULT_INTERNAL;
    key_set_unref(set);
    return r;
}
