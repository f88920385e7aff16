/* Escaping of values that stand in search filters and in distinguished names. */
#include "directory/directory.h"

static const char hex[] = "0123456789abcdef";

static char *put_hex(char *out, unsigned char byte)
{
    *out++ = '\\';
    *out++ = hex[byte >> 4];
    *out++ = hex[byte & 15];
    return out;
}

typedef bool (*needs_escape)(struct str value, size_t at);

static struct str escape(struct arena *a, struct str value, needs_escape needs)
{
    char *out = arena_alloc(a, value.len * 3 + 1);
    if (!out)
        return STR_EMPTY;
    char *end = out;
    for (size_t i = 0; i < value.len; i++) {
        if (needs(value, i))
            end = put_hex(end, (unsigned char)value.p[i]);
        else
            *end++ = value.p[i];
    }
    return (struct str){out, (size_t)(end - out)};
}

/*
 * RFC 4515 demands it for NUL ( ) * and \ and allows it for every byte: all that is not printable ASCII is
 * escaped, so that a binary identifier passes as well as a name.
 */
static bool filter_needs(struct str value, size_t at)
{
    unsigned char c = (unsigned char)value.p[at];
    return c < 0x20 || c > 0x7e || c == '(' || c == ')' || c == '*' || c == '\\';
}

struct str filter_escape(struct arena *a, struct str value)
{
    return escape(a, value, filter_needs);
}

/* RFC 4514 section 2.4; UTF-8 stays readable, and `=` and `/` are escaped for readers that are less strict.
 */
static bool dn_needs(struct str value, size_t at)
{
    unsigned char c = (unsigned char)value.p[at];
    if (c < 0x20 || c == 0x7f || str_has(STR("\"+,;<>\\=/"), (char)c))
        return true;
    if (c == ' ')
        return at == 0 || at + 1 == value.len;
    return c == '#' && at == 0;
}

struct str dn_escape(struct arena *a, struct str value)
{
    return escape(a, value, dn_needs);
}
