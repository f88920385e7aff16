/* The certificate and key of a TLS listener, read and checked before anything listens with them. */
#ifndef ONEDOOR_CERTS_TLS_MATERIAL_H
#define ONEDOOR_CERTS_TLS_MATERIAL_H

#include "server/base/result.h"
#include "server/base/secret.h"

struct tls_material {
    char *certificate; /* PEM text: the certificate, then its chain */
    struct secret *key;
};

/*
 * False with *why set when a file cannot be read, the key is not the certificate's, or it is weaker than RSA
 * 2048 or a 256-bit curve. *out is the caller's to clear, also after a failure.
 */
MUST_CHECK bool tls_material_read(const char *certificate_path, const char *key_path,
                                  struct tls_material *out, const char **why);
void tls_material_clear(struct tls_material *m);

#endif
