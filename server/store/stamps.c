#include "server/store/stamps.h"

#include "server/base/clock.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A megabyte: with a hundred thousand tokens in memory, a change takes three others with it. */
enum { SLOTS = 1 << 17, WANTED_MS = 1000, SAME_MS = 100 };

struct reader_stamps {
    _Alignas(64) atomic_llong until;
    atomic_ullong floor;
    atomic_llong wanted; /* when, roughly */
};

/*
 * Every event gets a number. A slot bears the number of its last change, a floor that of the last time when
 * everything may have changed, or everything of one reader. Whoever sees an assurance sees all that was
 * numbered before it was given.
 */
struct stamps {
    struct reader_stamps readers[STAMPS_READERS_MOST];
    atomic_ullong last, floor;
    atomic_uint reader_count;
    atomic_ullong *slots; /* apart: what nobody writes to takes no memory */
};

struct stamps *stamps_new(void)
{
    struct stamps *s = aligned_alloc(_Alignof(struct stamps), sizeof *s);
    if (!s)
        return NULL;
    memset(s, 0, sizeof *s);
    s->slots = calloc(SLOTS, sizeof *s->slots);
    if (!s->slots) {
        free(s);
        return NULL;
    }
    atomic_store(&s->floor, 1);
    atomic_store(&s->reader_count, 1);
    return s;
}

void stamps_free(struct stamps *s)
{
    if (s)
        free(s->slots);
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

unsigned stamps_add_reader(struct stamps *s)
{
    unsigned number = atomic_load(&s->reader_count);
    while (number < STAMPS_READERS_MOST)
        if (atomic_compare_exchange_weak(&s->reader_count, &number, number + 1))
            return number;
    return 0;
}

void stamps_forget_reader(struct stamps *s, unsigned reader)
{
    raise_to(&s->readers[reader % STAMPS_READERS_MOST].floor, atomic_fetch_add(&s->last, 1) + 1);
}

void stamps_assure(struct stamps *s, unsigned reader, int64_t until)
{
    atomic_llong *place = &s->readers[reader % STAMPS_READERS_MOST].until;
    long long is = atomic_load(place);
    while (is < until && !atomic_compare_exchange_weak(place, &is, until))
        ;
}

/* Many threads come by here: it is written only when it makes a difference. */
void stamps_want(struct stamps *s, unsigned reader, int64_t now)
{
    atomic_llong *wanted = &s->readers[reader % STAMPS_READERS_MOST].wanted;
    if (now - atomic_load_explicit(wanted, memory_order_relaxed) > SAME_MS)
        atomic_store_explicit(wanted, now, memory_order_relaxed);
}

bool stamps_wanted(const struct stamps *s, unsigned reader, int64_t now)
{
    const atomic_llong *wanted = &s->readers[reader % STAMPS_READERS_MOST].wanted;
    return now - atomic_load_explicit(wanted, memory_order_relaxed) < WANTED_MS;
}

bool stamps_assured(const struct stamps *s)
{
    return clock_monotonic_ms() < atomic_load(&s->readers[0].until);
}

/* The assurances are read first: they stand for all stamps from before them. */
bool stamps_hold(struct stamps *s, const struct store_watched *w)
{
    const struct reader_stamps *reader = &s->readers[w->reader % STAMPS_READERS_MOST];
    int64_t now = clock_monotonic_ms();
    stamps_want(s, w->reader, now);
    if (!w->kept || now >= atomic_load(&s->readers[0].until) || now >= atomic_load(&reader->until) ||
        w->moment < atomic_load(&s->floor) || w->moment < atomic_load(&reader->floor))
        return false;
    for (unsigned i = 0; i < w->count; i++)
        if (atomic_load(&s->slots[w->slots[i] % SLOTS]) > w->moment)
            return false;
    return true;
}
