#include "server/oauth/pkce.h"

#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/secret.h"

#include <string.h>

enum { VERIFIER_MIN = 43, VERIFIER_MAX = 128 };

bool pkce_is_challenge(struct arena *a, struct str challenge)
{
    struct str bytes;
    return base64url_decode(a, challenge, &bytes) && bytes.len == DIGEST_SIZE;
}

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~", c));
}

static bool is_verifier(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!is_unreserved(s.p[i]))
            return false;
    return s.len >= VERIFIER_MIN && s.len <= VERIFIER_MAX;
}

bool pkce_fits(struct arena *a, struct str verifier, struct str challenge)
{
    if (challenge.len == 0 || !is_verifier(verifier))
        return false;
    struct str made = sha256_base64url(a, verifier);
    return made.len > 0 && equal_constant_time(made, challenge);
}
