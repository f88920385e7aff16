/* The master key: 32 random bytes in a file, from which every other symmetric key is derived. */
#ifndef ONEDOOR_CERTS_MASTER_H
#define ONEDOOR_CERTS_MASTER_H

#include "server/base/digest.h"
#include "server/base/secret.h"

struct master;

/* Reads the key file (64 hexadecimal digits, mode 0600 or 0400); NULL with *why set otherwise. */
struct master *master_read(const char *path, const char **why);
/* Makes the file with a new random key; refuses to overwrite. False with *why set. */
bool master_create(const char *path, const char **why);
/* A key for one purpose ("store", "registry", "device", "throttle"); NULL when OpenSSL or memory fails. */
struct secret *master_derive(const struct master *m, const char *purpose);
void master_free(struct master *m);

#endif
