/*
 * The epoch: a name, kept in the registry and in Redis, that is part of every key. When Redis comes back
 * empty or older than it was, some server notices and moves the epoch on: nothing from before can then be
 * found.
 */
#ifndef ONEDOOR_STORE_EPOCH_H
#define ONEDOOR_STORE_EPOCH_H

#include "directory/registry.h"

struct epoch {
    char name[33];   /* 32 hexadecimal digits, NUL */
    int64_t changed; /* when it replaced another, Unix seconds; 0 for the first one ever */
    int64_t pulse;   /* how far the beat in Redis had come when last told; 0: not in use yet */
};

/* What the registry says; NOT_FOUND before the first start. */
MUST_CHECK enum result epoch_read(struct directory *d, struct epoch *out);
/* The first epoch; USED when another server made it (read it then). */
MUST_CHECK enum result epoch_create(struct directory *d, struct epoch *out);
/* Replaces `old` by a new one, compare-and-swap; USED when another server did (read it then). */
MUST_CHECK enum result epoch_advance(struct directory *d, const struct epoch *old, struct epoch *out);
/* Tells the registry how far the beat has come; USED when the epoch is no longer e. */
MUST_CHECK enum result epoch_stamp(struct directory *d, const struct epoch *e, int64_t pulse);

#endif
