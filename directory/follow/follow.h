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
    unsigned poll_seconds; /* where RFC 4533 is not spoken */
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
    void (*lost)(void *arg); /* the connection broke; it is being sought again */
};

/* The config's and follower's strings are borrowed. NULL without memory or thread. */
struct follow *follow_start(struct directory *d, const struct follow_config *config,
                            const struct follower *follower);
/* Wakes the thread and waits for its end. NULL is taken. */
void follow_stop(struct follow *f);
/* Whether it is connected and has ended its refresh; seconds since it last heard anything, at worst. */
bool follow_is_live(struct follow *f);

#endif
