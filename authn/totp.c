#include "authn/totp.h"

#include "server/base/clock.h"
#include "server/base/random.h"

#include <liboath/oath.h>
#include <stdlib.h>
#include <string.h>

enum {
    CODE_DIGITS = 6,
    WINDOW = 1,
    SEED_MIN = 16, /* RFC 4226 section 4, R6 */
    SEED_MAX = 64,
    BASE32_MAX = 200,
    REMEMBERED_SECONDS = 300 /* longer than any server's clock can still take the step for a near one */
};

bool totp_seed_make(struct arena *a, struct str *seed)
{
    char *p = arena_alloc(a, TOTP_SEED_SIZE);
    if (!p || !random_bytes(p, TOTP_SEED_SIZE))
        return false;
    *seed = (struct str){p, TOTP_SEED_SIZE};
    return true;
}

/* What liboath allocated, moved into the arena. */
static struct str adopt(struct arena *a, char *p, size_t len)
{
    struct str copy = arena_copy(a, (struct str){p, len});
    wipe(p, len);
    free(p);
    return copy;
}

struct str totp_base32(struct arena *a, struct str seed)
{
    char *text = NULL;
    size_t len = 0;
    if (seed.len == 0 || oath_base32_encode(seed.p, seed.len, &text, &len) != OATH_OK)
        return STR_EMPTY;
    struct str copy = adopt(a, text, len);
    while (str_ends(copy, STR("=")))
        copy.len--;
    return copy;
}

bool totp_from_base32(struct arena *a, struct str text, struct str *seed)
{
    char *bytes = NULL;
    size_t len = 0;
    if (text.len == 0 || text.len > BASE32_MAX || str_has(text, '\0') ||
        oath_base32_decode(text.p, text.len, &bytes, &len) != OATH_OK)
        return false;
    *seed = adopt(a, bytes, len);
    return seed->len >= SEED_MIN && seed->len <= SEED_MAX;
}

/* Exactly six digits, spaces and dashes left out. */
static bool read_code(struct str code, char digits[CODE_DIGITS + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < code.len; i++) {
        char c = code.p[i];
        if (c == ' ' || c == '-')
            continue;
        if (c < '0' || c > '9' || n == CODE_DIGITS)
            return false;
        digits[n++] = c;
    }
    digits[n] = '\0';
    return n == CODE_DIGITS;
}

bool totp_match(struct str seed, struct str code, int64_t now, uint64_t *step)
{
    char digits[CODE_DIGITS + 1];
    int position;
    if (seed.len == 0 || now < 0 || !read_code(code, digits))
        return false;
    int r = oath_totp_validate4(seed.p, seed.len, (time_t)now, TOTP_STEP_SECONDS, 0, WINDOW, &position, step,
                                0, digits);
    wipe(digits, sizeof digits);
    return r >= 0;
}

static struct str step_id(struct arena *a, struct str uuid, uint64_t step)
{
    return arena_printf(a, "totp " STR_FMT " %llu", STR_ARG(uuid), (unsigned long long)step);
}

/* Whether a step behind this one was spent before: RFC 6238 codes may only go forward. */
static enum result later_is_unspent(struct authn *au, struct arena *a, struct str uuid, uint64_t step)
{
    struct store_key keys[2 * WINDOW];
    struct str found[2 * WINDOW];
    for (unsigned i = 0; i < 2 * WINDOW; i++)
        keys[i] = (struct store_key){STORE_SPENT, step_id(a, uuid, step + 1 + i)};
    enum result r = store_get_many(au->store, a, keys, 2 * WINDOW, found);
    for (unsigned i = 0; r == RESULT_OK && i < 2 * WINDOW; i++)
        if (found[i].p)
            r = RESULT_REFUSED;
    return r;
}

enum result totp_check(struct authn *au, struct arena *a, struct str uuid, struct str seed, struct str code)
{
    uint64_t step = 0;
    if (!totp_match(seed, code, clock_now(), &step))
        return RESULT_REFUSED;
    struct str id = step_id(a, uuid, step);
    if (id.len == 0)
        return RESULT_INTERNAL;
    enum result r = store_spend(au->store, a, id, STR("1"), REMEMBERED_SECONDS);
    if (r == RESULT_OK)
        r = later_is_unspent(au, a, uuid, step);
    /*
     * Of a step that began before the store forgot, nobody can say whether it was spent. The floor is read
     * last: a spend that succeeded knows of every loss before it.
     */
    if (r == RESULT_OK && (int64_t)step * TOTP_STEP_SECONDS < store_floor(au->store))
        return RESULT_REFUSED;
    return r == RESULT_USED ? RESULT_REFUSED : r;
}
