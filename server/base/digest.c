#include "server/base/digest.h"

#include "server/base/encode.h"
#include "server/base/secret.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/*
 * Fetched once: OpenSSL 3 takes locks and searches its providers at every implicit fetch. Kept for the life
 * of the process.
 */
static struct {
    EVP_MD *sha256;
    EVP_KDF *hkdf;
} algorithms;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fetch(void)
{
    algorithms.sha256 = EVP_MD_fetch(NULL, "SHA2-256", NULL);
    algorithms.hkdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
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

static bool begin(void)
{
    if (!own)
        own = make_own();
    return own && EVP_DigestInit_ex2(own, NULL, NULL) == 1;
}

static bool end(const struct str *parts, size_t n, unsigned char out[DIGEST_SIZE])
{
    bool good = true;
    for (size_t i = 0; good && i < n; i++)
        good = EVP_DigestUpdate(own, parts[i].p, parts[i].len) == 1;
    return good && EVP_DigestFinal_ex(own, out, NULL) == 1;
}

bool sha256(const struct str *parts, size_t n, unsigned char out[DIGEST_SIZE])
{
    return begin() && end(parts, n, out);
}

/* OpenSSL takes longer to begin with a part than to digest a short one, so these are gathered first. */
struct sha256_run {
    EVP_MD_CTX *ctx;
    bool failed;
    size_t gathered;
    char parts[1024];
};

struct sha256_run *sha256_begin(void)
{
    pthread_once(&once, fetch);
    struct sha256_run *run = calloc(1, sizeof *run);
    if (!run)
        return NULL;
    run->ctx = EVP_MD_CTX_new();
    run->failed =
        !run->ctx || !algorithms.sha256 || EVP_DigestInit_ex2(run->ctx, algorithms.sha256, NULL) != 1;
    return run;
}

static void update(struct sha256_run *run, const char *p, size_t len)
{
    run->failed = run->failed || EVP_DigestUpdate(run->ctx, p, len) != 1;
}

void sha256_add(struct sha256_run *run, struct str part)
{
    if (part.len > sizeof run->parts - run->gathered) {
        update(run, run->parts, run->gathered);
        run->gathered = 0;
    }
    if (part.len > sizeof run->parts) {
        update(run, part.p, part.len);
    } else if (part.len > 0) {
        memcpy(run->parts + run->gathered, part.p, part.len);
        run->gathered += part.len;
    }
}

bool sha256_end(struct sha256_run *run, unsigned char out[DIGEST_SIZE])
{
    if (!run)
        return false;
    update(run, run->parts, run->gathered);
    bool good = !run->failed && EVP_DigestFinal_ex(run->ctx, out, NULL) == 1;
    EVP_MD_CTX_free(run->ctx);
    wipe(run, sizeof *run);
    free(run);
    return good;
}

enum { BLOCK = 64 }; /* of SHA-256 */

/* SHA-256 of the key's block, each byte of it changed by `pad`, and the parts behind it. */
static bool digest_behind_key(const unsigned char key[BLOCK], unsigned char pad, const struct str *parts,
                              size_t n, unsigned char out[DIGEST_SIZE])
{
    unsigned char block[BLOCK];
    for (size_t i = 0; i < BLOCK; i++)
        block[i] = key[i] ^ pad;
    bool good = begin() && EVP_DigestUpdate(own, block, BLOCK) == 1 && end(parts, n, out);
    wipe(block, sizeof block);
    return good;
}

/* RFC 2104, written out: OpenSSL's own allocates three contexts for every MAC. */
bool hmac_sha256(struct str key, const struct str *parts, size_t n, unsigned char out[DIGEST_SIZE])
{
    unsigned char block[BLOCK] = {0}, inner[DIGEST_SIZE];
    const struct str outer = {(const char *)inner, DIGEST_SIZE};
    if (key.len == 0 || (key.len > BLOCK && !sha256(&key, 1, block)))
        return false;
    if (key.len <= BLOCK)
        memcpy(block, key.p, key.len);
    bool good =
        digest_behind_key(block, 0x36, parts, n, inner) && digest_behind_key(block, 0x5c, &outer, 1, out);
    wipe(block, sizeof block);
    wipe(inner, sizeof inner);
    return good;
}

bool hkdf_sha256(struct str key, struct str label, unsigned char out[DIGEST_SIZE])
{
    pthread_once(&once, fetch);
    if (key.len == 0 || !algorithms.hkdf)
        return false;
    char digest_name[] = "SHA256";
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
