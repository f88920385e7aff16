/* Distinguished names, compared after libldap has written both in one way. */
#include "directory/dn.h"

#include <ldap.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit_or_hyphen(char c)
{
    return (c >= '0' && c <= '9') || c == '-';
}

/* "type=value" in characters that RFC 4514 gives no meaning, without spaces at either end of the value. */
static bool is_plain_name(struct str name)
{
    struct str type = STR_EMPTY, value = name;
    if (!str_has(name, '=') || !str_cut(&value, '=', &type) || type.len == 0 || value.len == 0)
        return false;
    for (size_t i = 0; i < type.len; i++)
        if (!is_letter(type.p[i]) && (i == 0 || !is_digit_or_hyphen(type.p[i])))
            return false;
    for (size_t i = 0; i < value.len; i++)
        if (!is_letter(value.p[i]) && !is_digit_or_hyphen(value.p[i]) && !str_has(STR(" ._/@:"), value.p[i]))
            return false;
    return value.p[0] != ' ' && value.p[value.len - 1] != ' ';
}

/* Whether libldap would write it just so: most names are like that, and it takes its time. */
static bool is_normal(struct str dn)
{
    struct str name;
    if (dn.len == 0 || dn.p[dn.len - 1] == ',')
        return false;
    while (str_cut(&dn, ',', &name))
        if (!is_plain_name(name))
            return false;
    return true;
}

static struct str normal(struct arena *a, struct str dn)
{
    if (is_normal(dn))
        return arena_copy(a, dn);
    const char *in = arena_cstr(a, dn);
    char *out = NULL;
    if (!in || ldap_dn_normalize(in, LDAP_DN_FORMAT_LDAPV3, &out, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
        return STR_EMPTY;
    struct str copy = arena_copy(a, str_of(out));
    ldap_memfree(out);
    return copy;
}

bool dn_is_below(struct arena *a, struct str dn, struct str base)
{
    struct str lower = normal(a, dn), upper = normal(a, base);
    if (upper.len == 0 || lower.len <= upper.len)
        return false;
    size_t cut = lower.len - upper.len;
    /* The comma before it is a separator: one within a value would stand escaped as \2C. */
    return lower.p[cut - 1] == ',' && (cut < 2 || lower.p[cut - 2] != '\\') &&
           str_eq_nocase(str_sub(lower, cut, upper.len), upper);
}

bool dn_is_same(struct arena *a, struct str dn, struct str other)
{
    struct str one = normal(a, dn);
    return one.len > 0 && str_eq_nocase(one, normal(a, other));
}

/* Without its first name; empty for the last. Normal: a comma that separates has no backslash before it. */
static struct str parent_of(struct str dn)
{
    for (size_t i = 0; i < dn.len; i++) {
        if (dn.p[i] == '\\')
            i++;
        else if (dn.p[i] == ',')
            return str_sub(dn, i + 1, dn.len);
    }
    return STR_EMPTY;
}

struct str dn_common(struct arena *a, struct str dn, struct str other)
{
    struct str at = normal(a, dn);
    while (at.len > 0 && !dn_is_same(a, at, other) && !dn_is_below(a, other, at))
        at = parent_of(at);
    return at;
}

struct str dn_join(struct arena *a, struct str rdn, const char *base)
{
    if (rdn.len == 0)
        return arena_copy(a, str_of(base));
    const struct str parts[] = {rdn, STR(","), str_of(base)};
    return arena_join(a, parts, 3);
}

static LDAPDN parsed(struct arena *a, struct str dn)
{
    const char *z = arena_cstr(a, dn);
    LDAPDN out = NULL;
    return z && ldap_str2dn(z, &out, LDAP_DN_FORMAT_LDAPV3) == LDAP_SUCCESS ? out : NULL;
}

static struct str value_of(LDAPRDN rdn)
{
    return rdn && rdn[0] ? (struct str){rdn[0]->la_value.bv_val, rdn[0]->la_value.bv_len} : STR_EMPTY;
}

struct str dn_first_value(struct arena *a, struct str dn)
{
    LDAPDN names = parsed(a, dn);
    struct str value = names && names[0] ? arena_copy(a, value_of(names[0])) : STR_EMPTY;
    ldap_dnfree(names);
    return value;
}

static size_t length_of(LDAPDN names)
{
    size_t n = 0;
    while (names && names[n])
        n++;
    return n;
}

static struct str path_of(struct arena *a, LDAPDN names, size_t n)
{
    struct str path = STR_EMPTY;
    for (size_t i = n; i > 0; i--) {
        struct str value = value_of(names[i - 1]);
        if (value.len == 0 || str_has(value, '/'))
            return STR_EMPTY;
        const struct str parts[] = {path, path.len > 0 ? STR("/") : STR_EMPTY, value};
        path = arena_join(a, parts, 3);
    }
    return path;
}

struct str dn_path(struct arena *a, struct str dn, struct str base)
{
    if (!dn_is_below(a, dn, base))
        return STR_EMPTY;
    LDAPDN names = parsed(a, dn), top = parsed(a, base);
    size_t n = length_of(names), less = length_of(top);
    struct str path = n > less ? path_of(a, names, n - less) : STR_EMPTY;
    ldap_dnfree(names);
    ldap_dnfree(top);
    return path;
}
