/* SHA-256, HMAC-SHA-256 and HKDF by OpenSSL's EVP. */
#ifndef ONEDOOR_BASE_DIGEST_H
#define ONEDOOR_BASE_DIGEST_H

#include "server/base/arena.h"
#include "server/base/result.h"

enum { DIGEST_SIZE = 32 };

/* SHA-256 of the parts one behind the other. False only when OpenSSL fails. */
MUST_CHECK bool sha256(const struct str *parts, size_t n, unsigned char out[DIGEST_SIZE]);

/* The same for parts that come one after the other, by one thread. NULL when memory is out. */
struct sha256_run;
struct sha256_run *sha256_begin(void);
void sha256_add(struct sha256_run *run, struct str part);
/* False when OpenSSL failed now or before. Frees it in any case; NULL is taken and fails. */
MUST_CHECK bool sha256_end(struct sha256_run *run, unsigned char out[DIGEST_SIZE]);

/* HMAC-SHA-256 of the parts one behind the other. False for an empty key as well, here and below. */
MUST_CHECK bool hmac_sha256(struct str key, const struct str *parts, size_t n,
                            unsigned char out[DIGEST_SIZE]);
/* RFC 5869 with an empty salt: a key of 32 bytes for one purpose, named by label. */
MUST_CHECK bool hkdf_sha256(struct str key, struct str label, unsigned char out[DIGEST_SIZE]);
/* base64url of SHA-256 (43 characters); STR_EMPTY on failure. */
struct str sha256_base64url(struct arena *a, struct str s);

#endif
