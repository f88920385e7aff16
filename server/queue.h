/* What waits for one pool, or one crew, in a line for each who asks; the lines take turns. */
#ifndef ONEDOOR_QUEUE_H
#define ONEDOOR_QUEUE_H

#include "server/http/listener.h"

/*
 * Whoever asks a lot waits behind himself, not before others; while there is room, nobody is refused for how
 * much he asks. Who asks is a number; some share a line by chance. Not safe for threads: a pool has a lock.
 */
struct queue;

struct queued {
    struct work work;
    int64_t since; /* clock_monotonic_ms when it came */
};

/* NULL when there is no memory. */
struct queue *queue_new(size_t size);
void queue_free(struct queue *q);
size_t queue_waiting(const struct queue *q);
/* How many of those that wait would be served before one more of `from`. */
size_t queue_ahead(const struct queue *q, uint32_t from);
/* Whether there is a place for one of `from`, or would be by queue_make_room. */
bool queue_has_room(const struct queue *q, uint32_t from);
/* False when there is no room. */
bool queue_put(struct queue *q, const struct queued *job);
/* The next one in turn; false when nothing waits. */
bool queue_take(struct queue *q, struct queued *job);
/*
 * Makes room for one of `from` by taking out the oldest of the longest line, whose client is the likeliest to
 * have given up. False when no line is longer than that of `from` would be.
 */
bool queue_make_room(struct queue *q, uint32_t from, struct queued *evicted);

#endif
