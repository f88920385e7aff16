/*
 * The person of a `sub` or uuid: from memory while the feed keeps that true. When the feed is lost and the
 * directory answers others all the same, it is asked; when it is away, memory is what there is.
 */
#include "directory/live_parts.h"

#include "server/base/clock.h"

/* A feed finds back within that time when the directory is there. A directory that is not is tried so often.
 */
enum { FEED_RETURNS_MS = 5000, TRY_MS = 1000 };

/* Whether what is in memory may be taken without asking. One thread tries the directory now and then. */
static bool memory_is_true(struct people_part *p)
{
    long long lost = atomic_load(&p->lost_at), now = clock_monotonic_ms();
    if (lost == 0 || now - lost < FEED_RETURNS_MS)
        return true;
    if (now < atomic_load(&p->answers_until))
        return false;
    long long next = atomic_load(&p->next_try);
    return now < next || !atomic_compare_exchange_strong(&p->next_try, &next, now + TRY_MS);
}

/* Who was asked for, in memory or in the directory. */
struct question {
    bool (*find)(struct known *k, struct arena *a, struct str key, struct subject *out);
    enum result (*ask)(struct directory *d, struct arena *a, struct str key, struct person **out);
};

/* Of the directory, and remembered for the next who asks. */
static enum result take_in(struct live *l, uint64_t moment, const struct person *p, struct subject *out)
{
    unsigned char bytes[UUID_SIZE];
    if (!subject_of_person(p, out))
        return RESULT_INTERNAL;
    bool held = out->disabled && uuid_of_text(p->uuid, bytes) &&
                leavers_holds(l->people.leavers, (struct str){(const char *)bytes, UUID_SIZE});
    if (held)
        out->disabled = false;
    else
        known_fill(l->people.known, moment, out);
    return RESULT_OK;
}

static enum result ask(struct live *l, struct arena *a, const struct question *q, struct str key,
                       struct subject *out)
{
    struct person *p = NULL;
    uint64_t moment = known_moment(l->people.known);
    enum result r = q->ask(l->directory, a, key, &p);
    return r == RESULT_OK ? take_in(l, moment, p, out) : r;
}

static enum result answer(struct live *l, struct arena *a, const struct question *q, struct str key,
                          struct subject *out)
{
    struct subject known;
    bool found = q->find(l->people.known, a, key, &known);
    if (found && memory_is_true(&l->people)) {
        *out = known;
        return RESULT_OK;
    }
    enum result r = ask(l, a, q, key, out);
    if (found && (r == RESULT_OK || r == RESULT_NOT_FOUND))
        atomic_store(&l->people.answers_until, clock_monotonic_ms() + TRY_MS);
    if (!found || r == RESULT_OK || r == RESULT_NOT_FOUND)
        return r;
    *out = known;
    return RESULT_OK;
}

enum result live_subject(struct live *l, struct arena *a, struct str sub, struct subject *out)
{
    static const struct question q = {known_find, person_by_subject};
    return answer(l, a, &q, sub, out);
}

enum result live_subject_by_uuid(struct live *l, struct arena *a, struct str uuid, struct subject *out)
{
    static const struct question q = {known_find_uuid, person_by_uuid};
    return answer(l, a, &q, uuid, out);
}

bool live_subject_known(struct live *l, struct arena *a, struct str sub, struct subject *out)
{
    return known_find(l->people.known, a, sub, out) && memory_is_true(&l->people);
}
