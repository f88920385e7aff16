#include "server/access/question.h"

#include <stddef.h>

/* The members of a question, and what stands in each. */
struct member {
    const char *entity, *name;
    unsigned part;
    size_t to; /* in struct question */
};

static const struct member members[] = {
    {"subject", "type", PART_SUBJECT_TYPE, offsetof(struct question, subject.type)},
    {"subject", "id", PART_SUBJECT_ID, offsetof(struct question, subject.id)},
    {"action", "name", PART_ACTION, offsetof(struct question, action)},
    {"resource", "type", PART_RESOURCE_TYPE, offsetof(struct question, resource.type)},
    {"resource", "id", PART_RESOURCE_ID, offsetof(struct question, resource.id)},
};
enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

struct reading {
    struct arena *arena;
    const json_t *object, *defaults;
    const char *where;
    struct str *fault;
};

static bool wrong(const struct reading *r, const char *entity, const char *member, const char *what)
{
    *r->fault = arena_printf(r->arena, "%s%s%s%s %s", r->where, entity, *member ? "." : "", member, what);
    return false;
}

/* null is how some programs write what is not there (section 11.5). */
static const json_t *member_of(const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    return json_is_null(value) ? NULL : value;
}

static const json_t *entity_of(const struct reading *r, const char *name)
{
    const json_t *own = member_of(r->object, name);
    return own ? own : member_of(r->defaults, name);
}

static bool read_text(const struct reading *r, const json_t *entity, const struct member *m, struct str *out)
{
    const json_t *value = member_of(entity, m->name);
    if (!value)
        return wrong(r, m->entity, m->name, "is missing; it must be a string");
    if (!json_is_string(value))
        return wrong(r, m->entity, m->name, "must be a string");
    *out = (struct str){json_string_value(value), json_string_length(value)};
    if (out->len == 0 || out->len > QUESTION_TEXT_MAX)
        return wrong(r, m->entity, m->name, "must be a string of 1 to 512 bytes");
    return true;
}

static bool read_properties(const struct reading *r, const json_t *entity, const char *name,
                            const json_t **out)
{
    *out = member_of(entity, "properties");
    return !*out || json_is_object(*out) ? true : wrong(r, name, "properties", "must be an object");
}

static bool read_member(const struct reading *r, const struct member *m, struct question *out)
{
    const json_t *entity = entity_of(r, m->entity);
    if (!entity)
        return wrong(r, m->entity, "", "is missing; it must be an object");
    if (!json_is_object(entity))
        return wrong(r, m->entity, "", "must be an object");
    return read_text(r, entity, m, (struct str *)(void *)((char *)out + m->to));
}

/* Those of an action say nothing to our rules, but must be well-formed as the others. */
static bool read_all_properties(const struct reading *r, unsigned parts, struct question *out)
{
    const json_t *ignored;
    const struct {
        unsigned part;
        const char *name;
        const json_t **to;
    } rows[] = {
        {PART_SUBJECT_TYPE, "subject", &out->subject.properties},
        {PART_ACTION, "action", &ignored},
        {PART_RESOURCE_TYPE, "resource", &out->resource.properties},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((parts & rows[i].part) != 0 &&
            !read_properties(r, entity_of(r, rows[i].name), rows[i].name, rows[i].to))
            return false;
    return true;
}

bool question_read(struct arena *a, const json_t *object, const json_t *defaults, unsigned parts,
                   const char *where, struct question *out, struct str *fault)
{
    const struct reading r = {a, object, defaults, where, fault};
    *out = (struct question){0};
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if ((parts & members[i].part) != 0 && !read_member(&r, &members[i], out))
            return false;
    out->context = entity_of(&r, "context");
    if (out->context && !json_is_object(out->context))
        return wrong(&r, "context", "", "must be an object");
    return read_all_properties(&r, parts, out);
}

bool question_check(struct arena *a, const json_t *object, struct str *fault)
{
    struct question ignored;
    unsigned parts = 0;
    for (size_t i = 0; i < MEMBER_COUNT; i++)
        if (member_of(object, members[i].entity))
            parts |= members[i].part;
    return question_read(a, object, NULL, parts, "", &ignored, fault);
}
