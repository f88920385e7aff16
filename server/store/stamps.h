/*
 * When which key in Redis was last heard of as changed, and until when what was heard is the whole truth.
 * Holds no keys: many share a slot, so that a change is at worst taken for that of another key too, never
 * missed. Readers take no lock. What makes it true is told in watch.h.
 */
#ifndef ONEDOOR_STORE_STAMPS_H
#define ONEDOOR_STORE_STAMPS_H

#include "server/store/store.h"

struct stamps;

/* Nothing holds yet. NULL when out of memory. */
struct stamps *stamps_new(void);
void stamps_free(struct stamps *s);

/* To be taken before keys are read: what is heard of later makes what was read old. */
uint64_t stamps_moment(const struct stamps *s);
uint32_t stamps_slot(struct str key);
/* The key was changed, or may have been. By any thread. */
void stamps_touch(struct stamps *s, uint32_t slot);
/* Everything may have been. */
void stamps_forget(struct stamps *s);
/* What was heard is whole until then (monotonic ms); it is never taken back by an earlier time. */
void stamps_assure(struct stamps *s, int64_t until);

/* Whether it is whole now. */
bool stamps_assured(const struct stamps *s);
/* Whether it is, and what was read at that moment is still what Redis holds. */
bool stamps_hold(const struct stamps *s, const struct store_watched *w);

#endif
