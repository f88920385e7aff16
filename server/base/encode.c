#include "server/base/encode.h"

/* The 62 characters that both alphabets of RFC 4648 share, and the two that differ. */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
struct variant {
    char c62, c63;
    bool padded;
};
static const struct variant url = {'-', '_', false};
static const struct variant plain = {'+', '/', true};

static char to_char(const struct variant *v, uint32_t six)
{
    return six < 62 ? alphabet[six] : six == 62 ? v->c62 : v->c63;
}

/* One more than what a character stands for; 0: it is none of the 62. */
static const unsigned char values[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62,
};

static int from_char(const struct variant *v, char c)
{
    int value = values[(unsigned char)c];
    return value > 0 ? value - 1 : c == v->c62 ? 62 : c == v->c63 ? 63 : -1;
}

static struct str encode64(struct arena *a, struct str in, const struct variant *v)
{
    if (in.len > SIZE_MAX / 2)
        return STR_EMPTY;
    char *p = arena_alloc(a, (in.len + 2) / 3 * 4 + 1);
    if (!p)
        return STR_EMPTY;
    size_t len = 0;
    for (size_t at = 0; at < in.len; at += 3) {
        size_t n = in.len - at < 3 ? in.len - at : 3;
        uint32_t bits = 0;
        for (size_t i = 0; i < 3; i++)
            bits = bits << 8 | (i < n ? (unsigned char)in.p[at + i] : 0);
        for (size_t i = 0; i <= n; i++)
            p[len++] = to_char(v, bits >> (18 - 6 * i) & 63);
        for (size_t i = n; v->padded && i < 3; i++)
            p[len++] = '=';
    }
    return (struct str){p, len};
}

static bool decode64(struct arena *a, struct str in, const struct variant *v, struct str *out)
{
    char *p = in.len % 4 == 1 ? NULL : arena_alloc(a, in.len / 4 * 3 + 3);
    if (!p)
        return false;
    size_t len = 0;
    uint32_t bits = 0;
    unsigned held = 0; /* how many low bits of `bits` wait to become a byte */
    for (size_t i = 0; i < in.len; i++) {
        int six = from_char(v, in.p[i]);
        if (six < 0)
            return false;
        bits = (bits << 6 | (uint32_t)six) & 0xFFFF;
        held += 6;
        if (held >= 8) {
            held -= 8;
            p[len++] = (char)(bits >> held & 0xFF);
        }
    }
    if (bits & ((1U << held) - 1))
        return false;
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
    return from_char(&url, c) >= 0 || c == '.' || c == '~';
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
