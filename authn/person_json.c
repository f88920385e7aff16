#include "authn/record.h"
#include "authn/session.h"

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

static bool write_groups(json_t *object, const struct person *p)
{
    json_t *groups = json_array();
    bool good = groups && json_object_set_new(object, "groups", groups) == 0;
    for (size_t i = 0; good && i < p->group_count; i++) {
        json_t *dn = json_stringn(p->groups[i].p, p->groups[i].len);
        good = dn && json_array_append_new(groups, dn) == 0;
    }
    return good;
}

json_t *person_to_json(struct arena *a, const struct person *p)
{
    json_t *object = json_new(a);
    if (!object || !record_write(object, p, fields, FIELD_COUNT) || !write_groups(object, p))
        return NULL;
    return object;
}

static bool read_groups(struct arena *a, const json_t *list, struct person *out)
{
    size_t n = json_array_size(list);
    out->groups = arena_alloc(a, n * sizeof *out->groups);
    out->group_count = 0;
    for (size_t i = 0; out->groups && i < n; i++) {
        const json_t *dn = json_array_get(list, i);
        if (!json_is_string(dn))
            return false;
        struct str text = {json_string_value(dn), json_string_length(dn)};
        out->groups[out->group_count++] = arena_copy(a, text);
    }
    return json_is_array(list) && !arena_failed(a);
}

bool person_from_json(struct arena *a, const json_t *object, struct person *out)
{
    *out = (struct person){0};
    return record_read(a, object, out, fields, FIELD_COUNT) &&
           read_groups(a, json_object_get(object, "groups"), out);
}
