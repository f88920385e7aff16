/*
 * What becomes of a person's sessions when the directory changes: each server hears of each change, notes it
 * in Redis for all, and ends what a leaver still has. Called by the thread that follows the people.
 */
#ifndef ONEDOOR_SERVER_WATCHER_H
#define ONEDOOR_SERVER_WATCHER_H

#include "server/housekeeping.h"

/* Who hears the news: both outlive the following. */
struct watcher {
    struct provider *provider;
    struct housekeeping *housekeeping;
};
/* What live_start takes; `w` is borrowed. */
struct live_watcher watcher_of(struct watcher *w);

/*
 * Notes what is true of the person now. Of one who is disabled or gone every session is ended, which queues
 * what tells the applications, with an audit line for each. OK only when all of it is done: otherwise the
 * news must come again, for it is not handled.
 */
MUST_CHECK enum result watcher_hear(struct provider *p, const struct person_change *change);

/* Whether there is any session of theirs, or was when some server heard that they left, a minute or two ago.
 */
MUST_CHECK enum result watcher_person_holds(struct provider *p, struct str uuid, bool *holds);

/* How far the people have been followed, by whichever server came farthest: what one server has handled is
 * handled for all. NOT_FOUND when Redis knows of nothing, not of any session either. */
MUST_CHECK enum result watcher_load_cookie(struct provider *p, struct arena *a, struct str *cookie);
MUST_CHECK enum result watcher_save_cookie(struct provider *p, struct str cookie);

#endif
