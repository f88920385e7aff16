#include "certs/x509.h"

#include "server/base/buf.h"

#include <arpa/inet.h>
#include <openssl/asn1.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <string.h>

enum { NAMES_MAX = 4096, SERIAL_BITS = 127, DAY = 24 * 60 * 60 };

void identity_free(struct identity *i)
{
    X509_free(i->certificate);
    EVP_PKEY_free(i->key);
    *i = (struct identity){0};
}

/* 4 or 6 for an address, 0 for another name. */
static int address_family(struct arena *a, struct str name)
{
    unsigned char bytes[16];
    const char *z = arena_cstr(a, name);
    if (!z)
        return 0;
    return inet_pton(AF_INET, z, bytes) == 1 ? 4 : inet_pton(AF_INET6, z, bytes) == 1 ? 6 : 0;
}

/* Letters, digits, hyphens and points: nothing that the extension syntax could take for its own. */
static bool is_dns_name(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.')
            return false;
    }
    return name.len > 0 && name.len <= 253 && name.p[0] != '.' && name.p[0] != '-';
}

static struct str finish(struct arena *a, struct buf *text, bool valid)
{
    struct str copy = valid ? arena_copy(a, buf_str(text)) : STR_EMPTY;
    buf_free(text);
    return copy;
}

struct str x509_alternative_names(struct arena *a, struct str names)
{
    struct buf text;
    struct str name;
    bool valid = true;
    buf_init(&text, NAMES_MAX);
    while (valid && str_word(&names, &name)) {
        bool address = address_family(a, name) != 0;
        valid = address || is_dns_name(name);
        buf_printf(&text, "%s%s:" STR_FMT, buf_str(&text).len > 0 ? "," : "", address ? "IP" : "DNS",
                   STR_ARG(name));
    }
    return finish(a, &text, valid);
}

struct str x509_constraints(struct arena *a, struct str names)
{
    static const char whole_v6[] = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    struct buf text;
    struct str name;
    bool valid = true, has_dns = false, has_address = false;
    buf_init(&text, NAMES_MAX);
    buf_add(&text, STR("critical"));
    while (valid && str_word(&names, &name)) {
        int family = address_family(a, name);
        has_address = has_address || family != 0;
        has_dns = has_dns || family == 0;
        valid = family != 0 || is_dns_name(name);
        if (family == 0)
            buf_printf(&text, ",permitted;DNS:" STR_FMT, STR_ARG(name));
        else
            buf_printf(&text, ",permitted;IP:" STR_FMT "/%s", STR_ARG(name),
                       family == 4 ? "255.255.255.255" : whole_v6);
    }
    /* A kind of name that no constraint mentions would be free (RFC 5280 section 4.2.1.10). */
    if (!has_dns)
        buf_add(&text, STR(",permitted;DNS:invalid"));
    if (!has_address)
        buf_add(&text, STR(",excluded;IP:0.0.0.0/0.0.0.0,excluded;IP:::/::"));
    return finish(a, &text, valid && (has_dns || has_address));
}

static bool set_serial(X509 *x)
{
    BIGNUM *n = BN_new();
    bool set = n && BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
               BN_to_ASN1_INTEGER(n, X509_get_serialNumber(x)) != NULL;
    BN_free(n);
    return set;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool added = e && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return added;
}

struct extension {
    int nid;
    const char *value;
};

static bool add_extensions(X509 *x, X509 *issuer, const struct extension *list, size_t n)
{
    bool added = true;
    for (size_t i = 0; added && i < n; i++)
        added = add_extension(x, issuer, list[i].nid, list[i].value);
    return added;
}

/* A certificate with everything but its extensions and signature. */
static bool begin(struct identity *out, const char *common_name, const X509_NAME *issuer, long days)
{
    out->key = EVP_EC_gen(SN_X9_62_prime256v1);
    out->certificate = X509_new();
    X509 *x = out->certificate;
    if (!out->key || !x)
        return false;
    X509_NAME *subject = X509_get_subject_name(x);
    return X509_set_version(x, X509_VERSION_3) == 1 && set_serial(x) &&
           X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)common_name, -1,
                                      -1, 0) == 1 &&
           X509_set_issuer_name(x, issuer ? issuer : subject) == 1 &&
           X509_gmtime_adj(X509_getm_notBefore(x), -DAY) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(x), days * DAY) != NULL && X509_set_pubkey(x, out->key) == 1;
}

bool x509_make_ca(const char *constraints, long days, struct identity *out)
{
    const struct extension extensions[] = {
        {NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
        {NID_key_usage, "critical,keyCertSign,cRLSign"},
        {NID_name_constraints, constraints},
        {NID_subject_key_identifier, "hash"},
    };
    *out = (struct identity){0};
    bool made = begin(out, "Onedoor local CA (for trying things)", NULL, days) &&
                add_extensions(out->certificate, out->certificate, extensions,
                               sizeof extensions / sizeof *extensions) &&
                X509_sign(out->certificate, out->key, EVP_sha256()) > 0;
    if (!made)
        identity_free(out);
    return made;
}

bool x509_make_server(const struct identity *ca, const char *alternative_names, long days,
                      struct identity *out)
{
    const struct extension extensions[] = {
        {NID_basic_constraints, "critical,CA:FALSE"},
        {NID_key_usage, "critical,digitalSignature"},
        {NID_ext_key_usage, "serverAuth"},
        {NID_subject_alt_name, alternative_names},
        {NID_subject_key_identifier, "hash"},
        {NID_authority_key_identifier, "keyid:always"},
    };
    *out = (struct identity){0};
    bool made = begin(out, "Onedoor server", X509_get_subject_name(ca->certificate), days) &&
                add_extensions(out->certificate, ca->certificate, extensions,
                               sizeof extensions / sizeof *extensions) &&
                X509_sign(out->certificate, ca->key, EVP_sha256()) > 0;
    if (!made)
        identity_free(out);
    return made;
}

bool x509_has_extension(const X509 *certificate, int nid, const char *value)
{
    int at = X509_get_ext_by_NID(certificate, nid, -1);
    X509_EXTENSION *wanted = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    bool same = at >= 0 && wanted &&
                ASN1_OCTET_STRING_cmp(X509_EXTENSION_get_data(X509_get_ext(certificate, at)),
                                      X509_EXTENSION_get_data(wanted)) == 0;
    X509_EXTENSION_free(wanted);
    return same;
}
