#include "directory/follow/feed.h"
/* first cut */
enum feed_end poll_run(struct feed *f, struct wire *w)
{
    int64_t seconds = f->config.poll_seconds ? f->config.poll_seconds : FEED_POLL_SECONDS;
    for (;;) {
        LDAPMessage *none;
        if (feed_read(f, w) != RESULT_OK)
            return FEED_LOST;
        feed_is_live(f, w);
        enum wire_news news = wire_next(w, seconds * 1000, &none);
        if (news == WIRE_MESSAGE)
            ldap_msgfree(none);
        if (news == WIRE_LOST || news == WIRE_STOP)
            return news == WIRE_STOP ? FEED_STOPPED : FEED_LOST;
    }
}
