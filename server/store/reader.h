/*
 * A strand as one of those who read for memory (watch.h): has Redis tell the listener of what changes, anew
 * with every connection and every listener, and proves by ticks that it does, while somebody wants to know.
 * All is called on the strand's loop.
 */
#ifndef ONEDOOR_STORE_READER_H
#define ONEDOOR_STORE_READER_H

#include "server/store/strand.h"
#include "server/store/watch.h"

struct reader;

/* All is borrowed. NULL when out of memory, or there are too many. */
struct reader *reader_new(struct watch *watch, struct stamps *stamps, struct strand *strand);
/* After the strand. NULL is taken. */
void reader_free(struct reader *r);
/* In every turn, before the strand's; returns likewise. */
int64_t reader_settle(struct reader *r, int64_t now);

/* The connection whose reads are tracked; 0: none is. To be taken before a tracked read. */
uint64_t reader_life(const struct reader *r);
unsigned reader_number(const struct reader *r);

#endif
