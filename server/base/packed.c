#include "server/base/packed.h"

#include "server/base/encode.h"

/* A text is its length in bytes, doubled, and one more when they are to be encoded as base64url; then those.
 */
enum { SEVEN_BITS = 0x7f, MORE = 0x80, AS_BASE64URL = 1 };

static void pack_unsigned(struct buf *out, uint64_t n)
{
    for (; n > SEVEN_BITS; n >>= 7)
        buf_add_char(out, (char)((n & SEVEN_BITS) | MORE));
    buf_add_char(out, (char)n);
}

static bool unpack_unsigned(struct str *rest, uint64_t *out)
{
    *out = 0;
    for (unsigned shift = 0; rest->len > 0 && shift < 64; shift += 7) {
        unsigned char byte = (unsigned char)rest->p[0];
        uint64_t bits = byte & SEVEN_BITS;
        if (bits << shift >> shift != bits)
            return false;
        *out |= bits << shift;
        *rest = str_sub(*rest, 1, rest->len);
        if (!(byte & MORE))
            return byte != 0 || shift == 0;
    }
    return false;
}

void pack_number(struct buf *out, int64_t number)
{
    uint64_t n = (uint64_t)number << 1;
    pack_unsigned(out, number < 0 ? ~n : n);
}

bool unpack_number(struct str *rest, int64_t *out)
{
    uint64_t n;
    if (!unpack_unsigned(rest, &n))
        return false;
    uint64_t number = n & 1 ? ~(n >> 1) : n >> 1;
    *out = (int64_t)number;
    return true;
}

void pack_text(struct buf *out, struct arena *a, struct str text)
{
    struct str bytes;
    bool shorter = base64url_decode(a, text, &bytes);
    if (!shorter)
        bytes = text;
    pack_unsigned(out, (uint64_t)bytes.len << 1 | (shorter ? AS_BASE64URL : 0));
    buf_add(out, bytes);
}

bool unpack_text(struct str *rest, struct arena *a, struct str *out)
{
    uint64_t head;
    *out = STR_EMPTY;
    if (!unpack_unsigned(rest, &head) || head >> 1 > rest->len)
        return false;
    struct str bytes = str_sub(*rest, 0, (size_t)(head >> 1));
    *rest = str_sub(*rest, bytes.len, rest->len);
    if (bytes.len == 0)
        return true;
    *out = head & AS_BASE64URL ? base64url_encode(a, bytes) : arena_copy(a, bytes);
    return out->len > 0;
}
