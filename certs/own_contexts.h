/* What a thread signs, verifies and seals with, so that it shares nothing with others. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_OWN_CONTEXTS_H
#define ONEDOOR_CERTS_OWN_CONTEXTS_H

#include "certs/key.h"

enum own_use { OWN_SIGNING, OWN_VERIFYING };

/*
 * This thread's context for SHA-256 digests with that key, begun at its first use and kept for the next ones.
 * Good until the thread's next call. NULL when OpenSSL or memory fails.
 */
EVP_PKEY_CTX *own_context(const struct key_pair *key, enum own_use use);

/*
 * This thread's context with that key and nonce, to encrypt (1) or decrypt (0): good until the thread's next
 * call. It holds the key's schedule until then. NULL when OpenSSL or memory fails.
 */
EVP_CIPHER_CTX *own_cipher(const EVP_CIPHER *cipher, const unsigned char *key, const unsigned char *nonce,
                           int encrypt);

#endif
