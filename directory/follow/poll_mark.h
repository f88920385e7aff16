/*
 * How far polling has come: the newest change that was seen, by the attribute that tells it. Active Directory
 * counts its changes (uSNChanged, a count of each server's own); everybody else dates them (modifyTimestamp).
 */
#ifndef ONEDOOR_DIRECTORY_FOLLOW_POLL_MARK_H
#define ONEDOOR_DIRECTORY_FOLLOW_POLL_MARK_H

#include "directory/follow/wire.h"

struct poll_mark {
    const char *attribute;
    char server[256]; /* whose count it is; empty: times are the same everywhere */
    uint64_t newest;  /* the count, or Unix seconds; 0: nothing was seen yet */
};

/* Asks the server which it is. False when the connection is lost. */
bool poll_mark_begin(struct poll_mark *m, struct wire *w, struct arena *a);
/* Takes an entry's mark into account. */
void poll_mark_see(struct poll_mark *m, const struct entry *e);

/* To and from a cookie; false when it is none, or another server's. */
struct str poll_mark_cookie(const struct poll_mark *m, struct arena *a);
bool poll_mark_from_cookie(struct poll_mark *m, struct str cookie);

/* The filter, narrowed to what may have changed since: with some overlap, where clocks tell. */
struct str poll_mark_filter(const struct poll_mark *m, struct arena *a, const char *filter);

#endif
