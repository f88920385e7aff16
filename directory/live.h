/*
 * The directory as it is now: the permission model, and what is known of people, both followed live. Readers
 * never lock; a change in the directory is seen here within a fraction of a second.
 */
#ifndef ONEDOOR_DIRECTORY_LIVE_H
#define ONEDOOR_DIRECTORY_LIVE_H

#include "directory/model/catalogue.h"
#include "directory/model/mandate.h"

struct live;

/* Bases of people, groups, organisations and the registry are those of the directory's config. */
struct live_config {
    const char *group_filter, *organisation_filter;
    unsigned most_lost_percent; /* see content.h */
    unsigned most_leavers; /* people disabled or gone within a minute; more is not believed; 0: no limit */
    unsigned poll_seconds; /* where RFC 4533 is not spoken */
    bool polls;            /* even where it is */
    unsigned known_people; /* most people kept in memory */
};

/* What the people feed tells; each server hears of each change. */
enum person_news { PERSON_CHANGED, PERSON_DISABLED, PERSON_GONE };
struct person_change {
    enum person_news news;
    struct str uuid;             /* always */
    const struct person *person; /* NULL for PERSON_GONE */
};
/*
 * What the layers above do with it, and remember for it. Called by a thread of live's own, one change after
 * the other; whatever is not OK is tried again until it is. What live_subject knows has changed already.
 */
struct live_watcher {
    void *arg;
    enum result (*person_changed)(void *arg, const struct person_change *change);
    /*
     * Whether the person, of whom nothing is in memory, has a session to lose: who has not is no loss when
     * the directory calls them disabled or gone. Called by the feed's thread, which waits for it; not asked
     * again while it isn't OK. NULL: everybody may have one.
     */
    enum result (*person_holds)(void *arg, struct str uuid, bool *holds);
    /* The feed's cookie: what was remembered last (NOT_FOUND: begin at the present state), and to be
     * remembered. */
    enum result (*load_cookie)(void *arg, struct arena *a, struct str *cookie);
    enum result (*save_cookie)(void *arg, struct str cookie);
    void (*registry_changed)(
        void *arg); /* some entry of the registry; called by the feed's thread; may be NULL */
};

/*
 * Who takes the registry's applications from live_load's reading, so that they are not read twice. Called by
 * one thread: `begin` once, then `application` for each entry. What happens to them later is told by
 * registry_changed, without a gap.
 */
struct live_reader {
    void *arg;
    enum result (*begin)(void *arg);
    void (*application)(void *arg, const struct entry *e);
};

/* The config is copied, its strings borrowed. NULL when out of memory. */
struct live *live_new(struct directory *d, const struct live_config *config);
/* Threads must be stopped. NULL is taken. */
void live_free(struct live *l);
/*
 * Reads registry, groups and organisations once, for commands and before the first answer. UNAVAILABLE while
 * the directory is away, or when a base is not there. The reader may be NULL; what it was told holds only
 * when the result is OK.
 */
MUST_CHECK enum result live_load(struct live *l, const struct live_reader *reader);
/*
 * What is wrong with entries of the registry, groups and organisations, as of the last model: see content.h.
 */
void live_each_fault(struct live *l, void (*tell)(void *arg, struct str dn, struct str why), void *arg);
/* Starts following; the watcher is copied, NULL for none. False without threads. */
bool live_start(struct live *l, const struct live_watcher *watcher);
void live_stop(struct live *l);

/* The present model, which lives as long as the arena; NULL before live_load or without memory. */
const struct model *live_model(struct live *l, struct arena *a);

/* The person of that `sub`, from memory or else from the directory. NOT_FOUND for certain, or UNAVAILABLE. */
MUST_CHECK enum result live_subject(struct live *l, struct arena *a, struct str sub, struct subject *out);
MUST_CHECK enum result live_subject_by_uuid(struct live *l, struct arena *a, struct str uuid,
                                            struct subject *out);
/*
 * Grows when the model, or what is known of people as a whole, has changed, as soon as that can be read. It
 * says nothing of a single person.
 */
uint64_t live_version(const struct live *l);
/* From memory alone, for threads that may not wait: false when it is not there. */
bool live_subject_known(struct live *l, struct arena *a, struct str sub, struct subject *out);

/*
 * People whose data was read before this moment (Unix seconds) must be asked for again before they are
 * believed: the feed had to begin anew and may have missed who left. 0: nothing was missed.
 */
int64_t live_unsure_before(struct live *l);

/*
 * Whether all that became of people since that second (Unix), but for the last moment, has been heard and
 * told to the watcher: the feed has gone on all the time, and was heard a few seconds ago at most. Never
 * where the directory has to be polled. Not while the feed is being started or stopped.
 */
bool live_has_told_since(struct live *l, int64_t since);

struct live_state {
    bool following;      /* all feeds are connected and settled */
    bool loss_held;      /* a change was not believed; see the log */
    bool lags;           /* so many changes of people are not yet noted that the feed waits */
    int64_t model_built; /* Unix seconds */
    int64_t last_heard;  /* Unix seconds: the feed that has been silent longest */
    size_t known_people;
};
/* Not while it is being started or stopped. */
struct live_state live_state(struct live *l);
/* The operator says that the loss is real. */
void live_accept_loss(struct live *l);
/* Says so to all servers, through the registry. The result is that of the registry's writes. */
MUST_CHECK enum result live_tell_accept_loss(struct directory *d);

#endif
