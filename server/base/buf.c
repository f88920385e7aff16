#include "server/base/buf.h"

#include "server/base/secret.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){.max = max};
}

/* One byte more than was asked for, because vsnprintf ends what it writes with a NUL. */
static bool make_room(struct buf *b, size_t more)
{
    if (b->failed || more > b->max - b->len) {
        b->failed = true;
        return false;
    }
    size_t need = b->len + more + 1;
    if (need <= b->cap)
        return true;
    size_t cap = b->cap > b->max / 2 ? b->max + 1 : b->cap * 2;
    if (cap < 256 && b->max >= 256)
        cap = 256;
    if (cap < need)
        cap = need;

    char *p = malloc(cap);
    if (!p) {
        b->failed = true;
        return false;
    }
    if (b->len > 0)
        memcpy(p, b->p, b->len);
    wipe(b->p, b->len);
    free(b->p);
    b->p = p;
    b->cap = cap;
    return true;
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
    buf_add(b, (struct str){&c, 1});
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
    wipe(b->p, b->len);
    free(b->p);
    *b = (struct buf){.max = b->max};
}
