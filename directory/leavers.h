/*
 * A directory in which hundreds of people leave within a minute is broken more often than it is right: beyond
 * the limit they are held back until an operator says that it is true, or until they are all back.
 */
#ifndef ONEDOOR_DIRECTORY_LEAVERS_H
#define ONEDOOR_DIRECTORY_LEAVERS_H

#include "directory/uuid_set.h"

struct leavers;

/* `most` in any minute; 0: no limit. NULL when out of memory. */
struct leavers *leavers_new(unsigned most);
void leavers_free(struct leavers *l);

/*
 * Somebody is disabled or gone: true when this is to be believed, false when it is held back. Who has nothing
 * to lose, or may have left long ago, does not count, but is held back with the others while any are.
 */
bool leavers_judge(struct leavers *l, struct str uuid, bool counts);
/* Somebody is there and enabled: no longer held back. True when they were the last one. */
bool leavers_back(struct leavers *l, struct str uuid);
bool leavers_holds(struct leavers *l, struct str uuid);
/* How many are held back. */
size_t leavers_held(struct leavers *l);
/* The operator says that it is true: gives up all that are held back. The set is the caller's to free. */
struct uuid_set leavers_accept(struct leavers *l);

#endif
