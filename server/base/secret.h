/* Bytes that must not be printed, compared carelessly or left in memory. */
#ifndef ONEDOOR_BASE_SECRET_H
#define ONEDOOR_BASE_SECRET_H

#include "server/base/result.h"
#include "server/base/str.h"

struct secret;

/* A secret of `len` bytes copied from p; NULL when there is no memory. The caller owns it. */
struct secret *secret_copy(const void *p, size_t len);
/* A secret of `len` random bytes; NULL when memory or randomness fails. */
struct secret *secret_random(size_t len);
/* Reads a file that only its owner may read; one trailing newline is dropped. NULL with *why set otherwise.
 */
struct secret *secret_read_file(const char *path, const char **why);

const unsigned char *secret_bytes(const struct secret *s);
size_t secret_len(const struct secret *s);
struct str secret_str(const struct secret *s);
/* Compares in a time that depends on the lengths alone. */
MUST_CHECK bool secret_equal(const struct secret *s, const void *p, size_t len);
/* Wipes and frees; NULL is taken. */
void secret_free(struct secret *s);

/* The same comparison for bytes that have no struct secret (digests, tokens of a form). */
MUST_CHECK bool equal_constant_time(struct str a, struct str b);
/* Overwrites memory in a way that no compiler removes. */
void wipe(void *p, size_t len);

#endif
