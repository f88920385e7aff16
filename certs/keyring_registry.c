#include "certs/key_entry.h"
#include "certs/keyring_internal.h"
#include "certs/rotation.h"
#include "server/base/clock.h"
#include "server/base/log.h"

#include <time.h>

enum {
    STEPS_MAX = 64,             /* of one visit to the registry */
    PAUSE_NS = 20 * 1000 * 1000 /* after another server was first, or a replica lagged */
};

static void pause_briefly(void)
{
    nanosleep(&(struct timespec){.tv_nsec = PAUSE_NS}, NULL);
}

/*
 * Reads the entries, does the first thing that the plan asks for, and reads again, until nothing is left to
 * do. Each step is one atomic change, so two servers at it together, or one that dies between two steps,
 * leave nothing that the next reading doesn't put right. *seen is what was read last (NULL if never),
 * whatever the result; the caller gives it back.
 */
static enum result settle(struct keyring *k, struct key_set **seen)
{
    for (int i = 0; i < STEPS_MAX; i++) {
        struct key_set *now = NULL;
        enum result r = key_entries_read(k, *seen ? *seen : k->set, &now);
        if (r != RESULT_OK)
            return r;
        key_set_unref(*seen);
        *seen = now;
        struct rotation_step step = rotation_plan(now, &k->config, clock_now());
        if (step.act == ROTATION_NOTHING)
            return RESULT_OK;
        r = key_entry_change(k, &step);
        if (r == RESULT_USED || r == RESULT_NOT_FOUND)
            pause_briefly();
        else if (r != RESULT_OK)
            return r;
    }
    return RESULT_UNAVAILABLE;
}

/*
 * Takes over what was read if one can sign with it. That holds even when a later change failed: a server that
 * may only read must still learn of the rotations of the others.
 */
static bool adopt(struct keyring *k, struct key_set *seen)
{
    if (!seen || !key_set_can_sign(seen)) {
        key_set_unref(seen);
        return false;
    }
    keyring_install(k, seen);
    return true;
}

enum result keyring_open(struct directory *d, const struct seal *seal, const struct keyring_config *config,
                         struct keyring **out)
{
    struct keyring *k = keyring_new(d, seal, config);
    struct key_set *seen = NULL;
    if (!k)
        return RESULT_INTERNAL;
    enum result r = settle(k, &seen);
    if (adopt(k, seen)) {
        if (r != RESULT_OK)
            LOG(LOG_LEVEL_WARN, "keys.change_failed", LOG_Z("result", result_name(r)));
        *out = k;
        return RESULT_OK;
    }
    keyring_close(k);
    return r == RESULT_OK ? RESULT_UNAVAILABLE : r;
}

enum result keyring_refresh(struct keyring *k)
{
    struct key_set *seen = NULL;
    pthread_mutex_lock(&k->work);
    enum result r = settle(k, &seen);
    if (!adopt(k, seen) && r == RESULT_OK)
        r = RESULT_INTERNAL;
    pthread_mutex_unlock(&k->work);
    return r;
}

/* The rotation itself, seen from the keys that we hold: one compare-and-swap on the next key decides it. */
static enum result rotate_once(struct keyring *k, enum jws_alg alg, const struct key_set *seen)
{
    const struct key_record *ours = key_set_active(k->set, alg);
    const struct key_record *theirs = key_set_active(seen, alg);
    const struct key_record *next = rotation_next(seen, alg);
    if (!theirs || !next)
        return RESULT_INTERNAL;
    if (ours && ours->serial != theirs->serial)
        return RESULT_USED;
    struct rotation_step step = {ROTATION_PROMOTE, alg, next->serial, next->state};
    return key_entry_change(k, &step);
}

enum result keyring_rotate(struct keyring *k, enum jws_alg alg)
{
    struct key_set *seen = NULL;
    pthread_mutex_lock(&k->work);
    enum result rotated = settle(k, &seen);
    if (rotated == RESULT_OK)
        rotated = rotate_once(k, alg, seen);
    /* Retire the old one, make the new next. If this fails, the next refresh does it. */
    enum result settled = rotated;
    if (rotated == RESULT_OK || rotated == RESULT_USED)
        settled = settle(k, &seen);
    if (!adopt(k, seen) && settled == RESULT_OK)
        settled = RESULT_INTERNAL;
    pthread_mutex_unlock(&k->work);
    return rotated == RESULT_OK ? settled : rotated;
}
