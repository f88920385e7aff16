#include "server/base/random.h"

#include "server/base/encode.h"
#include "server/base/secret.h"

#include <limits.h>
#include <openssl/rand.h>
#include <stdatomic.h>

static _Atomic(bool (*)(void *, size_t)) replaced;

bool random_bytes(void *p, size_t len)
{
    bool (*source)(void *, size_t) = atomic_load(&replaced);
    bool good = source ? source(p, len) : len <= INT_MAX && RAND_priv_bytes(p, (int)len) == 1;
    if (!good)
        wipe(p, len);
    return good;
}

struct str random_token(struct arena *a, size_t bytes)
{
    char *p = arena_alloc(a, bytes);
    if (!p || !random_bytes(p, bytes))
        return STR_EMPTY;
    struct str token = base64url_encode(a, (struct str){p, bytes});
    wipe(p, bytes);
    return token;
}

void random_replace(bool (*source)(void *p, size_t len))
{
    atomic_store(&replaced, source);
}
