/* Redis: what must expire. Untrusted and losable; values sealed, key names hashed, single use atomic. */
#ifndef ONEDOOR_STORE_STORE_H
#define ONEDOOR_STORE_STORE_H

#include "certs/seal.h"
#include "directory/directory.h"

struct store_config {
    struct str address;            /* unix:/path or host:port */
    const struct secret *password; /* NULL: none */
    const char *username;          /* NULL: Redis's default user */
    unsigned database;
    unsigned connect_ms, operation_ms; /* deadlines */
    struct str prefix;                 /* of every key name: "od:" */
};

struct store;

/* Nothing is connected yet. Config is copied, what it points to borrowed. NULL when out of memory. */
struct store *store_new(const struct store_config *config, const struct seal *seal, struct directory *d);
/* A clean stop: tells the registry how far the beat has come, so the directory must still be open. NULL is
 * taken. */
void store_free(struct store *s);
/* Whether Redis answers and its epoch is ours. */
MUST_CHECK enum result store_ping(struct store *s);

/*
 * The kinds of records; each is a name space of its own, so a value of one can't be read as another.
 * enum, name
 */
#define STORE_KINDS(X)                                                                                       \
    X(TRANSACTION, "txn")   /* a sign-in under way */                                                        \
    X(SESSION, "session")   /* by sid */                                                                     \
    X(CODE, "code")         /* by SHA-256 of the code */                                                     \
    X(GRANT, "grant")       /* by gid: the family of all that one authorization gave */                      \
    X(ACCESS, "access")     /* by SHA-256 of the whole token */                                              \
    X(REFRESH, "refresh")   /* by SHA-256 of the token */                                                    \
    X(SPENT, "spent")       /* markers of single use: codes, refresh tokens, TOTP steps, assertions */       \
    X(THROTTLE, "throttle") /* counters */                                                                   \
    X(PERSON, "person")     /* by uuid: the sids of a person's sessions */                                   \
    X(NOTICE, "notice")     /* by a person's tag: what the directory said of them since they signed in */    \
    X(FEED, "feed")         /* how far the people feed was followed */                                       \
    X(LOGOUT, "logout")     /* logout tokens to be delivered */                                              \
    X(FORWARD, "forward")   /* sign-ins and sessions of applications behind forward authentication */

enum store_kind {
#define X(name, text) STORE_##name,
    STORE_KINDS(X)
#undef X
        STORE_KIND_COUNT
};

/*
 * Called by a worker, or a task, when it takes up a request: what it does from now on belongs to one epoch,
 * and is UNAVAILABLE when that ends in the middle. Without it, a code could be read before a loss and spent
 * after it. Who never calls it is not bound.
 */
void store_request(void);
/*
 * On a loop's thread (server/base/loop.h): whether tasks there may use the store now, over a connection of
 * their loop's own, so that none makes the thread wait. If there is none yet, one is begun. The store must
 * outlive the loop.
 */
bool store_here(struct store *s);

/* In all below: `id` is any bytes (it is hashed); ttl in seconds, at least 1. */

/* Writes or overwrites. */
MUST_CHECK enum result store_put(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                                 struct str value, int64_t ttl);
/*
 * Records that belong together, written in one round trip: collected by those who make them, put by whoever
 * sends what they stand for. NOT_FOUND when one of those that only `updates` was not there; the others are
 * written then all the same.
 */
enum { STORE_PUTS_MOST = 4 };
struct store_puts {
    struct store_put {
        enum store_kind kind;
        struct str id, value;
        int64_t ttl;
        bool updates; /* only what is there; its ttl may then stay: 0 */
    } v[STORE_PUTS_MOST];
    size_t n;
};
/* False when there are too many. */
MUST_CHECK bool store_puts_add(struct store_puts *all, struct store_put one);
MUST_CHECK enum result store_put_all(struct store *s, struct arena *a, const struct store_puts *all);
/* Overwrites only what is there, with a new ttl (0: the ttl stays); NOT_FOUND otherwise. */
MUST_CHECK enum result store_update(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                                    struct str value, int64_t ttl);
/* NOT_FOUND when it is not there, has expired, or does not open (that is logged). */
MUST_CHECK enum result store_get(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                                 struct str *value);
/* Several in one round trip; out[i].p is NULL for what is not there. OK also when none is. */
struct store_key {
    enum store_kind kind;
    struct str id;
};
MUST_CHECK enum result store_get_many(struct store *s, struct arena *a, const struct store_key *keys,
                                      size_t n, struct str *out);
