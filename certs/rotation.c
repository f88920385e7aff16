#include "certs/rotation.h"

/* How long a next key has been published, at least, before age alone makes it sign: others may cache our set.
 */
enum { PUBLISHED_SECONDS = 300 };

static uint64_t highest_serial(const struct key_set *set, enum jws_alg alg)
{
    uint64_t highest = 0;
    for (size_t i = 0; i < set->n; i++) {
        if (set->v[i].pair->alg == alg && set->v[i].serial > highest)
            highest = set->v[i].serial;
    }
    return highest;
}

const struct key_record *rotation_next(const struct key_set *set, enum jws_alg alg)
{
    const struct key_record *active = key_set_active(set, alg);
    const struct key_record *next = NULL;
    for (size_t i = 0; i < set->n; i++) {
        const struct key_record *r = &set->v[i];
        bool later = !active || r->serial > active->serial;
        if (r->pair->alg == alg && r->state == KEY_NEXT && later && (!next || r->serial < next->serial))
            next = r;
    }
    return next;
}

/* Whether the active key's time is over and the next one has been known for long enough. */
static bool is_due(const struct key_record *active, const struct key_record *next,
                   const struct keyring_config *config, int64_t now)
{
    int64_t published =
        config->rotate_seconds < PUBLISHED_SECONDS ? config->rotate_seconds : PUBLISHED_SECONDS;
    return config->rotate_seconds > 0 && now - active->changed >= config->rotate_seconds &&
           now - next->created >= published;
}

/* The number of keys: one that signs and one that follows. */
static struct rotation_step plan_signing(const struct key_set *set, enum jws_alg alg,
                                         const struct keyring_config *config, int64_t now)
{
    const struct key_record *active = key_set_active(set, alg);
    const struct key_record *next = rotation_next(set, alg);
    if (!active && !next)
        return (struct rotation_step){ROTATION_CREATE_ACTIVE, alg, highest_serial(set, alg) + 1, KEY_ACTIVE};
    if (!active || (next && is_due(active, next, config, now)))
        return (struct rotation_step){ROTATION_PROMOTE, alg, next->serial, KEY_NEXT};
    if (!next)
        return (struct rotation_step){ROTATION_CREATE_NEXT, alg, highest_serial(set, alg) + 1, KEY_NEXT};
    return (struct rotation_step){ROTATION_NOTHING, alg, 0, KEY_NEXT};
}

/* What stands behind the signing key: whatever is older has had its time. */
static struct rotation_step plan_leaving(const struct key_set *set, enum jws_alg alg,
                                         const struct keyring_config *config, int64_t now)
{
    const struct key_record *active = key_set_active(set, alg);
    for (size_t i = 0; active && i < set->n; i++) {
        const struct key_record *r = &set->v[i];
        if (r->pair->alg != alg)
            continue;
        if (r->state != KEY_RETIRED && r->serial < active->serial)
            return (struct rotation_step){ROTATION_RETIRE, alg, r->serial, r->state};
        if (!key_record_verifies(r, now, config->overlap_seconds))
            return (struct rotation_step){ROTATION_REMOVE, alg, r->serial, KEY_RETIRED};
    }
    return (struct rotation_step){ROTATION_NOTHING, alg, 0, KEY_NEXT};
}

struct rotation_step rotation_plan(const struct key_set *set, const struct keyring_config *config,
                                   int64_t now)
{
    for (unsigned i = 0; i < JWS_ALG_COUNT; i++) {
        struct rotation_step leaving = plan_leaving(set, (enum jws_alg)i, config, now);
        if (leaving.act == ROTATION_RETIRE)
            return leaving;
        struct rotation_step signing = plan_signing(set, (enum jws_alg)i, config, now);
        if (signing.act != ROTATION_NOTHING)
            return signing;
        if (leaving.act != ROTATION_NOTHING)
            return leaving;
    }
    return (struct rotation_step){ROTATION_NOTHING, JWS_ES256, 0, KEY_NEXT};
}
