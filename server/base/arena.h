/* Memory of one request: given out piece by piece, wiped and released as a whole. */
#ifndef ONEDOOR_BASE_ARENA_H
#define ONEDOOR_BASE_ARENA_H

#include "server/base/str.h"

struct arena;

/* An arena that gives out at most `ceiling` bytes; NULL when there is no memory. Release with arena_free. */
struct arena *arena_new(size_t ceiling);
/*
 * One that takes memory from the machine in pieces of `block` bytes: for many small arenas that live long.
 */
struct arena *arena_new_of(size_t ceiling, size_t block);
/* Bytes taken from the machine so far. */
size_t arena_size(const struct arena *a);

/*
 * Zeroed memory, aligned for any type; valid until arena_free. NULL when the ceiling or the machine's memory
 * is reached: the arena then stays marked as failed, and the request is answered 503 whatever it did.
 */
void *arena_alloc(struct arena *a, size_t size);
bool arena_failed(const struct arena *a);

/* Copies, each with a NUL behind its last byte; STR_EMPTY (or NULL) when there is no memory. */
struct str arena_copy(struct arena *a, struct str s);
/* NULL also when s holds a NUL, where the C string would end early. */
const char *arena_cstr(struct arena *a, struct str s);
struct str arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The parts one behind the other. */
struct str arena_join(struct arena *a, const struct str *parts, size_t n);

/*
 * Calls release(what) when the arena is freed, last registered first: for handles that are no memory
 * (json_t, EVP_PKEY, a snapshot's reference). When it cannot be registered, release is called at once and
 * false returned, so `what` must not be used then.
 */
bool arena_own(struct arena *a, void (*release)(void *), void *what);

/* Runs the releases, wipes every byte given out, frees. NULL is taken. */
void arena_free(struct arena *a);

#endif
