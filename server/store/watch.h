/*
 * Hearing from Redis which keys change (server-assisted client side caching, RESP2), so that what was read
 * from them may be believed without asking again. The argument:
 *
 * 1. Tracked reads go over the one connection of the read lane, whose client has CLIENT TRACKING ON REDIRECT
 * to the listener. From such a read on, the first write to a key puts a message into the listener's stream,
 * at the moment in which Redis carries the write out.
 * 2. Every TICK_MS the thread notes the time and publishes a number over that same connection, which Redis
 * puts into the same stream. When it comes out at the listener, the reading client was alive at the
 * publishing, and all keys changed before have been heard of: they are stamped. So what memory says was true
 * at a time later than the one noted.
 * 3. Nothing is answered from memory later than BOUND_MS after the time noted for the last number that came
 * out. So an answer from memory was true at most BOUND_MS ago, whatever breaks, stalls or falls silent: a
 * change in Redis is seen by every server within that time.
 * 4. When either connection is new, changes may have gone unheard: everything read before is forgotten. What
 * is read while a connection changes is not kept. The key of the epoch is read like that at every tick: when
 * it changes, everything is forgotten as well.
 * 5. What this server writes itself is stamped before the writer is answered, so it sees its own changes at
 * once.
 * 6. Whoever ends something asks all listeners, in the same stream, whether they have come so far
 * (watch_tell), and answers when all have: so the end is seen everywhere before it is confirmed. One that
 * does not say so in BOUND_MS cannot have believed in it for longer.
 */
#ifndef ONEDOOR_STORE_WATCH_H
#define ONEDOOR_STORE_WATCH_H

#include "server/store/guard.h"
#include "server/store/lane.h"
#include "server/store/stamps.h"

struct watch;

/* All is borrowed. Starts a thread; NULL without memory or thread. */
struct watch *watch_start(const struct store_config *config, struct guard *guard, struct lane *reads,
                          struct stamps *stamps, struct trouble *trouble);
void watch_stop(struct watch *w);

/* Returns when every server that listens has heard of what was changed before, or cannot believe it any more.
 */
void watch_tell(struct watch *w);

/* The connection of the read lane whose reads are tracked; 0: none is. To be taken before a tracked read. */
uint64_t watch_life(const struct watch *w);

#endif