/*
 * As store_get_many, of a few keys, and says what it takes to believe the records later without asking again:
 * nothing is heard of them, or of the store as a whole, that was not heard at the time of the reading. `kept`
 * is false when that could not be told.
 */
enum { STORE_WATCHED_MOST = 8 };
struct store_watched {
    uint64_t moment, generation;
    uint32_t slots[STORE_WATCHED_MOST];
    uint8_t count, reader;
    bool kept;
};
MUST_CHECK enum result store_get_watched(struct store *s, struct arena *a, const struct store_key *keys,
                                         size_t n, struct str *out, struct store_watched *w);
/*
 * Whether Redis held these very records a moment ago, at most 80 ms; false also when that cannot be known.
 * Takes no lock and asks nobody.
 */
bool store_watched_holds(struct store *s, const struct store_watched *w);
/* Begins to listen for that, in a thread, before a loop uses the store: until then nothing is kept. False
 * without memory or thread. */
bool store_watch(struct store *s);
/* Whether it listens, and what it hears is the whole truth now. */
bool store_watching(struct store *s);
/* Of the epoch: grows with each; 0 while nothing may be granted. */
uint64_t store_generation(struct store *s);

/* Reads and deletes in one atomic step (GETDEL): exactly one caller gets it. */
MUST_CHECK enum result store_take(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                                  struct str *value);
/*
 * OK also when it was not there: afterwards it is not. Of a record that servers may believe (an access token,
 * a grant, a session), no server does any more then.
 */
MUST_CHECK enum result store_delete(struct store *s, struct arena *a, enum store_kind kind, struct str id);
/*
 * The single-use step (SET NX): OK for exactly one caller, USED for every other until the ttl is over. The
 * value can be read by store_get(STORE_SPENT).
 */
MUST_CHECK enum result store_spend(struct store *s, struct arena *a, struct str id, struct str value,
                                   int64_t ttl);
/*
 * Adds `by` (may be negative) to a counter that lives `window` seconds from its first count, atomically;
 * `count` is then the new value, `left` the seconds until the window ends. Several in one step.
 */
enum { STORE_COUNTERS_MOST = 3 };
struct store_counter {
    struct str id;
    int64_t by, window, count, left;
};
MUST_CHECK enum result store_count(struct store *s, struct store_counter *v, size_t n);

/*
 * Sets of members under one id, each change one atomic step. A set lives `ttl` seconds from the last add,
 * which says how many members there are then; a member that is there already is no second one.
 */
MUST_CHECK enum result store_set_add(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                                     struct str member, int64_t ttl, size_t *count);
/* In no order; none when there is no such set. A member that does not open is left out (that is logged). */
MUST_CHECK enum result store_set_members(struct store *s, struct arena *a, enum store_kind kind,
                                         struct str id, struct str **out, size_t *n);
/* OK also when it was not there. */
MUST_CHECK enum result store_set_remove(struct store *s, struct arena *a, enum store_kind kind, struct str id,
                                        struct str member);

/*
 * Several of the operations above as one atomic step, in this order and in one round trip. Whatever becomes
 * of one of them, the others are carried out.
 */
