#include "certs/signer.h"

#include "certs/jws.h"
#include "certs/jws_header.h"
#include "certs/keyring_internal.h"
#include "certs/signature.h"
#include "server/base/encode.h"

/* base64url(header) "." base64url(claims) */
static struct str signing_input(struct arena *a, struct key_pair *key, const char *typ, struct str claims)
{
    struct str parts[3] = {jws_header_of(key, typ), STR("."), base64url_encode(a, claims)};
    return parts[0].len > 0 && parts[2].len > 0 ? arena_join(a, parts, 3) : STR_EMPTY;
}

static enum result sign(struct key_pair *key, struct arena *a, const char *typ, struct str claims,
                        struct str *jwt)
{
    struct signature signature;
    struct str input = claims.len > 0 ? signing_input(a, key, typ, claims) : STR_EMPTY;
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

enum result signer_sign_text(struct keyring *k, struct arena *a, enum jws_alg alg, const char *typ,
                             struct str claims, struct str *jwt)
{
    struct held_keys keys = keyring_hold(k);
    const struct key_record *active = keys.set ? key_set_active(keys.set, alg) : NULL;
    enum result r = active ? sign(active->pair, a, typ, claims, jwt) : RESULT_INTERNAL;
    keyring_let_go(&keys);
    return r;
}

enum result signer_sign(struct keyring *k, struct arena *a, enum jws_alg alg, const char *typ,
                        const json_t *claims, struct str *jwt)
{
    struct str text = json_is_object(claims) ? json_text(a, claims) : STR_EMPTY;
    return text.len > 0 ? signer_sign_text(k, a, alg, typ, text, jwt) : RESULT_INTERNAL;
}
