/*
 * A value that is replaced as a whole while others read it. Readers never wait and share no cache line; a
 * value that was replaced lives on until its last reader is done.
 */
#ifndef ONEDOOR_BASE_SWAP_H
#define ONEDOOR_BASE_SWAP_H

#include "server/base/arena.h"

struct swap;

/* Holds nothing yet; `release` is called once for every value that swap_put took. NULL when out of memory. */
struct swap *swap_new(void (*release)(void *value));
/* Nobody may read any more. NULL is taken. */
void swap_free(struct swap *s);

/*
 * The present value, to be read until the arena is freed (by whichever thread); NULL when there is none yet,
 * or the arena is out of memory.
 */
const void *swap_read(struct swap *s, struct arena *a);
/*
 * Makes it the present one and takes it over, also when it fails for lack of memory. One thread at a time.
 * Replaced values whose readers are done are released by this or a later call.
 */
bool swap_put(struct swap *s, void *value);

#endif
