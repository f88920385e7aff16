#include "server/token/grant_json.h"

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
enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static bool put_person(struct arena *a, json_t *object, const char *name, const struct person *p)
{
    json_t *person = person_to_json(a, p);
    return person && json_object_set(object, name, person) == 0;
}

struct str grant_text(struct arena *a, const struct grant *g)
{
    json_t *object = json_new(a);
    if (!record_write(object, g, fields, FIELD_COUNT) || !put_person(a, object, "person", &g->person))
        return STR_EMPTY;
    if (g->mandate.len > 0 && !put_person(a, object, "represented", &g->represented))
        return STR_EMPTY;
    return json_text(a, object);
}

struct grant *grant_parse(struct arena *a, struct str gid, struct str record)
{
    struct grant *g = arena_alloc(a, sizeof *g);
    const json_t *object = json_parse(a, record);
    if (!g || !object || !record_read(a, object, g, fields, FIELD_COUNT) ||
        !person_from_json(a, json_object_get(object, "person"), &g->person))
        return NULL;
    if (g->mandate.len > 0 && !person_from_json(a, json_object_get(object, "represented"), &g->represented))
        return NULL;
    g->gid = arena_copy(a, gid);
    return g->gid.len > 0 ? g : NULL;
}
