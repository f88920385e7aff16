/* Making certificates of the local CA. Inside certs/ only. */
#ifndef ONEDOOR_CERTS_X509_H
#define ONEDOOR_CERTS_X509_H

#include "server/base/arena.h"

#include <openssl/x509v3.h>

/* A certificate with its private key. */
struct identity {
    X509 *certificate;
    EVP_PKEY *key;
};

void identity_free(struct identity *i);

/*
 * The names as OpenSSL's extension syntax: "DNS:localhost,IP:127.0.0.1" for a certificate. STR_EMPTY when one
 * is neither a DNS name nor an address, or when there are none.
 */
struct str x509_alternative_names(struct arena *a, struct str names);
/* The name constraints that allow just these names: the addresses exactly, the DNS names with what is below.
 */
struct str x509_constraints(struct arena *a, struct str names);

/* A new P-256 CA that may sign for those constraints and for no other CA; false when OpenSSL fails. */
bool x509_make_ca(const char *constraints, long days, struct identity *out);
/* A new P-256 server certificate signed by the CA. */
bool x509_make_server(const struct identity *ca, const char *alternative_names, long days,
                      struct identity *out);

/* Whether the certificate has exactly this value of this extension, as x509v3_config(5) would write it. */
bool x509_has_extension(const X509 *certificate, int nid, const char *value);

#endif
