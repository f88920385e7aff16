/* An escaped value stays one value: libldap reads it back as the bytes that went in, in a filter and in a DN.
 */
#include "directory/directory.h"

#include <ldap.h>
#include <stdlib.h>
#include <string.h>

/* Declared in no public header, exported by libldap: the filter's parser. */
int ldap_pvt_put_filter(BerElement *ber, const char *filter);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* (cn=value) becomes an equalityMatch [3] of the name and exactly these bytes. */
static void check_filter(struct arena *a, struct str value)
{
    struct str escaped = filter_escape(a, value);
    struct str filter = arena_printf(a, "(cn=" STR_FMT ")", STR_ARG(escaped));
    BerElement *ber = ber_alloc_t(LBER_USE_DER);
    struct berval encoded = {0}, name, read;
    if (!ber || !filter.p || ldap_pvt_put_filter(ber, filter.p) < 0 || ber_flatten2(ber, &encoded, 0) < 0)
        abort();
    BerElement *back = ber_init(&encoded);
    if (!back)
        abort();
    if (ber_scanf(back, "{mm}", &name, &read) == LBER_ERROR ||
        encoded.bv_val[0] != (char)LDAP_FILTER_EQUALITY)
        abort();
    if (read.bv_len != value.len || (value.len && memcmp(read.bv_val, value.p, value.len) != 0))
        abort();
    ber_free(back, 1);
    ber_free(ber, 1);
}

static void check_dn(struct arena *a, struct str value)
{
    struct str escaped = dn_escape(a, value);
    struct str dn = arena_printf(a, "cn=" STR_FMT ",dc=city", STR_ARG(escaped));
    LDAPDN parsed = NULL;
    if (!dn.p || strlen(dn.p) != dn.len || ldap_str2dn(dn.p, &parsed, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
        abort();
    if (!parsed[0] || !parsed[1] || parsed[2] || !parsed[0][0] || parsed[0][1])
        abort();
    const struct berval *read = &parsed[0][0]->la_value;
    if (read->bv_len != value.len || (value.len && memcmp(read->bv_val, value.p, value.len) != 0))
        abort();
    ldap_dnfree(parsed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new(16 * size + 4096);
    struct str value = {(const char *)data, size};
    check_filter(a, value);
    check_dn(a, value);
    arena_free(a);
    return 0;
}
