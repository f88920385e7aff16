/*
 * Hearing from Redis which keys change (server-assisted client side caching, RESP2), so that what was read
 * from them may be believed without asking again. The argument:
 *
 * 1. Tracked reads go over a few connections, each a *reader*: the first is the read lane's, which all
 * threads share, and there is one more for each strand (reader.h). Every reader's client has CLIENT TRACKING
 * ON REDIRECT to the one listener. From such a read on, the first write to a key puts a message into the
 * listener's stream, at the moment in which Redis carries the write out, for every reader that has read it.
 * 2. Every TICK_MS a reader notes the time and publishes it over that same connection, with its number and
 * the listener's (tick.h); Redis puts that into the same stream. When it comes out at that listener, the
 * reading client was alive and tracked for it at the publishing, and all keys changed before, of those that
 * it had read, have been heard of: they are stamped. So what memory says by this reader was true at a time
 * later than the one noted.
 * 3. Nothing that a reader has read is answered from memory later than BOUND_MS after the time noted for its
 * last tick that came out. So an answer from memory was true at most BOUND_MS ago, whatever breaks, stalls or
 * falls silent: a change in Redis is seen by every server within that time. A strand ticks only while
 * somebody wants what it has read; when it begins again, the first tick that comes out says that all was
 * heard meanwhile.
 * 4. Of a reader's client that is gone, Redis tells nothing. So when a reader has a new connection,
 * everything that it has read before is forgotten, after Redis has agreed to the tracking, and before the
 * first tick over it. What comes out late of the connection before does no harm: it bears a time before
 * anything that is not forgotten was read.
 * 5. When the listener is new, everything is forgotten, and a tick counts only if it bears its number: the
 * reader has been tracked for it, and has forgotten since. What is read while either connection changes is
 * not kept.
 * 6. The first reader also reads the epoch's key like that, with every tick, and its ticks are asked for
 * always: when that key changes, it is read anew, and then everything is forgotten.
 * 7. What this server writes itself is stamped before the writer is answered, over whatever connection, so it
 * sees its own changes at once: what was read before that is old, and what is read after it is new.
 * 8. Whoever ends something asks all listeners, in the same stream, whether they have come so far
 * (watch_tell), and answers when all have: so the end is seen everywhere before it is confirmed. One that
 * does not say so in BOUND_MS cannot have believed in it for longer; nor can one whose reader has just died,
 * which its listener cannot know.
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

/* For the other readers: whom Redis is to tell, as it counts clients. Each has a number; 0: there is none. */
struct watch_listener {
    uint64_t number;
    int64_t id;
};
struct watch_listener watch_listener(const struct watch *w);
/* Where it hears their ticks. */
struct str watch_channel(const struct watch *w);
/* How long an answer of Redis is waited for. */
int64_t watch_patience_ms(const struct watch *w);

#endif
