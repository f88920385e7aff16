/* JSON written out, where a tree of values would cost more than the text; base/json.h is for all else. */
#ifndef ONEDOOR_BASE_JSON_WRITE_H
#define ONEDOOR_BASE_JSON_WRITE_H

#include "server/base/buf.h"

/* The string with its quotes. Bytes that are no UTF-8 become question marks, so that the text stays JSON. */
void json_write_str(struct buf *b, struct str s);
/* The same of what is known to be UTF-8, which saves looking. */
void json_write_utf8(struct buf *b, struct str s);
/* `"name":"value"`; the name is ours and holds nothing to escape. */
void json_write_member(struct buf *b, const char *name, struct str value);

/*
 * An object written from its beginning into an empty buffer: each member brings the brace or the comma that
 * stands before it, and the last brace is the caller's. An empty string is left out.
 */
void json_add_str(struct buf *b, const char *name, struct str value);
void json_add_int(struct buf *b, const char *name, int64_t value);
void json_add_true(struct buf *b, const char *name);

#endif
