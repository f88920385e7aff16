#include "server/token/purpose.h"

#include "certs/signer.h"
#include "server/base/log.h"

static const struct {
    const char *typ, *claims;
} purposes[TOKEN_PURPOSE_COUNT] = {
#define X(name, typ, claims) [TOKEN_##name] = {typ, claims},
    TOKEN_PURPOSES(X)
#undef X
};

const char *token_typ(enum token_purpose purpose)
{
    return purposes[purpose].typ;
}

static bool is_complete(struct arena *a, enum token_purpose purpose, const json_t *claims)
{
    struct str words = str_of(purposes[purpose].claims), word;
    while (str_word(&words, &word)) {
        const char *name = arena_cstr(a, word);
        if (!name || !json_object_get(claims, name))
            return false;
    }
    return true;
}

enum result token_sign(struct provider *p, struct arena *a, enum token_purpose purpose, enum jws_alg alg,
                       const json_t *claims, struct str *out)
{
    if (!is_complete(a, purpose, claims))
        return RESULT_INTERNAL;
    enum result r = signer_sign(p->keyring, a, alg, token_typ(purpose), claims, out);
    if (r != RESULT_REFUSED) /* longer than JWS_MAX */
        return r;
    LOG(LOG_LEVEL_ERROR, "token.too_large", LOG_Z("typ", token_typ(purpose)));
    return RESULT_INTERNAL;
}
