#include "certs/local_ca.h"

#include "certs/private_file.h"
#include "certs/x509.h"
#include "server/base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SCRATCH = 64 * 1024, CA_DAYS = 3653, SERVER_DAYS = 365, SPARE_SECONDS = 30 * 24 * 60 * 60 };

/* An open file as a BIO; NULL when it isn't there. A key that others may read counts as not there. */
static BIO *open_file(const char *path, bool private)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return NULL;
    bool fit = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && !(private && (st.st_mode & 077));
    FILE *f = fit ? fdopen(fd, "r") : NULL;
    if (!f) {
        close(fd);
        return NULL;
    }
    BIO *bio = BIO_new_fp(f, BIO_CLOSE);
    if (!bio)
        (void)fclose(f);
    return bio;
}

static const char *path_of(struct arena *a, const char *folder, const char *name, const char *suffix)
{
    struct str path = arena_printf(a, "%s/%s%s", folder, name, suffix);
    return path.p ? path.p : "";
}

/* OpenSSL asks the terminal for a password otherwise. */
static char no_password[] = "";

/* Reads NAME.pem and NAME.key; false when one is missing, they are no pair, or expire within a month. */
static bool load(struct arena *a, const char *folder, const char *name, struct identity *out)
{
    BIO *certificate = open_file(path_of(a, folder, name, ".pem"), false);
    BIO *key = open_file(path_of(a, folder, name, ".key"), true);
    out->certificate = certificate ? PEM_read_bio_X509(certificate, NULL, NULL, NULL) : NULL;
    out->key = key ? PEM_read_bio_PrivateKey(key, NULL, NULL, no_password) : NULL;
    BIO_free(certificate);
    BIO_free(key);
    time_t least = time(NULL) + SPARE_SECONDS;
    bool usable = out->certificate && out->key && X509_check_private_key(out->certificate, out->key) == 1 &&
                  X509_cmp_time(X509_get0_notAfter(out->certificate), &least) > 0;
    if (!usable)
        identity_free(out);
    return usable;
}

static bool write_bio(BIO *bio, const char *path, mode_t mode)
{
    char *p = NULL;
    long len = BIO_get_mem_data(bio, &p);
    return len > 0 && private_file_write(path, (struct str){p, (size_t)len}, mode, true);
}

/* The key first: a certificate without its key would be found out at the next call, and both made anew. */
static bool save(struct arena *a, const char *folder, const char *name, const struct identity *i,
                 const char **why)
{
    errno = 0;
    BIO *certificate = BIO_new(BIO_s_mem()), *key = BIO_new(BIO_s_secmem());
    bool saved = certificate && key && PEM_write_bio_X509(certificate, i->certificate) == 1 &&
                 PEM_write_bio_PKCS8PrivateKey(key, i->key, NULL, NULL, 0, NULL, NULL) == 1 &&
                 write_bio(key, path_of(a, folder, name, ".key"), 0600) &&
                 write_bio(certificate, path_of(a, folder, name, ".pem"), 0644);
    if (!saved)
        *why = errno ? strerror(errno) : "OpenSSL or memory failed";
    BIO_free(certificate);
    BIO_free(key);
    return saved;
}

static bool have_ca(struct arena *a, const char *folder, struct str names, struct identity *ca,
                    const char **why)
{
    struct str constraints = x509_constraints(a, names);
    if (constraints.len == 0)
        return false;
    if (load(a, folder, "ca", ca)) {
        if (x509_has_extension(ca->certificate, NID_name_constraints, constraints.p))
            return true;
        identity_free(ca);
    }
    return x509_make_ca(constraints.p, CA_DAYS, ca) && save(a, folder, "ca", ca, why);
}

static bool have_server(struct arena *a, const char *folder, struct str names, const struct identity *ca,
                        const char **why)
{
    struct identity server = {0};
    struct str wanted = x509_alternative_names(a, names);
    if (wanted.len == 0)
        return false;
    if (load(a, folder, "server", &server)) {
        bool keep = X509_verify(server.certificate, ca->key) == 1 &&
                    x509_has_extension(server.certificate, NID_subject_alt_name, wanted.p);
        identity_free(&server);
        if (keep)
            return true;
    }
    bool made =
        x509_make_server(ca, wanted.p, SERVER_DAYS, &server) && save(a, folder, "server", &server, why);
    identity_free(&server);
    return made;
}

bool local_ca_make(const char *folder, struct str names, const char **why)
{
    struct identity ca = {0};
    struct arena *a = arena_new(SCRATCH);
    bool made = false;
    *why = "OpenSSL or memory failed";
    if (!a)
        return false;
    if (x509_alternative_names(a, names).len == 0)
        *why = "the names are no DNS names or addresses";
    else if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        *why = strerror(errno);
    else
        made = have_ca(a, folder, names, &ca, why) && have_server(a, folder, names, &ca, why);
    identity_free(&ca);
    arena_free(a);
    ERR_clear_error();
    return made;
}
