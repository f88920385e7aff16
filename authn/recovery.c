#include "authn/account_parts.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/random.h"
#include "server/base/secret.h"

#include <string.h>

enum { CODE_CHARACTERS = 10 };

/* Douglas Crockford's base32: no I, L, O, U, so that a code read from paper is typed right. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct str recovery_code_make(struct arena *a)
{
    unsigned char bytes[CODE_CHARACTERS];
    char text[CODE_CHARACTERS + 1];
    if (!random_bytes(bytes, sizeof bytes))
        return STR_EMPTY;
    size_t n = 0;
    for (size_t i = 0; i < CODE_CHARACTERS; i++) {
        if (i == CODE_CHARACTERS / 2)
            text[n++] = '-';
        text[n++] = alphabet[bytes[i] & 31];
    }
    struct str code = arena_copy(a, (struct str){text, n});
    wipe(bytes, sizeof bytes);
    wipe(text, sizeof text);
    return code;
}

/* The character of the alphabet that was meant; 0 when none was. */
static char meant(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        c = '0';
    if (c == 'I' || c == 'L')
        c = '1';
    return c != '\0' && strchr(alphabet, c) ? c : '\0';
}

static bool read_code(struct str typed, char out[CODE_CHARACTERS])
{
    size_t n = 0;
    for (size_t i = 0; i < typed.len; i++) {
        if (typed.p[i] == ' ' || typed.p[i] == '-')
            continue;
        char c = meant(typed.p[i]);
        if (c == '\0' || n == CODE_CHARACTERS)
            return false;
        out[n++] = c;
    }
    return n == CODE_CHARACTERS;
}

/* Fifty bits are few enough to try them all against a bare hash: hence a MAC, whose key is not in the
 * registry. */
bool recovery_code_hash(struct authn *au, struct arena *a, struct str uuid, struct str code, struct str *hash)
{
    char text[CODE_CHARACTERS];
    unsigned char mac[DIGEST_SIZE];
    if (!read_code(code, text))
        return false;
    struct str parts[] = {uuid, STR(" "), {text, sizeof text}};
    bool good = hmac_sha256(secret_str(au->recovery_key), parts, 3, mac);
    wipe(text, sizeof text);
    *hash = good ? base64url_encode(a, (struct str){(const char *)mac, sizeof mac}) : STR_EMPTY;
    return hash->len > 0;
}

enum result account_spend_recovery_code(struct authn *au, struct arena *a, struct str uuid, struct str code)
{
    struct str hash;
    if (!recovery_code_hash(au, a, uuid, code, &hash))
        return arena_failed(a) ? RESULT_INTERNAL : RESULT_REFUSED;
    struct change spend = {CHANGE_DELETE, {ATTRIBUTE_RECOVERY, &hash, 1}};
    enum result r = registry_modify(au->directory, account_rdn(a, uuid), &spend, 1);
    return r == RESULT_USED || r == RESULT_NOT_FOUND ? RESULT_REFUSED : r;
}
