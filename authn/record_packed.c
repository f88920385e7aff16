#include "authn/record.h"

#include "server/base/acr.h"
#include "server/base/packed.h"

enum { RECORD_MAX = 256 << 10 };

void record_begin(struct buf *out, char format)
{
    buf_init(out, RECORD_MAX);
    buf_add_char(out, format);
}

struct str record_end(struct buf *out, struct arena *a, bool whole)
{
    struct str record = whole ? arena_copy(a, buf_str(out)) : STR_EMPTY;
    buf_free(out);
    return record;
}

bool record_open(struct str record, char format, struct str *rest)
{
    *rest = str_sub(record, 1, record.len);
    return record.len > 0 && record.p[0] == format;
}

static bool pack_utf8(struct buf *out, struct arena *a, struct str text)
{
    if (!str_is_utf8(text))
        return false;
    pack_text(out, a, text);
    return !out->failed;
}

static bool pack_field(struct buf *out, struct arena *a, const char *at, const struct field *f)
{
    switch (f->kind) {
    case FIELD_NEEDED:
        return ((const struct str *)(const void *)at)->len > 0 &&
               pack_utf8(out, a, *(const struct str *)(const void *)at);
    case FIELD_TEXT:
        return pack_utf8(out, a, *(const struct str *)(const void *)at);
    case FIELD_NUMBER:
        pack_number(out, *(const int64_t *)(const void *)at);
        break;
    case FIELD_FLAG:
        pack_number(out, *(const bool *)at);
        break;
    case FIELD_LEVEL:
        pack_number(out, *(const enum authn_level *)(const void *)at);
        break;
    }
    return !out->failed;
}

bool record_pack(struct buf *out, struct arena *a, const void *from, const struct field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!pack_field(out, a, (const char *)from + fields[i].offset, &fields[i]))
            return false;
    return true;
}

static bool unpack_small(struct str *rest, int64_t max, int64_t *out)
{
    return unpack_number(rest, out) && *out >= 0 && *out <= max;
}

static bool unpack_field(struct arena *a, struct str *rest, char *at, const struct field *f)
{
    int64_t n;
    switch (f->kind) {
    case FIELD_TEXT:
        return unpack_text(rest, a, (struct str *)(void *)at);
    case FIELD_NEEDED:
        return unpack_text(rest, a, (struct str *)(void *)at) && ((struct str *)(void *)at)->len > 0;
    case FIELD_NUMBER:
        return unpack_number(rest, (int64_t *)(void *)at);
    case FIELD_FLAG:
        if (!unpack_small(rest, 1, &n))
            return false;
        *(bool *)at = n == 1;
        return true;
    case FIELD_LEVEL:
        if (!unpack_small(rest, AUTHN_HIGH, &n))
            return false;
        *(enum authn_level *)(void *)at = (enum authn_level)n;
        return true;
    }
    return false;
}

bool record_unpack(struct arena *a, struct str *rest, void *to, const struct field *fields, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!unpack_field(a, rest, (char *)to + fields[i].offset, &fields[i]))
            return false;
    return true;
}
