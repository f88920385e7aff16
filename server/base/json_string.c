#include "server/base/json_string.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits at the start of s; 0, which no escape may stand for, when they are none. */
static uint32_t four_digits(struct str s)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = i < s.len ? hex_value(s.p[i]) : -1;
        if (digit < 0)
            return 0;
        value = value << 4 | (uint32_t)digit;
    }
    return value;
}

/* What the digits behind `\u` at the start of s stand for, with the other half of a pair; 0 when it is wrong.
 */
static uint32_t code_point(struct str s, size_t *len)
{
    uint32_t high = four_digits(s);
    *len = 4;
    if (high < 0xD800 || high > 0xDFFF)
        return high;
    uint32_t low = str_starts(str_sub(s, 4, 2), STR("\\u")) ? four_digits(str_sub(s, 6, 4)) : 0;
    *len = 10;
    if (high > 0xDBFF || low < 0xDC00 || low > 0xDFFF)
        return 0;
    return 0x10000 + ((high - 0xD800) << 10 | (low - 0xDC00));
}

static size_t write_utf8(char *to, uint32_t cp)
{
    static const unsigned char leads[] = {0, 0x00, 0xC0, 0xE0, 0xF0};
    size_t len = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1; cp >>= 6)
        to[i] = (char)(0x80 | (cp & 0x3F));
    to[0] = (char)(leads[len] | cp);
    return len;
}

/* The escape behind the backslash at the start of s: how long it is, 0 when it is wrong. */
static size_t unescape(struct str s, char *to, size_t *written)
{
    static const char from[] = "\"\\/bfnrt", plain[] = "\"\\/\b\f\n\r\t";
    const char *known = s.len > 0 && s.p[0] ? strchr(from, s.p[0]) : NULL;
    *written = 1;
    if (known) {
        *to = plain[known - from];
        return 1;
    }
    size_t digits;
    uint32_t cp = s.len > 0 && s.p[0] == 'u' ? code_point(str_sub(s, 1, 10), &digits) : 0;
    if (cp == 0)
        return 0;
    *written = write_utf8(to, cp);
    return 1 + digits;
}

/* An escape is never shorter than what it stands for. */
static bool decode(struct arena *a, struct str raw, struct str *out)
{
    char *p = arena_alloc(a, raw.len);
    size_t len = 0, written;
    for (size_t at = 0; p && at < raw.len;) {
        if (raw.p[at] != '\\') {
            p[len++] = raw.p[at++];
            continue;
        }
        size_t read = unescape(str_sub(raw, at + 1, raw.len), p + len, &written);
        if (read == 0)
            return false;
        at += 1 + read;
        len += written;
    }
    *out = (struct str){p, len};
    return p != NULL;
}

size_t json_plain(struct str s)
{
    const uint64_t ones = 0x0101010101010101U, high = 0x80 * ones;
    size_t at = 0;
    uint64_t word;
    for (; s.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        uint64_t quote = word ^ '"' * ones, backslash = word ^ '\\' * ones;
        /* A borrow can only take a plain byte for another, never the other way round. */
        if (((word - ' ' * ones) | (quote - ones) | (backslash - ones) | word) & high)
            break;
    }
    return at;
}

bool json_string_read(struct arena *a, const char **at, const char *end, struct str *out)
{
    const char *p = *at;
    bool escapes = false;
    if (p == end || *p++ != '"')
        return false;
    const char *from = p;
    p += json_plain((struct str){p, (size_t)(end - p)});
    while (p < end && *p != '"') {
        if ((unsigned char)*p < ' ')
            return false;
        if (*p == '\\') {
            escapes = true;
            if (++p == end)
                return false;
        }
        p++;
    }
    if (p == end)
        return false;
    *at = p + 1;
    *out = (struct str){from, (size_t)(p - from)};
    return !escapes || decode(a, *out, out);
}
