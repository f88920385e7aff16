/* The parts of live: the feeds that make the model, and the feed of people. Only live*.c include this. */
#ifndef ONEDOOR_DIRECTORY_LIVE_PARTS_H
#define ONEDOOR_DIRECTORY_LIVE_PARTS_H

#include "directory/follow/follow.h"
#include "directory/known.h"
#include "directory/leavers.h"
#include "directory/live.h"
#include "directory/model/content.h"
#include "directory/news.h"
#include "directory/uuid_set.h"
#include "server/base/buf.h"
#include "server/base/swap.h"

#include <pthread.h>
#include <stdatomic.h>

/* The registry's entry by which an operator says that a loss is real: a new description each time. */
#define LIVE_ACCEPT_RDN "cn=accept-loss,ou=state"

/* One of the two feeds that make the model. */
struct model_feed {
    struct live *live;
    enum content_source source;
    struct follow_config config;
    const struct live_reader *reader; /* while live_load reads; NULL: nobody */
    struct uuid_set keys;             /* of the registry's: no content, but others read them */
    struct buf cookie;                /* where live_load's reading ended */
    bool changed; /* something came since it settled last; the feed's thread alone, as what follows */
    bool others;  /* what others read from the registry as well may have changed */
    struct follow *follow;
};

/* Entries go into the content under `lock`; one thread compiles it when it has changed. */
struct model_part {
    struct swap *now;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct content *content;
    bool dirty, stop, started, loaded;
    bool held; /* a loss that is not believed */
    pthread_t builder;
    struct model_feed feeds[CONTENT_SOURCE_COUNT];
    struct str accepted; /* the registry's last word that a loss is real */
    atomic_llong built;
};

struct people_part {
    struct known *known;
    struct follow *follow;
    const char *const *attributes;
    pthread_t teller; /* starts the follow, then tells the watcher */
    bool started;
    struct news *news;
    struct leavers *leavers;
    int64_t ask_holds_at;   /* clock_monotonic_ms; the feed's thread alone */
    struct buf held_cookie; /* what was not remembered while leavers are held back; the teller's */
    atomic_bool accepted;   /* a loss; the teller has not seen it yet */
    atomic_llong unsure_before;
    atomic_llong lost_at; /* clock_monotonic_ms since when the feed tells nothing; 0: it does */
    atomic_llong answers_until, next_try; /* see live_subject.c */
    atomic_bool following;
};

struct live {
    struct directory *directory;
    atomic_ullong version;
    struct live_config config;
    struct live_watcher watcher;
    struct arena *arena; /* of what lasts as long as it */
    struct model_part model;
    struct people_part people;
};

bool live_model_setup(struct live *l);
void live_model_clear(struct live *l);
bool live_model_start(struct live *l);
void live_model_stop(struct live *l);
void live_model_accept(struct live *l);

bool live_people_setup(struct live *l);
void live_people_clear(struct live *l);
bool live_people_start(struct live *l);
void live_people_stop(struct live *l);
void live_people_accept(struct live *l);

/* A thread with a small stack that takes no signals. */
bool live_thread(pthread_t *out, void *(*run)(void *), void *arg);

#endif
