/* The fixed table of what we sign: none is accepted in another's place (RFC 8725 section 3.12). */
#ifndef ONEDOOR_TOKEN_PURPOSE_H
#define ONEDOOR_TOKEN_PURPOSE_H

#include "server/token/provider.h"

/* enum, typ header, claims without which it is never signed */
#define TOKEN_PURPOSES(X)                                                                                    \
    /* RFC 9068; audience: one resource; lifetime of the application or the server */                        \
    X(ACCESS, "at+jwt", "iss sub aud client_id jti iat exp")                                                 \
    /* audience: the client */                                                                               \
    X(ID, "JWT", "iss sub aud iat exp")                                                                      \
    /* audience: the client; logout_token.c sees to it that there is a sub or a sid */                       \
    X(LOGOUT, "logout+jwt", "iss aud jti iat exp events")

enum token_purpose {
#define X(name, typ, claims) TOKEN_##name,
    TOKEN_PURPOSES(X)
#undef X
        TOKEN_PURPOSE_COUNT
};

const char *token_typ(enum token_purpose purpose);

/*
 * Signs the claims for that purpose. INTERNAL when a claim that the purpose demands is missing (memory ran
 * out while they were put together) or the token would be longer than verifiers take.
 */
MUST_CHECK enum result token_sign(struct provider *p, struct arena *a, enum token_purpose purpose,
                                  enum jws_alg alg, const json_t *claims, struct str *out);
/* The same of claims that are written already; INTERNAL also when their text is no object. */
MUST_CHECK enum result token_sign_text(struct provider *p, struct arena *a, enum token_purpose purpose,
                                       enum jws_alg alg, struct str claims, struct str *out);

#endif
