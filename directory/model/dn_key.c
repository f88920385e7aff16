/*
 * The canonical form that is hashed: per name "type=value," with types and values in ASCII lower case, runs
 * of spaces as one, and `,` `+` `=` `#` `\` within values escaped, so that two DNs never give one form. Most
 * DNs are plain and are rewritten in one pass; all others go through libldap's parser.
 */
#include "directory/model/dn_key.h"

#include "server/base/buf.h"
#include "server/base/digest.h"

#include <ldap.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN_MAX = 512, DN_MAX = 64 * 1024 };

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_type_char(char c)
{
    c = lower(c);
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* Nothing that RFC 4514 gives a meaning, and ASCII only. */
static bool is_plain_char(char c)
{
    return c >= ' ' && c < 0x7f && !strchr(",+=\"\\<>;#", c);
}

struct plain {
    char text[PLAIN_MAX];
    size_t len, first; /* `first`: bytes of the first name */
};

static void plain_part(struct plain *out, struct str part)
{
    part = str_trim(part);
    for (size_t i = 0; i < part.len; i++)
        if (part.p[i] != ' ' || part.p[i - 1] != ' ')
            out->text[out->len++] = lower(part.p[i]);
}

/* False: not as plain as that. */
static bool plain_name(struct plain *out, struct str name)
{
    struct str type = STR_EMPTY, value = name;
    if (!str_has(name, '=') || !str_cut(&value, '=', &type) || str_trim(value).len == 0)
        return false;
    type = str_trim(type);
    for (size_t i = 0; i < type.len; i++)
        if (!is_type_char(type.p[i]))
            return false;
    for (size_t i = 0; i < value.len; i++)
        if (!is_plain_char(value.p[i]))
            return false;
    plain_part(out, type);
    out->text[out->len++] = '=';
    plain_part(out, value);
    out->text[out->len++] = ',';
    return type.len > 0;
}

static bool plain_form(struct str dn, struct plain *out)
{
    struct str name;
    out->len = out->first = 0;
    if (dn.len == 0 || dn.len + 1 > sizeof out->text || dn.p[dn.len - 1] == ',')
        return false;
    while (str_cut(&dn, ',', &name)) {
        if (!plain_name(out, name))
            return false;
        if (out->first == 0)
            out->first = out->len;
    }
    return true;
}

static void add_value(struct buf *out, const struct berval *v)
{
    struct str s = {v->bv_val, v->bv_len};
    while (s.len > 0 && s.p[0] == ' ')
        s = str_sub(s, 1, s.len);
    while (s.len > 0 && s.p[s.len - 1] == ' ')
        s.len--;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.p[i];
        if (c == ' ' && s.p[i - 1] == ' ')
            continue;
        if (c == ',' || c == '+' || c == '=' || c == '#' || c == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, lower(c));
    }
}

static int by_type_then_value(const void *pa, const void *pb)
{
    const LDAPAVA *a = *(LDAPAVA *const *)pa, *b = *(LDAPAVA *const *)pb;
    int order = strcasecmp(a->la_attr.bv_val, b->la_attr.bv_val);
    return order ? order : strcasecmp(a->la_value.bv_val, b->la_value.bv_val);
}

static void add_name(struct buf *out, LDAPRDN rdn)
{
    size_t n = 0;
    while (rdn[n])
        n++;
    qsort(rdn, n, sizeof *rdn, by_type_then_value);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add_char(out, '+');
        for (size_t j = 0; j < rdn[i]->la_attr.bv_len; j++)
            buf_add_char(out, lower(rdn[i]->la_attr.bv_val[j]));
        buf_add_char(out, '=');
        if (rdn[i]->la_flags & LDAP_AVA_BINARY)
            buf_add_char(out, '#');
        add_value(out, &rdn[i]->la_value);
    }
    buf_add_char(out, ',');
}

/* *first: bytes of the first name. */
static bool parsed_form(struct str dn, struct buf *out, size_t *first)
{
    struct berval text = {dn.len, (char *)(uintptr_t)dn.p};
    LDAPDN names = NULL;
    *first = 0;
    if (dn.len == 0 || dn.len > DN_MAX || str_has(dn, '\0') ||
        ldap_bv2dn(&text, &names, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
        return false;
    for (size_t i = 0; names && names[i]; i++) {
        add_name(out, names[i]);
        if (i == 0)
            *first = out->len;
    }
    ldap_dnfree(names);
    return out->len > 0 && !out->failed;
}

static bool hash(struct str form, size_t from, struct dn_key *out)
{
    unsigned char digest[DIGEST_SIZE];
    struct str part = str_sub(form, from, form.len);
    if (part.len == 0 || !sha256(&part, 1, digest))
        return false;
    memcpy(out->b, digest, sizeof out->b);
    return true;
}

static bool key_of(struct str dn, bool parent, struct dn_key *out)
{
    struct plain plain;
    if (plain_form(dn, &plain))
        return hash((struct str){plain.text, plain.len}, parent ? plain.first : 0, out);
    struct buf form;
    size_t first;
    buf_init(&form, 4 * (size_t)DN_MAX);
    bool good = parsed_form(dn, &form, &first) && hash(buf_str(&form), parent ? first : 0, out);
    buf_free(&form);
    return good;
}

bool dn_key_of(struct str dn, struct dn_key *out)
{
    return key_of(dn, false, out);
}

bool dn_key_of_parent(struct str dn, struct dn_key *out)
{
    return key_of(dn, true, out);
}

bool dn_key_eq(const struct dn_key *a, const struct dn_key *b)
{
    return memcmp(a->b, b->b, sizeof a->b) == 0;
}
