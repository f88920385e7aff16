/*
 * A few words that are replaced as a whole and copied by many threads at once: a reader takes no lock and
 * writes nothing that others read, but reads again where it was replaced meanwhile.
 */
#ifndef ONEDOOR_BASE_GLANCE_H
#define ONEDOOR_BASE_GLANCE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

enum { GLANCE_WORDS = 32 };

/* All zero is one that holds zeros. */
struct glance {
    atomic_uint version; /* odd while it is being replaced */
    atomic_uint_least64_t words[GLANCE_WORDS];
};

/* Replaces it by `size` bytes, 256 at most. One writer at a time, who holds a lock of its own. */
void glance_put(struct glance *g, const void *value, size_t size);
/* Copies as many bytes as were put, all of one and the same put. */
void glance_get(const struct glance *g, void *value, size_t size);

#endif
