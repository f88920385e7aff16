#include "server/base/digest.h"

#include "server/base/encode.h"
#include "server/base/secret.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdlib.h>

/*
 * Fetched once: OpenSSL 3 takes locks and searches its providers at every implicit fetch. Kept for the life
 * of the process. The MAC is a keyed context to copy from, which spares the fetch of its digest as well
 * (OpenSSL 3.0 cannot copy an unkeyed one).
 */
static struct {
    EVP_MD *sha256;
    EVP_MAC_CTX *hmac;
    EVP_KDF *hkdf;
} algorithms;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static char digest_name[] = "SHA256";

static void fetch(void)
{
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest_name, 0),
                           OSSL_PARAM_construct_end()};

    algorithms.sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    algorithms.hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *keyed = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    if (keyed && EVP_MAC_init(keyed, (const unsigned char *)"none", 4, params) == 1)
        algorithms.hmac = keyed;
    else
        EVP_MAC_CTX_free(keyed);
    EVP_MAC_free(hmac);
}

/*
 * A context costs more to make than a short text to digest, so each thread keeps one. What it keeps of the
 * text is its digest: OpenSSL clears the block behind which it ended.
 */
static _Thread_local EVP_MD_CTX *own;
static pthread_key_t at_thread_end;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

static void free_own(void *ctx)
{
    EVP_MD_CTX_free(ctx);
    own = NULL;
}

static void make_key(void)
{
    if (pthread_key_create(&at_thread_end, free_own) != 0)
        abort();
}

static EVP_MD_CTX *make_own(void)
{
    pthread_once(&once, fetch);
    pthread_once(&key_made, make_key);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    if (ctx && algorithms.sha256 && EVP_DigestInit_ex2(ctx, algorithms.sha256, NULL) == 1 &&
        pthread_setspecific(at_thread_end, ctx) == 0)
        return ctx;
    EVP_MD_CTX_free(ctx);
    return NULL;
}

bool sha256(const struct str *parts, size_t n, unsigned char out[DIGEST_SIZE])
{
    if (!own)
        own = make_own();
    bool good = own && EVP_DigestInit_ex2(own, NULL, NULL) == 1;
    for (size_t i = 0; good && i < n; i++)
        good = EVP_DigestUpdate(own, parts[i].p, parts[i].len) == 1;
    return good && EVP_DigestFinal_ex(own, out, NULL) == 1;
}

bool hmac_sha256(struct str key, const struct str *parts, size_t n, unsigned char out[DIGEST_SIZE])
{
    pthread_once(&once, fetch);
    if (key.len == 0 || !algorithms.hmac)
        return false;
    EVP_MAC_CTX *ctx = EVP_MAC_CTX_dup(algorithms.hmac);
    bool good = ctx && EVP_MAC_init(ctx, (const unsigned char *)key.p, key.len, NULL) == 1;
    for (size_t i = 0; good && i < n; i++)
        if (parts[i].len > 0)
            good = EVP_MAC_update(ctx, (const unsigned char *)parts[i].p, parts[i].len) == 1;
    size_t len = 0;
    good = good && EVP_MAC_final(ctx, out, &len, DIGEST_SIZE) == 1 && len == DIGEST_SIZE;
    EVP_MAC_CTX_free(ctx);
    return good;
}

bool hkdf_sha256(struct str key, struct str label, unsigned char out[DIGEST_SIZE])
{
    pthread_once(&once, fetch);
    if (key.len == 0 || !algorithms.hkdf)
        return false;
    /* OSSL_PARAM has no const: the KDF only reads them. */
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest_name, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)(uintptr_t)key.p, key.len),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)(uintptr_t)label.p, label.len),
        OSSL_PARAM_construct_end()};
    if (label.len == 0)
        params[2] = OSSL_PARAM_construct_end();

    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(algorithms.hkdf);
    bool good = ctx && EVP_KDF_derive(ctx, out, DIGEST_SIZE, params) == 1;
    EVP_KDF_CTX_free(ctx);
    return good;
}

struct str sha256_base64url(struct arena *a, struct str s)
{
    unsigned char digest[DIGEST_SIZE];
    if (!sha256(&s, 1, digest))
        return STR_EMPTY;
    struct str text = base64url_encode(a, (struct str){(const char *)digest, sizeof digest});
    wipe(digest, sizeof digest);
    return text;
}
