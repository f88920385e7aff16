#include "server/base/str.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool str_eq_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (a.p[i] != b.p[i] && lower(a.p[i]) != lower(b.p[i]))
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

struct str str_of_int(struct digits *room, int64_t number)
{
    char *end = room->text + sizeof room->text, *p = end;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        *--p = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (number < 0)
        *--p = '-';
    return (struct str){p, (size_t)(end - p)};
}

/* Whether one of the eight bytes is below a space, or is DEL: borrows can only add to those that are. */
static bool word_may_have_control(const char *p)
{
    const uint64_t ones = 0x0101010101010101U, high = 0x80 * ones;
    uint64_t word;
    memcpy(&word, p, sizeof word);
    uint64_t from_del = word ^ 0x7F * ones;
    return (((word - ' ' * ones) & ~word) | ((from_del - ones) & ~from_del)) & high;
}

static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7F;
}

bool str_has_control(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        while (s.len - i > sizeof(uint64_t) && !word_may_have_control(s.p + i))
            i += sizeof(uint64_t);
        if (is_control(s.p[i]))
            return true;
    }
    return false;
}

bool str_is_nqchar(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.p[i] < 0x21 || s.p[i] > 0x7E || s.p[i] == '"' || s.p[i] == '\\')
            return false;
    return s.len > 0;
}