enum store_act {
    STEP_PUT,    /* writes or overwrites */
    STEP_UPDATE, /* overwrites only what is there: NOT_FOUND otherwise */
    STEP_GET,    /* OK also when nothing is there: value.p is NULL then */
    STEP_TAKE,   /* as store_take */
    STEP_SPEND,  /* as store_spend; its kind is SPENT */
    STEP_DELETE, /* as store_delete */
    STEP_ADD,    /* `value` to a set, as store_set_add; `number` is how many there are then */
    STEP_COUNT   /* adds `number` to a counter with a window of ttl, as store_count; its kind is THROTTLE */
};
struct store_step {
    enum store_act act;
    enum store_kind kind;
    struct str id, value;
    int64_t ttl, number;
    enum result result; /* what became of it */
};
enum { STORE_STEPS_MOST = 9 };
struct store_steps {
    struct store_step v[STORE_STEPS_MOST];
    size_t n;
};
/* False when there are too many; here and below. */
MUST_CHECK bool store_steps_add(struct store_steps *all, struct store_step one);
MUST_CHECK bool store_steps_put(struct store_steps *all, const struct store_puts *puts);
/*
 * OK when each was; a failure of ours, with which nothing is known of any; or else the first result that is
 * not OK.
 */
MUST_CHECK enum result store_together(struct store *s, struct arena *a, struct store_steps *all);

/*
 * Queues: records with a time at which each is due, of which one server at a time works on one, and a server
 * that dies loses its own to another. A job is done at least once, twice only if its worker was thought dead;
 * it is forgotten only by a Redis that forgets, or when its ttl is over. Each kind of record is one queue.
 * Times are Unix seconds. Ids lie in Redis as they are: they must tell nothing.
 */
struct store_job {
    struct str id, value;
};
struct store_jobs {
    enum store_kind kind;
    const struct store_job *v;
    size_t n;
    int64_t due, ttl;
    uint64_t most; /* in the queue; more are REFUSED (a few more when many add at once) */
};
/* Adds those that do not wait yet; a job that does stays as it is. */
MUST_CHECK enum result store_queue_add(struct store *s, struct arena *a, const struct store_jobs *jobs);
/*
 * Ends a record (as store_delete) and adds the jobs that come of it in one atomic step; *last is what the
 * record held, p NULL when it was not there (also when the step had to be sent twice). REFUSED: the queue is
 * full, nothing was done.
 */
MUST_CHECK enum result store_end_and_queue(struct store *s, struct arena *a, struct store_key ends,
                                           const struct store_jobs *jobs, struct str *last);
/* Up to `room` that are due, the longest due first; the value's p is NULL where the record is gone. */
MUST_CHECK enum result store_queue_due(struct store *s, struct arena *a, enum store_kind kind, int64_t now,
                                       struct store_job *out, size_t room, size_t *count);
/* Lets them lie until they are due, all in one step; no lease is needed. Never makes one due earlier. */
struct store_delay {
    struct str id;
    int64_t due;
};
MUST_CHECK enum result store_queue_put_off(struct store *s, struct arena *a, enum store_kind kind,
                                           const struct store_delay *v, size_t n);
/*
 * OK: the job is the caller's until `lease` seconds from now. USED: somebody else has it. NOT_FOUND: it is
 * done or over, and out of the queue.
 */
MUST_CHECK enum result store_queue_claim(struct store *s, struct arena *a, enum store_kind kind,
                                         struct str id, int64_t now, int64_t lease, struct str *value);
/* Puts a claimed job back with a new value, for everybody, when it is due; its ttl goes on. */
MUST_CHECK enum result store_queue_again(struct store *s, struct arena *a, enum store_kind kind,
                                         struct store_job job, int64_t now, int64_t due);
MUST_CHECK enum result store_queue_done(struct store *s, struct arena *a, enum store_kind kind,
                                        struct str id);
MUST_CHECK enum result store_queue_length(struct store *s, enum store_kind kind, uint64_t *out);

/*
 * The second before which nothing single-use can be trusted to be remembered: when the epoch last changed
 * because Redis had lost writes. A TOTP step or assertion from before it must be refused. 0: never. To be
 * read after store_spend() said OK, so that it belongs to the same epoch; it may lie 2 seconds ahead.
 */
int64_t store_floor(struct store *s);

/*
 * The heartbeat, called about twice a second by one thread: finds lost writes, reconnects, follows the epoch.
 * Before the first one, everything is UNAVAILABLE. It alone waits for the directory.
 */
void store_beat(struct store *s);

#endif
