#include "server/store/stamps.h"

#include "server/base/clock.h"

#include <stdatomic.h>
#include <stdlib.h>

/* A megabyte: with a hundred thousand tokens in memory, a change takes three others with it. */
enum { SLOTS = 1 << 17 };

/*
 * Every event gets a number. A slot bears the number of its last change, the floor that of the last time when
 * everything may have changed. Whoever sees an assurance sees all that was numbered before it was given.
 */
struct stamps {
    atomic_ullong last, floor;
    atomic_llong until;
    atomic_ullong slots[SLOTS];
};

struct stamps *stamps_new(void)
{
    struct stamps *s = calloc(1, sizeof *s);
    if (s)
        atomic_store(&s->floor, 1);
    return s;
}

void stamps_free(struct stamps *s)
{
    free(s);
}

uint64_t stamps_moment(const struct stamps *s)
{
    return atomic_load(&s->last);
}

/* FNV-1a: names are hashes already, and nobody gains by a collision. */
uint32_t stamps_slot(struct str key)
{
    uint64_t hash = 14695981039346656037ULL;
    for (size_t i = 0; i < key.len; i++)
        hash = (hash ^ (unsigned char)key.p[i]) * 1099511628211ULL;
    return (uint32_t)((hash ^ hash >> 32) % SLOTS);
}

/* Several threads may be at one place: the greatest number stays. */
static void raise_to(atomic_ullong *place, unsigned long long number)
{
    unsigned long long is = atomic_load(place);
    while (is < number && !atomic_compare_exchange_weak(place, &is, number))
        ;
}

void stamps_touch(struct stamps *s, uint32_t slot)
{
    raise_to(&s->slots[slot % SLOTS], atomic_fetch_add(&s->last, 1) + 1);
}

void stamps_forget(struct stamps *s)
{
    raise_to(&s->floor, atomic_fetch_add(&s->last, 1) + 1);
}

void stamps_assure(struct stamps *s, int64_t until)
{
    long long is = atomic_load(&s->until);
    while (is < until && !atomic_compare_exchange_weak(&s->until, &is, until))
        ;
}

bool stamps_assured(const struct stamps *s)
{
    return clock_monotonic_ms() < atomic_load(&s->until);
}

/* The assurance is read first: it stands for all stamps from before it. */
bool stamps_hold(const struct stamps *s, const struct store_watched *w)
{
    if (!w->kept || !stamps_assured(s) || w->moment < atomic_load(&s->floor))
        return false;
    for (unsigned i = 0; i < w->count; i++)
        if (atomic_load(&s->slots[w->slots[i] % SLOTS]) > w->moment)
            return false;
    return true;
}
