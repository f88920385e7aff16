#include "authn/record.h"
#include "authn/session.h"
#include "server/base/packed.h"

#include <stddef.h>

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct person, name)                                                           \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, dn),         FIELD(FIELD_NEEDED, uuid),        FIELD(FIELD_NEEDED, subject),
    FIELD(FIELD_TEXT, kind),         FIELD(FIELD_TEXT, display_name),  FIELD(FIELD_TEXT, given_name),
    FIELD(FIELD_TEXT, family_name),  FIELD(FIELD_TEXT, mail),          FIELD(FIELD_TEXT, mobile),
    FIELD(FIELD_TEXT, organisation), FIELD(FIELD_TEXT, organisations), FIELD(FIELD_NUMBER, identity_level),
    FIELD(FIELD_FLAG, disabled),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

bool person_pack(struct buf *out, struct arena *a, const struct person *p)
{
    bool whole = record_pack(out, a, p, fields, FIELD_COUNT);
    pack_number(out, (int64_t)p->group_count);
    for (size_t i = 0; whole && i < p->group_count; i++) {
        whole = str_is_utf8(p->groups[i]);
        pack_text(out, a, p->groups[i]);
    }
    return whole && !out->failed;
}

/* A group takes a byte at least. */
static bool unpack_groups(struct arena *a, struct str *rest, struct person *out)
{
    int64_t n;
    if (!unpack_number(rest, &n) || n < 0 || (uint64_t)n > rest->len)
        return false;
    out->group_count = (size_t)n;
    out->groups = n > 0 ? arena_alloc(a, (size_t)n * sizeof *out->groups) : NULL;
    for (size_t i = 0; out->groups && i < out->group_count; i++)
        if (!unpack_text(rest, a, &out->groups[i]))
            return false;
    return n == 0 || out->groups;
}

bool person_unpack(struct arena *a, struct str *rest, struct person *out)
{
    *out = (struct person){0};
    return record_unpack(a, rest, out, fields, FIELD_COUNT) && unpack_groups(a, rest, out);
}
