#include "server/token/grant_packed.h"

#include "authn/record.h"

#include <stddef.h>

#define FIELD(kind, name)                                                                                    \
    {                                                                                                        \
#name, kind, offsetof(struct grant, name)                                                            \
    }
static const struct field fields[] = {
    FIELD(FIELD_NEEDED, client_id), FIELD(FIELD_NEEDED, subject),
    FIELD(FIELD_NEEDED, uuid),      FIELD(FIELD_NEEDED, sid),
    FIELD(FIELD_TEXT, scope),       FIELD(FIELD_TEXT, resources),
    FIELD(FIELD_TEXT, nonce),       FIELD(FIELD_FLAG, offline),
    FIELD(FIELD_LEVEL, level),      FIELD(FIELD_NEEDED, amr),
    FIELD(FIELD_NUMBER, auth_time), FIELD(FIELD_NUMBER, created),
    FIELD(FIELD_NUMBER, expires),   FIELD(FIELD_NUMBER, person_read),
    FIELD(FIELD_TEXT, mandate),     FIELD(FIELD_NUMBER, represented_read),
};
enum { FIELD_COUNT = sizeof fields / sizeof fields[0], FORMAT = 1 };

struct str grant_text(struct arena *a, const struct grant *g)
{
    struct buf out;
    record_begin(&out, FORMAT);
    bool whole = record_pack(&out, a, g, fields, FIELD_COUNT) && person_pack(&out, a, &g->person);
    if (whole && g->mandate.len > 0)
        whole = person_pack(&out, a, &g->represented);
    return record_end(&out, a, whole);
}

struct grant *grant_parse(struct arena *a, struct str gid, struct str record)
{
    struct grant *g = arena_alloc(a, sizeof *g);
    struct str rest;
    if (!g || !record_open(record, FORMAT, &rest) || !record_unpack(a, &rest, g, fields, FIELD_COUNT) ||
        !person_unpack(a, &rest, &g->person))
        return NULL;
    if (g->mandate.len > 0 && !person_unpack(a, &rest, &g->represented))
        return NULL;
    g->gid = arena_copy(a, gid);
    return rest.len == 0 && g->gid.len > 0 ? g : NULL;
}
