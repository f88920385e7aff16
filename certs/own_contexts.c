#include "certs/own_contexts.h"

#include <pthread.h>
#include <stdlib.h>

/*
 * To begin a context costs look-ups, locks and counts of references that all threads would share. A thread
 * keeps those of the keys that it used last: an active one of each algorithm, and what was active before.
 * OpenSSL keeps such a key alive until its place here is needed or the thread ends.
 */
enum { KEPT = 8 };

struct kept {
    uint64_t number; /* of the key; 0: free */
    enum own_use use;
    EVP_PKEY_CTX *context;
};

static _Thread_local struct {
    struct kept v[KEPT];
    unsigned next;
    EVP_CIPHER_CTX *cipher;
    bool watched; /* the contexts are freed at the thread's end */
} own;
static pthread_key_t at_thread_end;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

static void free_own(void *unused)
{
    (void)unused;
    for (int i = 0; i < KEPT; i++) {
        EVP_PKEY_CTX_free(own.v[i].context);
        own.v[i] = (struct kept){0};
    }
    EVP_CIPHER_CTX_free(own.cipher);
    own.cipher = NULL;
}

static void make_key(void)
{
    if (pthread_key_create(&at_thread_end, free_own) != 0)
        abort();
}

static bool watch_thread(void)
{
    if (!own.watched) {
        pthread_once(&key_made, make_key);
        own.watched = pthread_setspecific(at_thread_end, &own) == 0;
    }
    return own.watched;
}

static EVP_PKEY_CTX *begin(const struct key_pair *key, enum own_use use)
{
    EVP_PKEY_CTX *c = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
    int begun = !c ? 0 : use == OWN_SIGNING ? EVP_PKEY_sign_init(c) : EVP_PKEY_verify_init(c);
    if (begun == 1 && EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()) == 1)
        return c;
    EVP_PKEY_CTX_free(c);
    return NULL;
}

EVP_PKEY_CTX *own_context(const struct key_pair *key, enum own_use use)
{
    for (int i = 0; i < KEPT; i++)
        if (own.v[i].number == key->number && own.v[i].use == use)
            return own.v[i].context;
    EVP_PKEY_CTX *c = watch_thread() ? begin(key, use) : NULL;
    if (!c)
        return NULL;
    struct kept *place = &own.v[own.next++ % KEPT];
    EVP_PKEY_CTX_free(place->context);
    *place = (struct kept){key->number, use, c};
    return c;
}

EVP_CIPHER_CTX *own_cipher(const EVP_CIPHER *cipher, const unsigned char *key, const unsigned char *nonce,
                           int encrypt)
{
    if (!own.cipher && watch_thread())
        own.cipher = EVP_CIPHER_CTX_new();
    if (!own.cipher)
        return NULL;
    /* Named again, it would be made anew. */
    bool same = EVP_CIPHER_CTX_get0_cipher(own.cipher) == cipher;
    bool begun = EVP_CipherInit_ex2(own.cipher, same ? NULL : cipher, key, nonce, encrypt, NULL) == 1;
    return begun ? own.cipher : NULL;
}
