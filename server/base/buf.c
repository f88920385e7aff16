#include "server/base/buf.h"

#include "server/base/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 256 };

void buf_init(struct buf *b, size_t max)
{
    buf_init_of(b, max, FIRST);
}

void buf_init_of(struct buf *b, size_t max, size_t first)
{
    *b = (struct buf){.max = max, .first = first};
}

void buf_init_in(struct buf *b, size_t max, char *room, size_t size)
{
    *b =
        (struct buf){.p = room, .cap = size < max ? size : max + 1, .max = max, .first = FIRST, .room = room};
}

/* Wipes it and gives it back. */
static void drop(struct buf *b)
{
    wipe(b->p, b->len);
    if (b->p != b->room)
        free(b->p);
}

static bool grow(struct buf *b, size_t need)
{
    size_t cap = b->cap > b->max / 2 ? b->max + 1 : b->cap * 2;
    if (cap < b->first && b->max >= b->first)
        cap = b->first;
    if (cap < need)
        cap = need;

    char *p = malloc(cap);
    if (!p) {
        b->failed = true;
        return false;
    }
    if (b->len > 0)
        memcpy(p, b->p, b->len);
    drop(b);
    b->p = p;
    b->cap = cap;
    return true;
}

/* One byte more than was asked for, because vsnprintf ends what it writes with a NUL. */
static inline bool make_room(struct buf *b, size_t more)
{
    if (b->failed || more > b->max - b->len) {
        b->failed = true;
        return false;
    }
    size_t need = b->len + more + 1;
    return need <= b->cap || grow(b, need);
}

void buf_add(struct buf *b, struct str s)
{
    if (s.len == 0 || !make_room(b, s.len))
        return;
    memcpy(b->p + b->len, s.p, s.len);
    b->len += s.len;
}

void buf_add_char(struct buf *b, char c)
{
    if (make_room(b, 1))
        b->p[b->len++] = c;
}

void buf_add_int(struct buf *b, int64_t number)
{
    struct digits room;
    buf_add(b, str_of_int(&room, number));
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0)
        b->failed = true;
    if (len <= 0 || !make_room(b, (size_t)len))
        return;

    va_start(args, format);
    (void)vsnprintf(b->p + b->len, (size_t)len + 1, format, args);
    va_end(args);
    b->len += (size_t)len;
}

struct str buf_str(const struct buf *b)
{
    return b->failed ? STR_EMPTY : (struct str){b->p, b->len};
}

void buf_clear(struct buf *b)
{
    if (b->len > 0)
        wipe(b->p, b->len);
    b->len = 0;
    b->failed = false;
}

void buf_free(struct buf *b)
{
    drop(b);
    buf_init_of(b, b->max, b->first);
}
