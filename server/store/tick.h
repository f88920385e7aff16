/* What a reader says to Redis so that it is told of changes, and what proves that it is: see watch.h. */
#ifndef ONEDOOR_STORE_TICK_H
#define ONEDOOR_STORE_TICK_H

#include "server/store/batch.h"

#include <stdint.h>

enum { TICK_MS = 20 };

struct tick {
    unsigned reader;
    uint64_t listener; /* the number of the one that it is tracked for */
    int64_t noted;     /* monotonic ms, before it was published */
};

/* From then on, changes of keys read behind CLIENT CACHING YES are told to that client of Redis. */
void tick_track(struct batch *b, int64_t listener_id);
void tick_publish(struct batch *b, struct str channel, const struct tick *t);
/* False when the message is none. */
bool tick_read(struct str message, struct tick *out);

#endif
