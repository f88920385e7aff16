/* What the ways of following share: the follow itself, and how it tells what it hears. */
#ifndef ONEDOOR_DIRECTORY_FOLLOW_FEED_H
#define ONEDOOR_DIRECTORY_FOLLOW_FEED_H

#include "directory/follow/follow.h"
#include "directory/follow/wire.h"
#include "server/base/buf.h"

#include <pthread.h>
#include <stdatomic.h>

/* An entry, with a group's million members, must fit. */
enum { FEED_ENTRY_MEMORY = 256 << 20, FEED_POLL_SECONDS = 5 };

/* What the cookies of polling begin with: the server that was polled knows nothing of them. */
#define FEED_POLL_COOKIE "poll "

struct feed {
    struct directory *directory;
    struct follow_config config;
    struct follower to;
    struct buf cookie; /* the last settled one */
    atomic_bool live, polls;
    atomic_llong heard; /* Unix seconds */
};

/* What became of an attempt to follow on one connection. */
enum feed_end { FEED_STOPPED, FEED_LOST };

/* Below `without`: such an entry is none of the feed's. */
bool feed_leaves_out(const struct feed *f, struct arena *a, struct str dn);
/* An entry as it is now; one that is left out is gone. */
MUST_CHECK enum result feed_put(struct feed *f, struct arena *a, struct str uuid, const struct entry *e);
/* Remembers the cookie and says so. */
MUST_CHECK enum result feed_settle(struct feed *f, struct str cookie);
/* Refreshed, and nothing more to tell that has come over the wire. */
void feed_is_live(struct feed *f, const struct wire *w);

/* RFC 4533; with an empty cookie from the beginning, or from now. */
enum feed_end sync_run(struct feed *f, struct wire *w);
/* Asking again and again. */
enum feed_end poll_run(struct feed *f, struct wire *w);

/*
 * The entries that match filter, one after the other, in pages where the server has them. The uuid is the 16
 * bytes of entryUUID, nsUniqueId or objectGUID. `attributes` NULL: only their uuids are asked for.
 */
typedef enum result feed_take(void *arg, struct arena *a, struct str uuid, const struct entry *e);
MUST_CHECK enum result feed_list(struct feed *f, struct wire *w, const char *filter,
                                 const char *const *attributes, feed_take *take, void *arg);
/* All of them as one refresh, settled with the cookie of the moment before. */
MUST_CHECK enum result feed_read(struct feed *f, struct wire *w);

/* Whether the server says in its root DSE that it knows the control. False also when it cannot be asked. */
bool feed_server_has(struct wire *w, const char *control);
/*
 * The cookie of RFC 4533 that stands for the directory's present state. Empty where it does not tell; false
 * when the connection is lost.
 */
bool feed_present_cookie(struct wire *w, struct arena *a, const char *base, struct str *cookie);

#endif
