/*
 * What one loop does of the quick pool's work: in tasks on the I/O thread itself, so that no request has to
 * be handed to another thread and back. Used on the loop's own thread alone.
 */
#ifndef ONEDOOR_CREW_H
#define ONEDOOR_CREW_H

#include "server/base/loop.h"
#include "server/waiting.h"

struct crew;

/* The loop's crew for that pool, of so many tasks; it lives as long as the loop. NULL without memory. */
struct crew *crew_of(struct loop *l, const void *pool, const struct waiting_limits *limits, unsigned tasks);
/* As pools_submit and pools_have_room. */
bool crew_submit(struct crew *c, const struct work *work);
bool crew_has_room(const struct crew *c, uint32_t from);

#endif
