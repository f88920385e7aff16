/* A growing buffer with a ceiling; wiped when it grows and when it is freed. */
#ifndef ONEDOOR_BASE_BUF_H
#define ONEDOOR_BASE_BUF_H

#include "server/base/str.h"

struct buf {
    char *p;
    size_t len, cap, max, first;
    char *room;  /* where it begins, if that is the caller's */
    bool failed; /* the ceiling or memory was reached; stays, and all later adds are ignored */
};

/* `max` is the ceiling in bytes; nothing is allocated yet. */
void buf_init(struct buf *b, size_t max);
/* The same of a text that is usually `first` bytes long at most: for those it is allocated once. */
void buf_init_of(struct buf *b, size_t max, size_t first);
/* The same in `room`, which must stay where it is: only what is longer is allocated. */
void buf_init_in(struct buf *b, size_t max, char *room, size_t size);
void buf_add(struct buf *b, struct str s);
void buf_add_char(struct buf *b, char c);
/* Decimal digits. */
void buf_add_int(struct buf *b, int64_t number);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What was added; valid until the next add or buf_free. Empty when the buffer failed. */
struct str buf_str(const struct buf *b);
/* Empties it, and keeps the room for what is added next. */
void buf_clear(struct buf *b);
void buf_free(struct buf *b);

#endif
