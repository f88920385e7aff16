/*
 * The version is odd while words are written. Every word is stored with release and loaded with acquire: who
 * loads one that is being put sees, behind it, at least the odd version that stood before it, and so a
 * version other than the one it began with.
 */
#include "server/base/glance.h"

#include <assert.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

enum { WORD = sizeof(uint64_t) };

static size_t part_of(size_t size, size_t at)
{
    return size - at < WORD ? size - at : WORD;
}

void glance_put(struct glance *g, const void *value, size_t size)
{
    assert(size <= GLANCE_WORDS * WORD);
    unsigned before = atomic_load_explicit(&g->version, memory_order_relaxed);
    atomic_store_explicit(&g->version, before + 1, memory_order_relaxed);
    for (size_t at = 0; at < size; at += WORD) {
        uint64_t word = 0;
        memcpy(&word, (const char *)value + at, part_of(size, at));
        atomic_store_explicit(&g->words[at / WORD], word, memory_order_release);
    }
    atomic_store_explicit(&g->version, before + 2, memory_order_release);
}

static bool try_get(const struct glance *g, void *value, size_t size)
{
    unsigned before = atomic_load_explicit(&g->version, memory_order_acquire);
    for (size_t at = 0; at < size; at += WORD) {
        uint64_t word = atomic_load_explicit(&g->words[at / WORD], memory_order_acquire);
        memcpy((char *)value + at, &word, part_of(size, at));
    }
    unsigned after = atomic_load_explicit(&g->version, memory_order_relaxed);
    return before == after && before % 2 == 0;
}

void glance_get(const struct glance *g, void *value, size_t size)
{
    assert(size <= GLANCE_WORDS * WORD);
    /* The writer needs some nanoseconds, unless it lost its core just now. */
    for (unsigned tries = 1; !try_get(g, value, size); tries++)
        if (tries % 64 == 0)
            sched_yield();
}
