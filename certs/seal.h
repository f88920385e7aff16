/* AES-256-GCM: what leaves for Redis or the registry is sealed, bound to the place where it lies. */
#ifndef ONEDOOR_CERTS_SEAL_H
#define ONEDOOR_CERTS_SEAL_H

#include "server/base/arena.h"
#include "server/base/result.h"
#include "server/base/secret.h"

struct seal;

/* A sealer with that 32-byte key; safe for all threads. NULL when memory or OpenSSL fails. */
struct seal *seal_new(const struct secret *key);
void seal_free(struct seal *s);

/*
 * version byte ‖ random nonce (12) ‖ ciphertext ‖ tag (16). `place` is the associated data: the name of the
 * key or entry, so that a value moved elsewhere does not open. INTERNAL when randomness or memory fails.
 */
MUST_CHECK enum result seal_close(const struct seal *s, struct arena *a, struct str place, struct str plain,
                                  struct str *sealed);
/* REFUSED when it was altered, moved, or sealed by another key. */
MUST_CHECK enum result seal_open(const struct seal *s, struct arena *a, struct str place, struct str sealed,
                                 struct str *plain);

#endif
