#include "server/token/purpose.h"

#include "certs/signer.h"
#include "server/base/json_read.h"
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

/* What is to be signed is read once more: nothing goes out that we would not take back. */
static bool is_complete(struct arena *a, enum token_purpose purpose, struct str claims)
{
    struct str words = str_of(purposes[purpose].claims), word;
    const struct node *read = json_read(a, claims);
    while (read && str_word(&words, &word))
        if (!node_member(read, word))
            return false;
    return read != NULL;
}

enum result token_sign(struct provider *p, struct arena *a, enum token_purpose purpose, enum jws_alg alg,
                       const json_t *claims, struct str *out)
{
    return token_sign_text(p, a, purpose, alg, json_text(a, claims), out);
}

enum result token_sign_text(struct provider *p, struct arena *a, enum token_purpose purpose, enum jws_alg alg,
                            struct str claims, struct str *out)
{
    if (!is_complete(a, purpose, claims))
        return RESULT_INTERNAL;
    enum result r = signer_sign_text(p->keyring, a, alg, token_typ(purpose), claims, out);
    if (r != RESULT_REFUSED) /* longer than JWS_MAX */
        return r;
    LOG(LOG_LEVEL_ERROR, "token.too_large", LOG_Z("typ", token_typ(purpose)));
    return RESULT_INTERNAL;
}
