/* Structures as records for the store, by a table of their fields: as JSON objects, or packed. */
#ifndef ONEDOOR_AUTHN_RECORD_H
#define ONEDOOR_AUTHN_RECORD_H

#include "server/base/buf.h"
#include "server/base/json.h"
#include "server/base/result.h"

enum field_kind {
    FIELD_TEXT,   /* struct str; empty ones are left out */
    FIELD_NEEDED, /* struct str that may not be empty */
    FIELD_NUMBER, /* int64_t */
    FIELD_FLAG,   /* bool */
    FIELD_LEVEL   /* enum authn_level */
};

struct field {
    const char *name;
    enum field_kind kind;
    size_t offset;
};

/* False when some field did not get in: lack of memory, a text that is no UTF-8. Nothing is lost silently. */
bool record_write(json_t *out, const void *from, const struct field *fields, size_t n);
/*
 * Texts are copied into the arena. False when a field other than FIELD_TEXT is missing, or any is of another
 * type: a record that lost a field must not pass for one that never had it.
 */
bool record_read(struct arena *a, const json_t *in, void *to, const struct field *fields, size_t n);

/*
 * Packed, where there are many: a byte that says the format, then the values alone, so a changed table is
 * another format. What is built of several tables, and more, is what is packed between begin and end.
 */
void record_begin(struct buf *out, char format);
/* False when a needed text is empty, a text no UTF-8, or memory out. */
bool record_pack(struct buf *out, struct arena *a, const void *from, const struct field *fields, size_t n);
/* The record, in the arena; STR_EMPTY unless all of it was packed. Wipes and frees the buffer. */
struct str record_end(struct buf *out, struct arena *a, bool whole);

/* *rest is what stands behind the format; false when that is another one. */
MUST_CHECK bool record_open(struct str record, char format, struct str *rest);
/* As record_read; *rest moves behind what was read, and is empty behind the last. */
MUST_CHECK bool record_unpack(struct arena *a, struct str *rest, void *to, const struct field *fields,
                              size_t n);

#endif
