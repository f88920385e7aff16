/* Randomness, from one place that tests can make fail. A failing source refuses, never weakens. */
#ifndef ONEDOOR_BASE_RANDOM_H
#define ONEDOOR_BASE_RANDOM_H

#include "server/base/arena.h"
#include "server/base/result.h"

MUST_CHECK bool random_bytes(void *p, size_t len);
/* base64url of `bytes` random bytes (no padding); STR_EMPTY when memory or randomness fails. */
struct str random_token(struct arena *a, size_t bytes);

/* For tests: replaces the source; NULL restores OpenSSL's private generator. */
void random_replace(bool (*source)(void *p, size_t len));

#endif
