#include "server/base/random.h"

#include "server/base/encode.h"
#include "server/base/secret.h"

#include <limits.h>
#include <openssl/rand.h>
#include <stdatomic.h>
#include <string.h>

static _Atomic(bool (*)(void *, size_t)) replaced;

/*
 * A call of OpenSSL's generator costs the same for a nonce as for many, so each thread keeps some bytes of it
 * in advance. They are as secret as the generator's own state, which lies in the same memory; each is handed
 * out once, and wiped. (This process never forks: two would hand out the same.)
 */
enum { STOCK = 512, SMALL = 32 };
static _Thread_local struct {
    unsigned char bytes[STOCK];
    size_t left;
} stock;

static bool take_small(void *p, size_t len)
{
    if (stock.left < len) {
        stock.left = 0;
        if (RAND_priv_bytes(stock.bytes, STOCK) != 1)
            return false;
        stock.left = STOCK;
    }
    stock.left -= len;
    memcpy(p, stock.bytes + stock.left, len);
    wipe(stock.bytes + stock.left, len);
    return true;
}

static bool take(void *p, size_t len)
{
    return len <= SMALL ? take_small(p, len) : len <= INT_MAX && RAND_priv_bytes(p, (int)len) == 1;
}

bool random_bytes(void *p, size_t len)
{
    bool (*source)(void *, size_t) = atomic_load(&replaced);
    bool good = source ? source(p, len) : take(p, len);
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
