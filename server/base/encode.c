#include "server/base/encode.h"

/* Of each character in the two alphabets of RFC 4648 that share 62, what it stands for and whose it is. */
enum { PLAIN = 0x40, URL = 0x80, BOTH = PLAIN | URL, SIX_BITS = 0x3F };

struct variant {
    const char *alphabet;
    unsigned char own;
    bool padded;
};
static const struct variant url = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", URL,
                                   false};
static const struct variant plain = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                                     PLAIN, true};

static const unsigned char values[256] = {
    ['A'] = BOTH | 0,  ['B'] = BOTH | 1,  ['C'] = BOTH | 2,   ['D'] = BOTH | 3,   ['E'] = BOTH | 4,
    ['F'] = BOTH | 5,  ['G'] = BOTH | 6,  ['H'] = BOTH | 7,   ['I'] = BOTH | 8,   ['J'] = BOTH | 9,
    ['K'] = BOTH | 10, ['L'] = BOTH | 11, ['M'] = BOTH | 12,  ['N'] = BOTH | 13,  ['O'] = BOTH | 14,
    ['P'] = BOTH | 15, ['Q'] = BOTH | 16, ['R'] = BOTH | 17,  ['S'] = BOTH | 18,  ['T'] = BOTH | 19,
    ['U'] = BOTH | 20, ['V'] = BOTH | 21, ['W'] = BOTH | 22,  ['X'] = BOTH | 23,  ['Y'] = BOTH | 24,
    ['Z'] = BOTH | 25, ['a'] = BOTH | 26, ['b'] = BOTH | 27,  ['c'] = BOTH | 28,  ['d'] = BOTH | 29,
    ['e'] = BOTH | 30, ['f'] = BOTH | 31, ['g'] = BOTH | 32,  ['h'] = BOTH | 33,  ['i'] = BOTH | 34,
    ['j'] = BOTH | 35, ['k'] = BOTH | 36, ['l'] = BOTH | 37,  ['m'] = BOTH | 38,  ['n'] = BOTH | 39,
    ['o'] = BOTH | 40, ['p'] = BOTH | 41, ['q'] = BOTH | 42,  ['r'] = BOTH | 43,  ['s'] = BOTH | 44,
    ['t'] = BOTH | 45, ['u'] = BOTH | 46, ['v'] = BOTH | 47,  ['w'] = BOTH | 48,  ['x'] = BOTH | 49,
    ['y'] = BOTH | 50, ['z'] = BOTH | 51, ['0'] = BOTH | 52,  ['1'] = BOTH | 53,  ['2'] = BOTH | 54,
    ['3'] = BOTH | 55, ['4'] = BOTH | 56, ['5'] = BOTH | 57,  ['6'] = BOTH | 58,  ['7'] = BOTH | 59,
    ['8'] = BOTH | 60, ['9'] = BOTH | 61, ['+'] = PLAIN | 62, ['/'] = PLAIN | 63, ['-'] = URL | 62,
    ['_'] = URL | 63,
};

static bool is_of(const struct variant *v, char c)
{
    return (values[(unsigned char)c] & v->own) != 0;
}

/* Tokens are read and written by these: for whole groups each is a few instructions, without a loop. */

static inline uint32_t three_bytes(const char *p)
{
    const unsigned char *b = (const unsigned char *)p;
    return (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2];
}

/* `n` characters for the bits of up to three bytes. */
static inline void put_characters(const struct variant *v, uint32_t bits, size_t n, char *to)
{
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++)
        to[i] = v->alphabet[bits >> (18 - 6 * i) & SIX_BITS];
}

static struct str encode64(struct arena *a, struct str in, const struct variant *v)
{
    if (in.len > SIZE_MAX / 2)
        return STR_EMPTY;
    char *p = arena_alloc(a, (in.len + 2) / 3 * 4 + 1), rest[3] = {0};
    if (!p)
        return STR_EMPTY;
    size_t len = 0, at = 0;
    for (; in.len - at >= 3; at += 3, len += 4)
        put_characters(v, three_bytes(in.p + at), 4, p + len);
    size_t left = in.len - at;
    if (left == 0)
        return (struct str){p, len};
    memcpy(rest, in.p + at, left);
    put_characters(v, three_bytes(rest), left + 1, p + len);
    len += left + 1;
    for (size_t i = left; v->padded && i < 3; i++)
        p[len++] = '=';
    return (struct str){p, len};
}

