/* Numbers and texts in few bytes, one behind the other: for records of which there are millions. */
#ifndef ONEDOOR_BASE_PACKED_H
#define ONEDOOR_BASE_PACKED_H

#include "server/base/arena.h"
#include "server/base/buf.h"
#include "server/base/result.h"

/* Seven bits a byte, the least first, the sign in the lowest: 1 byte up to 63, 5 for a time. */
void pack_number(struct buf *out, int64_t number);
/* Any bytes. What is base64url (random values, UUIDs, many names) takes three bytes for four characters. */
void pack_text(struct buf *out, struct arena *a, struct str text);

/* The next of *rest, which moves on. False when it is none; a number has one spelling only. */
MUST_CHECK bool unpack_number(struct str *rest, int64_t *out);
/* Into the arena, with a NUL behind it; an empty text is STR_EMPTY. */
MUST_CHECK bool unpack_text(struct str *rest, struct arena *a, struct str *out);

#endif
