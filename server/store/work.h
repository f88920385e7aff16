/* One operation on Redis: its view of the epoch, what is sent, what came back. */
#ifndef ONEDOOR_STORE_WORK_H
#define ONEDOOR_STORE_WORK_H

#include "server/store/way.h"

enum work_kind {
    WORK_READ,  /* changes nothing */
    WORK_AGAIN, /* writes, and may be sent a second time when the connection broke */
    WORK_ONCE   /* writes, and must not: the first may have been carried out */
};

struct work {
    struct store *s;
    enum work_kind kind;
    struct way way;
    struct view view;
    struct batch batch;
    redisReply *replies[BATCH_MAX];
    uint64_t life;                        /* of the connection that answered */
    size_t may_fail;                      /* so many commands at the beginning may be refused */
    uint32_t changes[STORE_WATCHED_MOST]; /* slots of the stamps: see work_changes */
    unsigned change_count;
    bool tells; /* all servers, before it is answered */
};

/* UNAVAILABLE while nothing may be granted. work_end is called in either case. */
MUST_CHECK enum result work_begin(struct work *w, struct store *s, enum work_kind kind);
/* The name of a record's key in this epoch. */
MUST_CHECK enum result work_key(const struct work *w, enum store_kind kind, struct str id,
                                struct key_name *out);
/*
 * The operation changes that key, which somebody may believe to know: at its end that is so no more, on this
 * server at once. For a key that is new with it, nobody has to be told.
 */
void work_changes(struct work *w, const struct key_name *name);
/* The operation ends a record of that kind: where servers may believe it, it is answered when none does any
 * more. */
void work_ends(struct work *w, enum store_kind kind, const struct key_name *name);
/*
 * Sends w->batch (filled by the caller) and the guard's questions. After OK, w->replies hold the answers to
 * the caller's commands, none of them an error.
 */
MUST_CHECK enum result work_run(struct work *w);
/* Releases all, counts an outage, and returns r. */
enum result work_end(struct work *w, enum result r);

#endif
