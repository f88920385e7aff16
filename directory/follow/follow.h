/*
 * A subtree followed live on a connection and a thread of its own: RFC 4533 refreshAndPersist, or polling
 * where the directory can't do that. The follower hears of every change, in order, and never of one that was
 * not.
 */
#ifndef ONEDOOR_DIRECTORY_FOLLOW_FOLLOW_H
#define ONEDOOR_DIRECTORY_FOLLOW_FOLLOW_H

#include "directory/directory.h"
#include "directory/registry.h"

struct follow;

struct follow_config {
    const char *name; /* for the log */
    const char *base;
    const char *filter;
    const char *const *attributes; /* ends with NULL; entryUUID comes by itself */
    const char *without;           /* entries below this base are left out; NULL: none */
    struct str cookie;             /* where to go on; empty: see from_now */
    bool from_now; /* with an empty cookie: begin at the directory's present state without reading what is
                      there */
    unsigned poll_seconds; /* where RFC 4533 is not spoken; 0: 5 */
    bool polls;            /* don't even try RFC 4533 */
};

/*
 * Called by the follow's own thread, one at a time. Entries live as long as the call. When one returns
 * anything but OK, the connection is given up and what was not taken comes again: nothing is skipped.
 */
struct follower {
    void *arg;
    /* All entries follow (put), those that did not change by name alone (present). What is not named is gone
     * when refresh_end says so: `complete` false means that only the put ones are certain. */
    enum result (*refresh_begin)(void *arg);
    enum result (*put)(void *arg, struct str uuid, const struct entry *e);
    enum result (*present)(void *arg, struct str uuid);
    enum result (*gone)(void *arg, struct str uuid);
    enum result (*refresh_end)(void *arg, bool complete);
    /* Everything up to this cookie was taken; nothing else is under way at this moment (a good time to
     * compile). */
    enum result (*settled)(void *arg, struct str cookie);
    /* It goes on at the directory's present state without knowing what changed before: see from_now. */
    enum result (*began_now)(void *arg);
    void (*lost)(void *arg); /* the connection broke; it is being sought again */
};

/*
 * Reads all that is there once, on a connection of its own: refresh_begin, each entry by put, refresh_end and
 * settled with the cookie (empty where the directory has none) by which a follow may go on from this moment.
 * What a call returns but OK ends it; UNAVAILABLE when the directory does not answer.
 */
MUST_CHECK enum result follow_read(struct directory *d, const struct follow_config *config,
                                   const struct follower *follower);

/* What config and follower point to is borrowed, the cookie copied. NULL without memory or thread. */
struct follow *follow_start(struct directory *d, const struct follow_config *config,
                            const struct follower *follower);
/* Wakes the thread and waits for its end. NULL is taken. */
void follow_stop(struct follow *f);
/* Whether it is connected and has ended its refresh. */
bool follow_is_live(struct follow *f);
/* Whether it asks now and then what has changed, because it is not told. */
bool follow_polls(struct follow *f);
/* When the directory was last known to have nothing more to tell: Unix seconds, 0 for never. */
int64_t follow_heard(struct follow *f);

#endif
