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

struct str dn_join(struct arena *a, struct str rdn, const char *base)
{
    if (rdn.len == 0)
        return arena_copy(a, str_of(base));
    const struct str parts[] = {rdn, STR(","), str_of(base)};
    return arena_join(a, parts, 3);
}
