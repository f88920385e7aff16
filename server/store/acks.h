/* Counts who has heard of something, for threads that wait until all have. */
#ifndef ONEDOOR_STORE_ACKS_H
#define ONEDOOR_STORE_ACKS_H

#include "server/base/result.h"

#include <stdbool.h>
#include <stdint.h>

struct acks;

struct acks *acks_new(void);
void acks_free(struct acks *a);

/* The number of a new question; 0 when too many are waited for. */
uint64_t acks_begin(struct acks *a);
/* Somebody has heard it. */
void acks_heard(struct acks *a, uint64_t number);
/* Ends the question: true when so many have heard by then (monotonic ms). */
bool acks_wait(struct acks *a, uint64_t number, int64_t wanted, int64_t deadline);

#endif
