#include "certs/seal.h"

#include "certs/own_contexts.h"
#include "server/base/digest.h"
#include "server/base/random.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, NONCE = 12, TAG = 16, OVERHEAD = 1 + NONCE + TAG };

struct seal {
    struct secret *key;
    EVP_CIPHER *cipher; /* fetched once: OpenSSL 3.0 looks it up by name at every use otherwise */
};

struct seal *seal_new(const struct secret *key)
{
    struct seal *s = secret_len(key) == DIGEST_SIZE ? calloc(1, sizeof *s) : NULL;
    if (!s)
        return NULL;
    s->key = secret_copy(secret_bytes(key), secret_len(key));
    s->cipher = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    if (s->key && s->cipher)
        return s;
    seal_free(s);
    return NULL;
}

void seal_free(struct seal *s)
{
    if (!s)
        return;
    secret_free(s->key);
    EVP_CIPHER_free(s->cipher);
    free(s);
}

/*
 * The thread's context with the key, the nonce and the place. Each place has a key of its own: random nonces
 * of 96 bits are good for 2^32 values under one key (NIST SP 800-38D section 8.3), and a busy city seals more
 * than that.
 */
static EVP_CIPHER_CTX *begin(const struct seal *s, struct str place, const unsigned char *nonce, int encrypt)
{
    unsigned char key[DIGEST_SIZE];
    int len = 0;
    bool derived = place.len <= INT_MAX && hmac_sha256(secret_str(s->key), &place, 1, key);
    EVP_CIPHER_CTX *c = derived ? own_cipher(s->cipher, key, nonce, encrypt) : NULL;
    wipe(key, sizeof key);
    return c && EVP_CipherUpdate(c, NULL, &len, (const unsigned char *)place.p, (int)place.len) == 1 ? c
                                                                                                     : NULL;
}

enum result seal_close(const struct seal *s, struct arena *a, struct str place, struct str plain,
                       struct str *sealed)
{
    unsigned char *p = plain.len <= INT_MAX - OVERHEAD ? arena_alloc(a, plain.len + OVERHEAD) : NULL;
    int len = 0, rest = 0;
    if (!p || !random_bytes(p + 1, NONCE))
        return RESULT_INTERNAL;
    p[0] = VERSION;
    unsigned char *text = p + 1 + NONCE, *tag = text + plain.len;
    EVP_CIPHER_CTX *c = begin(s, place, p + 1, 1);
    bool done = c && EVP_CipherUpdate(c, text, &len, (const unsigned char *)plain.p, (int)plain.len) == 1 &&
                EVP_CipherFinal_ex(c, tag, &rest) == 1 &&
                EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, tag) == 1;
    if (!done)
        ERR_clear_error();
    *sealed = (struct str){(char *)p, plain.len + OVERHEAD};
    return done ? RESULT_OK : RESULT_INTERNAL;
}

enum result seal_open(const struct seal *s, struct arena *a, struct str place, struct str sealed,
                      struct str *plain)
{
    const unsigned char *p = (const unsigned char *)sealed.p;
    if (sealed.len < OVERHEAD || sealed.len > INT_MAX || p[0] != VERSION)
        return RESULT_REFUSED;
    size_t n = sealed.len - OVERHEAD;
    unsigned char tag[TAG], *text = arena_alloc(a, n + 1);
    int len = 0, rest = 0;
    EVP_CIPHER_CTX *c = text ? begin(s, place, p + 1, 0) : NULL;
    if (!c)
        return RESULT_INTERNAL;
    memcpy(tag, p + 1 + NONCE + n, TAG);
    bool ready = EVP_CipherUpdate(c, text, &len, p + 1 + NONCE, (int)n) == 1 &&
                 EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_SET_TAG, TAG, tag) == 1;
    bool genuine = ready && EVP_CipherFinal_ex(c, text + n, &rest) == 1;
    if (!genuine) {
        ERR_clear_error();
        wipe(text, n); /* what did not prove genuine is not for anybody's eyes */
        return ready ? RESULT_REFUSED : RESULT_INTERNAL;
    }
    *plain = (struct str){(char *)text, n};
    return RESULT_OK;
}
