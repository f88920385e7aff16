/*
 * How lost writes are noticed. Every write is followed, on the same connection, by INCR of a counter that
 * this server alone uses (its beat): if the number n is still there, so is every write acknowledged before
 * it. Every operation also reads the name of the epoch. The whole argument stands in README.md.
 */
#ifndef ONEDOOR_STORE_GUARD_H
#define ONEDOOR_STORE_GUARD_H

#include "server/store/connection.h"
#include "server/store/epoch.h"
#include "server/store/keyname.h"

struct guard;

/* What an operation must know at its start. */
struct view {
    uint64_t generation; /* of the epoch as this server counts; 0: none yet */
    char epoch[33];
    struct key_name beat;
    int64_t highest;   /* acknowledged number */
    uint64_t openings; /* connections admitted so far in this generation */
    bool lost;         /* a loss was seen in this generation: nothing seen later can undo that */
};

/* Seal and config are borrowed. NULL when out of memory. */
struct guard *guard_new(const struct store_config *config, const struct seal *seal);
void guard_free(struct guard *g);

/* False while nothing may be granted: the epoch is unknown or in doubt. The view is filled in either case. */
bool guard_view(struct guard *g, struct view *out);
/* When the epoch last changed, as store_floor. */
int64_t guard_floor(struct guard *g);

/* The generation, while things may be granted in it; 0 otherwise. Takes no lock. */
uint64_t guard_serving(const struct guard *g);

enum { GUARD_REPLIES = 2 };
/* Adds the two commands that go behind those of an operation. */
void guard_ask(struct guard *g, const struct view *v, struct batch *b, bool writes);
/*
 * Judges their replies: OK when no acknowledged write can have been lost before the operation and the epoch
 * is the view's; for a write, its number then counts as acknowledged. UNAVAILABLE otherwise.
 */
MUST_CHECK enum result guard_check(struct guard *g, const struct asker *c, struct view *v,
                                   redisReply *const replies[GUARD_REPLIES], bool writes, int64_t deadline);
/*
 * Counts a connection that has just been made and fills in the view to judge it by, in this order: what
 * another thread acknowledges from now on, it acknowledges in the knowledge of this opening. Answers as
 * guard_view.
 */
bool guard_open(struct guard *g, struct view *out);
/* Asked of every new connection before it is used: counts and judges it. */
MUST_CHECK enum result guard_admit(struct guard *g, const struct asker *c, int64_t deadline);

enum doubt {
    DOUBT_EPOCH, /* another one may hold */
    DOUBT_LOSS   /* writes are missing: this one must end */
};
/* From now on nothing is granted in that generation, until the beat has found out. */
void guard_doubt(struct guard *g, uint64_t generation, enum doubt doubt, const char *why);
/* The doubt was unfounded: no number is missing on a connection that was counted by guard_open. */
void guard_resume(struct guard *g, uint64_t generation);
/* A new epoch, with a new beat that stands at `beat`: a generation of its own. */
void guard_enter(struct guard *g, const struct epoch *e, const struct key_name *name, int64_t beat);

/* The value of the epoch's key: its name, sealed to the place. */
MUST_CHECK enum result guard_seal_epoch(struct guard *g, struct arena *a, struct str epoch, struct str *out);
/* Whether a value of the epoch's key names that epoch; false for nil and for what does not open. */
bool guard_is_epoch(struct guard *g, struct str value, struct str epoch);
const struct key_name *guard_epoch_key(const struct guard *g);

#endif
