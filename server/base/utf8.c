/* The part of str.h that knows UTF-8 (RFC 3629). */
#include "server/base/str.h"

/* What follows from the first byte: how many bytes, and the least code point that needs so many. */
static size_t lead(unsigned char byte, uint32_t *bits, uint32_t *least)
{
    static const struct {
        unsigned char mask, value;
        uint32_t least;
    } forms[] = {{0x80, 0x00, 0}, {0xE0, 0xC0, 0x80}, {0xF0, 0xE0, 0x800}, {0xF8, 0xF0, 0x10000}};

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if ((byte & forms[i].mask) == forms[i].value) {
            *bits = byte & (unsigned char)~forms[i].mask;
            *least = forms[i].least;
            return i + 1;
        }
    }
    return 0;
}

size_t str_code_point(struct str s, uint32_t *out)
{
    uint32_t cp = 0, least = 0;
    size_t n = s.len > 0 ? lead((unsigned char)s.p[0], &cp, &least) : 0;
    if (n == 0 || n > s.len)
        return 0;
    for (size_t i = 1; i < n; i++) {
        unsigned char byte = (unsigned char)s.p[i];
        if ((byte & 0xC0) != 0x80)
            return 0;
        cp = cp << 6 | (byte & 0x3F);
    }
    if (cp < least || cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        return 0;
    *out = cp;
    return n;
}

/* Sorted. Two names that differ only in one of these look alike, or make the text around them look other. */
static const struct {
    uint32_t from, to;
} unseen[] = {
    {0x0000, 0x001F},   /* controls */
    {0x007F, 0x009F},   /* delete, more controls */
    {0x00AD, 0x00AD},   /* soft hyphen */
    {0x034F, 0x034F},   /* grapheme joiner */
    {0x061C, 0x061C},   /* Arabic letter mark */
    {0x115F, 0x1160},   /* Hangul fillers */
    {0x17B4, 0x17B5},   /* Khmer inherent vowels */
    {0x180B, 0x180F},   /* Mongolian selectors */
    {0x200B, 0x200F},   /* zero-width, direction marks */
    {0x2028, 0x202E},   /* line and paragraph separators, direction */
    {0x2060, 0x206F},   /* word joiner, isolates, deprecated formats */
    {0x3164, 0x3164},   /* Hangul filler */
    {0xFDD0, 0xFDEF},   /* no characters */
    {0xFE00, 0xFE0F},   /* variation selectors */
    {0xFEFF, 0xFEFF},   /* byte order mark */
    {0xFFA0, 0xFFA0},   /* half-width filler */
    {0xFFF0, 0xFFFB},   /* annotations */
    {0x1BCA0, 0x1BCA3}, /* shorthand formats */
    {0x1D173, 0x1D17A}, /* musical formats */
    {0xE0000, 0xE0FFF}, /* tags, more variation selectors */
};

bool str_code_point_is_unseen(uint32_t cp)
{
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0] && unseen[i].from <= cp; i++)
        if (cp <= unseen[i].to)
            return true;
    return (cp & 0xFFFE) == 0xFFFE;
}

/* How many bytes from `at` on are ASCII for sure: whole words, as most texts are nothing else. */
static size_t ascii_words(struct str s, size_t at)
{
    size_t from = at;
    uint64_t word;
    for (; s.len - at >= sizeof word; at += sizeof word) {
        memcpy(&word, s.p + at, sizeof word);
        if (word & 0x8080808080808080U)
            break;
    }
    return at - from;
}

static bool is_utf8(struct str s, bool (*bad)(uint32_t cp))
{
    for (size_t at = bad ? 0 : ascii_words(s, 0); at < s.len;) {
        uint32_t cp = 0;
        size_t n = str_code_point(str_sub(s, at, s.len), &cp);
        if (n == 0 || (bad && bad(cp)))
            return false;
        at += n;
    }
    return true;
}

bool str_is_utf8(struct str s)
{
    return is_utf8(s, NULL);
}

bool str_is_plain_text(struct str s)
{
    return is_utf8(s, str_code_point_is_unseen);
}
