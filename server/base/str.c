#include "server/base/str.h"

#include <string.h>

struct str str_of(const char *z)
{
    return z ? (struct str){z, strlen(z)} : STR_EMPTY;
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_sub(s, 0, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_sub(s, s.len - suffix.len, suffix.len), suffix);
}

bool str_has(struct str s, char c)
{
    return s.len > 0 && memchr(s.p, c, s.len) != NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

struct str str_trim(struct str s)
{
    while (s.len > 0 && is_blank(s.p[0]))
        s = str_sub(s, 1, s.len - 1);
    while (s.len > 0 && is_blank(s.p[s.len - 1]))
        s.len--;
    return s;
}

struct str str_sub(struct str s, size_t from, size_t len)
{
    if (from >= s.len)
        return STR_EMPTY;
    size_t left = s.len - from;
    return (struct str){s.p + from, len < left ? len : left};
}

bool str_cut(struct str *rest, char sep, struct str *head)
{
    if (rest->len == 0)
        return false;
    const char *at = memchr(rest->p, sep, rest->len);
    size_t before = at ? (size_t)(at - rest->p) : rest->len;
    *head = (struct str){rest->p, before};
    *rest = at ? str_sub(*rest, before + 1, rest->len) : STR_EMPTY;
    return true;
}

bool str_word(struct str *rest, struct str *word)
{
    while (str_cut(rest, ' ', word))
        if (word->len > 0)
            return true;
    return false;
}

bool str_has_word(struct str list, struct str word)
{
    struct str w;
    while (str_word(&list, &w))
        if (str_eq(w, word))
            return true;
    return false;
}

bool str_to_u64(struct str s, uint64_t max, uint64_t *out)
{
    if (s.len == 0 || (s.len > 1 && s.p[0] == '0'))
        return false;
    uint64_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (digit > max || n > (max - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *out = n;
    return true;
}

bool str_is_nqchar(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] < 0x21 || s.p[i] > 0x7E || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return s.len > 0;
}
