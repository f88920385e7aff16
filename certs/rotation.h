/* What the age and number of the keys demand: a plan of one step, made from one reading. Inside certs/ only.
 */
#ifndef ONEDOOR_CERTS_ROTATION_H
#define ONEDOOR_CERTS_ROTATION_H

#include "certs/key_set.h"

enum rotation_act {
    ROTATION_NOTHING,
    ROTATION_CREATE_ACTIVE, /* neither an active nor a next key */
    ROTATION_CREATE_NEXT,
    ROTATION_PROMOTE, /* next → active */
    ROTATION_RETIRE,  /* → retired */
    ROTATION_REMOVE   /* retired, and all that it signed has expired */
};

struct rotation_step {
    enum rotation_act act;
    enum jws_alg alg;
    uint64_t serial;     /* of the key to make, change or remove */
    enum key_state from; /* the state that a key to change must still have */
};

/*
 * The one thing to do first. A rotation is PROMOTE, then RETIRE, then CREATE_NEXT: cut off anywhere, there is
 * a key that signs, and the same plan made from what is left goes on from there.
 */
struct rotation_step rotation_plan(const struct key_set *set, const struct keyring_config *config,
                                   int64_t now);

/* The key that becomes active next: the oldest next one behind the active; NULL when there is none. */
const struct key_record *rotation_next(const struct key_set *set, enum jws_alg alg);

#endif
