#include "certs/tls_material.h"

#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 64 * 1024, RSA_LEAST_BITS = 2048, CURVE_LEAST_BITS = 256 };

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = file ? calloc(1, FILE_MAX) : NULL;
    size_t n = text ? fread(text, 1, FILE_MAX - 1, file) : 0;
    if (file)
        fclose(file);
    if (n > 0)
        return text;
    free(text);
    return NULL;
}

static int no_password(char *room, int size, int writing, void *arg)
{
    (void)room, (void)size, (void)writing, (void)arg;
    return -1;
}

static bool is_strong(const EVP_PKEY *key)
{
    int least = EVP_PKEY_is_a(key, "RSA") ? RSA_LEAST_BITS : CURVE_LEAST_BITS;
    return EVP_PKEY_get_bits(key) >= least;
}

static const char *fault_of(X509 *certificate, const EVP_PKEY *key)
{
    if (!certificate)
        return "tls_certificate holds no PEM certificate";
    if (!key)
        return "tls_key holds no PEM private key without a password";
    if (X509_check_private_key(certificate, (EVP_PKEY *)(uintptr_t)key) != 1)
        return "tls_key is not the key of tls_certificate";
    return is_strong(key) ? NULL : "tls_key is too weak: RSA needs 2048 bits, a curve 256";
}

static const char *check(const struct tls_material *m)
{
    struct str key_text = secret_str(m->key);
    BIO *certificate_bio = BIO_new_mem_buf(m->certificate, -1);
    BIO *key_bio = BIO_new_mem_buf(key_text.p, (int)key_text.len);
    X509 *certificate = certificate_bio ? PEM_read_bio_X509(certificate_bio, NULL, no_password, NULL) : NULL;
    EVP_PKEY *key = key_bio ? PEM_read_bio_PrivateKey(key_bio, NULL, no_password, NULL) : NULL;
    const char *fault = fault_of(certificate, key);
    EVP_PKEY_free(key);
    X509_free(certificate);
    BIO_free(key_bio);
    BIO_free(certificate_bio);
    return fault;
}

bool tls_material_read(const char *certificate_path, const char *key_path, struct tls_material *out,
                       const char **why)
{
    *out = (struct tls_material){.certificate = read_text(certificate_path)};
    *why = "tls_certificate cannot be read";
    if (!out->certificate)
        return false;
    out->key = secret_read_file(key_path, why);
    if (!out->key)
        return false;
    *why = check(out);
    return *why == NULL;
}

void tls_material_clear(struct tls_material *m)
{
    free(m->certificate);
    secret_free(m->key);
    *m = (struct tls_material){0};
}
