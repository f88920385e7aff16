#include "server/base/arena.h"

#include "server/base/secret.h"

#include <pthread.h>
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under AddressSanitizer every piece is a block of its own, so that a step past its end is seen. */
#if defined(__SANITIZE_ADDRESS__)
#define BLOCK_SIZE 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define BLOCK_SIZE 0
#endif
#endif
#ifndef BLOCK_SIZE
#define BLOCK_SIZE 4000
#endif

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) unsigned char bytes[];
};

/*
 * Blocks of the usual size, wiped, that this thread gave back and will want again at its next request:
 * malloc's way for sizes like theirs costs more than most requests do otherwise.
 */
enum { SPARE_MAX = BLOCK_SIZE > 0 ? 64 : 0 };
static _Thread_local struct {
    struct block *first;
    unsigned n;
    struct arena *arena; /* one, for the same reason */
    bool watched;        /* a thread that ends gives them to malloc */
} spare;
static pthread_key_t at_thread_end;
static pthread_once_t key_made = PTHREAD_ONCE_INIT;

struct owned {
    struct owned *next;
    void (*release)(void *);
    void *what;
};

struct arena {
    struct block *blocks; /* the newest first; only it has room */
    struct owned *owned;  /* the last registered first */
    size_t left, block;
    bool failed;
};

struct arena *arena_new_of(size_t ceiling, size_t block)
{
    struct arena *a = spare.arena ? spare.arena : malloc(sizeof *a);
    spare.arena = NULL;
    if (a)
        *a = (struct arena){.left = ceiling, .block = block > BLOCK_SIZE ? BLOCK_SIZE : block};
    return a;
}

struct arena *arena_new(size_t ceiling)
{
    return arena_new_of(ceiling, BLOCK_SIZE);
}

size_t arena_size(const struct arena *a)
{
    size_t size = sizeof *a;
    for (const struct block *b = a->blocks; b; b = b->next)
        size += sizeof *b + b->size;
    return size;
}

static void free_spare(void *unused)
{
    (void)unused;
    for (struct block *b = spare.first, *next; b; b = next) {
        next = b->next;
        free(b);
    }
    free(spare.arena);
    spare.first = NULL;
    spare.arena = NULL;
    spare.n = 0;
}

static void make_key(void)
{
    if (pthread_key_create(&at_thread_end, free_spare) != 0)
        abort();
}

static bool watch_thread(void)
{
    if (!spare.watched) {
        pthread_once(&key_made, make_key);
        spare.watched = pthread_setspecific(at_thread_end, &spare) == 0;
    }
    return spare.watched;
}

static void give_back(struct block *b)
{
    if (b->size != BLOCK_SIZE || spare.n == SPARE_MAX || !watch_thread()) {
        free(b);
        return;
    }
    b->next = spare.first;
    spare.first = b;
    spare.n++;
}

static struct block *take_block(size_t room)
{
    struct block *b = spare.first;
    if (room != BLOCK_SIZE || !b)
        return room < SIZE_MAX / 2 ? malloc(sizeof *b + room) : NULL;
    spare.first = b->next;
    spare.n--;
    return b;
}

static struct block *add_block(struct arena *a, size_t size)
{
    size_t room = size > a->block ? size : a->block;
    struct block *b = take_block(room);
    if (!b)
        return NULL;
    *b = (struct block){.size = room, .next = a->blocks};
    a->blocks = b;
    return b;
}

static void *fail(struct arena *a)
{
    a->failed = true;
    return NULL;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size == 0)
        size = 1;
    if (a->failed || size > a->left)
        return fail(a);
    size_t align = alignof(max_align_t);
    struct block *b = a->blocks;
    size_t start = b ? (b->used + align - 1) / align * align : 0;
    if (!b || start > b->size || size > b->size - start) {
        b = add_block(a, size);
        start = 0;
    }
    if (!b)
        return fail(a);
    b->used = start + size;
    a->left -= size;
    /* Most requests use a part of their block: only that is cleared. */
    return memset(b->bytes + start, 0, size);
}

bool arena_failed(const struct arena *a)
{
    return a->failed;
}

struct str arena_join(struct arena *a, const struct str *parts, size_t n)
{
    size_t len = 0;
    for (size_t i = 0; i < n; i++)
        if (__builtin_add_overflow(len, parts[i].len, &len))
            return fail(a), STR_EMPTY;
    char *p = len < SIZE_MAX ? arena_alloc(a, len + 1) : fail(a);
    if (!p)
        return STR_EMPTY;
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        if (parts[i].len > 0)
            memcpy(p + at, parts[i].p, parts[i].len);
        at += parts[i].len;
    }
    return (struct str){p, len};
}

struct str arena_copy(struct arena *a, struct str s)
{
    return arena_join(a, &s, 1);
}

const char *arena_cstr(struct arena *a, struct str s)
{
    return str_has(s, '\0') ? NULL : arena_copy(a, s).p;
}

struct str arena_printf(struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        return fail(a), STR_EMPTY;

    char *p = arena_alloc(a, (size_t)len + 1);
    if (!p)
        return STR_EMPTY;
    va_start(args, format);
    (void)vsnprintf(p, (size_t)len + 1, format, args);
    va_end(args);
    return (struct str){p, (size_t)len};
}

bool arena_own(struct arena *a, void (*release)(void *), void *what)
{
    struct owned *o = arena_alloc(a, sizeof *o);
    if (!o) {
        release(what);
        return false;
    }
    *o = (struct owned){a->owned, release, what};
    a->owned = o;
    return true;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct owned *o = a->owned; o; o = o->next)
        o->release(o->what);
    for (struct block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        wipe(b->bytes, b->used);
        give_back(b);
    }
    if (SPARE_MAX > 0 && !spare.arena && watch_thread())
        spare.arena = a;
    else
        free(a);
}
