/* Distinguished names, compared after libldap has written both in one way. */
#include "directory/dn.h"

#include <ldap.h>

static struct str normal(struct arena *a, struct str dn)
{
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
