#include "directory/model/fault.h"

#include "server/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Past so many nobody reads them, and an attribute map that is wrong makes one of every entry. */
enum { FAULTS_MAX = 20000, FAULT_TEXT = 400, FAULT_MEMORY = 64 * 1024 * 1024 };

bool faults_begin(struct faults *f)
{
    *f = (struct faults){.arena = arena_new(FAULT_MEMORY)};
    return f->arena != NULL;
}

static uint64_t hash_of(uint64_t hash, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        hash = (hash ^ (unsigned char)s.p[i]) * 0x100000001b3;
    return hash * 0x100000001b3;
}

static bool make_room(struct faults *f)
{
    if (f->n < f->room)
        return true;
    size_t room = f->room ? 2 * f->room : 64;
    struct fault *more = f->room < FAULTS_MAX ? realloc(f->v, room * sizeof *more) : NULL;
    if (!more)
        return false;
    f->v = more;
    f->room = room;
    return true;
}

void faults_add_text(struct faults *f, struct str dn, struct str why)
{
    if (!make_room(f))
        return;
    struct fault fault = {.dn = arena_copy(f->arena, dn), .why = arena_copy(f->arena, why)};
    fault.hash = hash_of(hash_of(0xcbf29ce484222325, dn), why);
    if (!arena_failed(f->arena))
        f->v[f->n++] = fault;
}

void faults_add(struct faults *f, struct str dn, const char *format, ...)
{
    char text[FAULT_TEXT];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    faults_add_text(f, dn, str_of(text));
}

static int by_hash(const void *pa, const void *pb)
{
    const struct fault *a = pa, *b = pb;
    return (a->hash > b->hash) - (a->hash < b->hash);
}

void faults_log_new(struct faults *now, const struct faults *before)
{
    if (now->n > 0)
        qsort(now->v, now->n, sizeof *now->v, by_hash);
    for (size_t i = 0; i < now->n; i++) {
        if (before->n > 0 && bsearch(&now->v[i], before->v, before->n, sizeof *before->v, by_hash))
            continue;
        LOG(LOG_LEVEL_WARN, "model.entry_not_valid", LOG_STR("dn", now->v[i].dn),
            LOG_STR("why", now->v[i].why));
    }
}

void faults_free(struct faults *f)
{
    arena_free(f->arena);
    free(f->v);
    *f = (struct faults){0};
}