/* The bits of `n` characters, as if there were four; false when one is of another alphabet. */
static inline bool get_bits(const struct variant *v, const char *from, size_t n, uint32_t *bits)
{
    unsigned own = v->own;
    *bits = 0;
#pragma GCC unroll 4
    for (size_t i = 0; i < n; i++) {
        unsigned value = values[(unsigned char)from[i]];
        own &= value;
        *bits |= (value & SIX_BITS) << (18 - 6 * i);
    }
    return own != 0;
}

static inline void put_bytes(uint32_t bits, size_t n, char *to)
{
#pragma GCC unroll 3
    for (size_t i = 0; i < n; i++)
        to[i] = (char)(bits >> (16 - 8 * i) & 0xFF);
}

/* The last characters hold a byte less than they are, and no bit beyond it. */
static bool decode64(struct arena *a, struct str in, const struct variant *v, struct str *out)
{
    char *p = in.len % 4 == 1 ? NULL : arena_alloc(a, in.len / 4 * 3 + 3);
    size_t len = 0, at = 0;
    uint32_t bits = 0;
    if (!p)
        return false;
    for (; in.len - at >= 4; at += 4, len += 3) {
        if (!get_bits(v, in.p + at, 4, &bits))
            return false;
        put_bytes(bits, 3, p + len);
    }
    size_t left = in.len - at;
    if (left > 0) {
        if (!get_bits(v, in.p + at, left, &bits) || (bits & (0xFFFFFFU >> 8 * (left - 1))) != 0)
            return false;
        put_bytes(bits, left - 1, p + len);
        len += left - 1;
    }
    *out = (struct str){p, len};
    return true;
}

struct str base64url_encode(struct arena *a, struct str bytes)
{
    return encode64(a, bytes, &url);
}

bool base64url_decode(struct arena *a, struct str text, struct str *out)
{
    return decode64(a, text, &url, out);
}

struct str base64_encode(struct arena *a, struct str bytes)
{
    return encode64(a, bytes, &plain);
}

bool base64_decode(struct arena *a, struct str text, struct str *out)
{
    if (text.len % 4 != 0)
        return false;
    for (int i = 0; i < 2 && str_ends(text, STR("=")); i++)
        text.len--;
    return decode64(a, text, &plain, out);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str hex_encode(struct arena *a, struct str bytes)
{
    char *p = bytes.len < SIZE_MAX / 2 ? arena_alloc(a, bytes.len * 2 + 1) : NULL;
    if (!p)
        return STR_EMPTY;
    for (size_t i = 0; i < bytes.len; i++) {
        p[2 * i] = "0123456789abcdef"[(unsigned char)bytes.p[i] >> 4];
        p[2 * i + 1] = "0123456789abcdef"[bytes.p[i] & 15];
    }
    return (struct str){p, bytes.len * 2};
}

bool hex_decode(struct arena *a, struct str text, struct str *out)
{
    char *p = text.len % 2 == 0 ? arena_alloc(a, text.len / 2 + 1) : NULL;
    if (!p)
        return false;
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = hex_value(text.p[2 * i]), low = hex_value(text.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        p[i] = (char)(high << 4 | low);
    }
    *out = (struct str){p, text.len / 2};
    return true;
}

static bool is_unreserved(char c)
{
    return is_of(&url, c) || c == '.' || c == '~';
}

void url_encode(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (is_unreserved(s.p[i]))
            buf_add_char(out, s.p[i]);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)s.p[i]);
    }
}

/* The byte that the escape at the start of s stands for; 0, which no escape may stand for, when it is bad. */
static char unescape(struct str s)
{
    if (s.len < 3)
        return 0;
    int high = hex_value(lower(s.p[1])), low = hex_value(lower(s.p[2]));
    if (high < 0 || low < 0)
        return 0;
    return (char)(high << 4 | low);
}

bool form_decode(struct arena *a, struct str text, struct str *out)
{
    if (!str_has(text, '%') && !str_has(text, '+')) {
        *out = text;
        return !str_has(text, '\0') && !arena_failed(a);
    }
    char *p = text.len < SIZE_MAX ? arena_alloc(a, text.len + 1) : NULL;
    if (!p)
        return false;
    size_t len = 0;
    for (size_t at = 0; at < text.len; at++) {
        char c = text.p[at] == '+' ? ' ' : text.p[at];
        if (c == '%') {
            c = unescape(str_sub(text, at, 3));
            at += 2;
        }
        if (c == 0)
            return false;
        p[len++] = c;
    }
    *out = (struct str){p, len};
    return true;
}
