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

/* The number of groups, of which none are told any more, keeps the form of the record. */
bool person_pack(struct buf *out, struct arena *a, const struct person *p)
{
    bool whole = record_pack(out, a, p, fields, FIELD_COUNT);
    pack_number(out, 0);
    return whole && !out->failed;
}

/* Records of before an update may have some. */
static bool skip_groups(struct arena *a, struct str *rest)
{
    int64_t n;
    struct str group;
    bool good = unpack_number(rest, &n) && n >= 0;
    for (; good && n > 0; n--)
        good = unpack_text(rest, a, &group);
    return good;
}

bool person_unpack(struct arena *a, struct str *rest, struct person *out)
{
    *out = (struct person){0};
    return record_unpack(a, rest, out, fields, FIELD_COUNT) && skip_groups(a, rest);
}
