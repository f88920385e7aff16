/*
 * When which key in Redis was last heard of as changed, and until when what was heard is the whole truth for
 * what a reader read. Holds no keys: many share a slot, so that a change is at worst taken for that of
 * another key too, never missed. Nobody takes a lock. What makes it true, and what a reader is, is told in
 * watch.h.
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

/* Another reader's number, at most STAMPS_READERS_MOST - 1; 0, which is the first one's, when there are too
 * many.
 */
enum { STAMPS_READERS_MOST = 64 };
unsigned stamps_add_reader(struct stamps *s);
/* Everything that this one has read may have been changed. */
void stamps_forget_reader(struct stamps *s, unsigned reader);
/* What was heard for it is whole until then (monotonic ms); it is never taken back by an earlier time. */
void stamps_assure(struct stamps *s, unsigned reader, int64_t until);
/* Somebody reads by it, at that time; was that, or stamps_hold, so in the last second? */
void stamps_want(struct stamps *s, unsigned reader, int64_t now);
bool stamps_wanted(const struct stamps *s, unsigned reader, int64_t now);

/* Whether what was heard for the first reader is whole now. */
bool stamps_assured(const struct stamps *s);
/* Whether it is, and also for the reader of this, and what was read at that moment is what Redis still holds.
 */
bool stamps_hold(struct stamps *s, const struct store_watched *w);

#endif
