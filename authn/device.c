#include "authn/throttle.h"
#include "server/base/clock.h"
#include "server/base/digest.h"
#include "server/base/encode.h"
#include "server/base/random.h"

enum { ID_BYTES = 16, ID_CHARACTERS = 22 };

/* The MAC over id, age and account: of another account the cookie is worth nothing. */
static struct str mac_of(struct authn *au, struct arena *a, struct str id, struct str issued, struct str uuid)
{
    unsigned char mac[DIGEST_SIZE];
    struct str dot = STR("."), parts[] = {id, dot, issued, dot, uuid};
    if (!hmac_sha256(secret_str(au->device_key), parts, 5, mac))
        return STR_EMPTY;
    return base64url_encode(a, (struct str){(const char *)mac, sizeof mac});
}

struct str device_cookie_make(struct authn *au, struct arena *a, struct str uuid)
{
    struct str id = random_token(a, ID_BYTES);
    struct str issued = arena_printf(a, "%lld", (long long)clock_now());
    struct str mac = mac_of(au, a, id, issued, uuid);
    if (id.len == 0 || issued.len == 0 || mac.len == 0)
        return STR_EMPTY;
    struct str parts[] = {id, STR("."), issued, STR("."), mac};
    return arena_join(a, parts, 5);
}

struct str device_cookie_check(struct authn *au, struct arena *a, struct str cookie, struct str uuid)
{
    struct str id, issued, mac = cookie;
    uint64_t made;
    if (!str_cut(&mac, '.', &id) || id.len != ID_CHARACTERS || !str_cut(&mac, '.', &issued))
        return STR_EMPTY;
    struct str expected = mac_of(au, a, id, issued, uuid);
    if (expected.len == 0 || !equal_constant_time(mac, expected))
        return STR_EMPTY;
    if (!str_to_u64(issued, INT64_MAX, &made) || clock_now() - (int64_t)made >= au->config.device_seconds)
        return STR_EMPTY;
    return arena_copy(a, id);
}
