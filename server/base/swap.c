/*
 * A reader goes through a door: it counts itself at the door, loads the pointer, counts itself at the value,
 * and leaves the door. A writer first replaces the pointer and then sees every door empty once: whoever
 * loaded the old pointer has by then been counted at the old value, and nobody can load it any more. From
 * that moment the counts of the old value only fall; when all of them are zero, it is released.
 *
 * Doors and counts are spread over cache lines by thread. A count is taken back where it was made, so every
 * single one is zero at the end, whichever thread takes it back.
 */
#include "server/base/swap.h"

#include "server/base/spread.h"

#include <sched.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdlib.h>

struct count {
    alignas(CACHE_LINE) atomic_ulong n;
};

struct held {
    struct count readers[SPREAD];
    void *value;
    struct held *next; /* among those that were replaced */
};

struct swap {
    struct count doors[SPREAD];
    _Atomic(struct held *) now;
    void (*release)(void *value);
    struct held *replaced; /* the writer's */
};

struct swap *swap_new(void (*release)(void *value))
{
    struct swap *s = aligned_alloc(CACHE_LINE, sizeof *s);
    if (!s)
        return NULL;
    for (int i = 0; i < SPREAD; i++)
        atomic_init(&s->doors[i].n, 0);
    atomic_init(&s->now, NULL);
    s->release = release;
    s->replaced = NULL;
    return s;
}

static void hold_free(struct swap *s, struct held *h)
{
    s->release(h->value);
    free(h);
}

void swap_free(struct swap *s)
{
    if (!s)
        return;
    struct held *h = atomic_load(&s->now);
    if (h)
        hold_free(s, h);
    while ((h = s->replaced) != NULL) {
        s->replaced = h->next;
        hold_free(s, h);
    }
    free(s);
}

static void done(void *count)
{
    atomic_ulong *n = count;
    atomic_fetch_sub_explicit(n, 1, memory_order_release);
}

const void *swap_read(struct swap *s, struct arena *a)
{
    unsigned place = spread_place();
    atomic_fetch_add(&s->doors[place].n, 1);
    struct held *h = atomic_load(&s->now);
    if (h)
        atomic_fetch_add(&h->readers[place].n, 1);
    atomic_fetch_sub_explicit(&s->doors[place].n, 1, memory_order_release);
    return h && arena_own(a, done, &h->readers[place].n) ? h->value : NULL;
}

/* Between counting itself and leaving, a reader does nothing that could take long. */
static void see_doors_empty(struct swap *s)
{
    for (int i = 0; i < SPREAD; i++)
        while (atomic_load(&s->doors[i].n) != 0)
            sched_yield();
}

static bool is_read(struct held *h)
{
    for (int i = 0; i < SPREAD; i++)
        if (atomic_load_explicit(&h->readers[i].n, memory_order_acquire) != 0)
            return true;
    return false;
}

static void release_unread(struct swap *s)
{
    struct held **at = &s->replaced;
    while (*at) {
        struct held *h = *at;
        if (is_read(h)) {
            at = &h->next;
            continue;
        }
        *at = h->next;
        hold_free(s, h);
    }
}

bool swap_put(struct swap *s, void *value)
{
    struct held *h = aligned_alloc(CACHE_LINE, sizeof *h);
    if (!h) {
        s->release(value);
        return false;
    }
    for (int i = 0; i < SPREAD; i++)
        atomic_init(&h->readers[i].n, 0);
    h->value = value;
    struct held *old = atomic_exchange(&s->now, h);
    see_doors_empty(s);
    if (old) {
        old->next = s->replaced;
        s->replaced = old;
    }
    release_unread(s);
    return true;
}
